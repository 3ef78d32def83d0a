/** A rule of the payload that does not hold. */
export class BuildError extends Error {
  constructor(thing: string, rule: string, value: unknown, options?: ErrorOptions) {
    super(`${thing} ${rule}, received ${JSON.stringify(value)}`, options);
    this.name = 'BuildError';
  }
}

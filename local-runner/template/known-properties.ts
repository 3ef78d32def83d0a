/** @throws Error that names a property which is given and not known */
export function requireKnownProperties(value: object, known: readonly string[], at: string): void {
  const unknown = Object.keys(value).find((property) => !known.includes(property));
  if (unknown !== undefined) throw new Error(`${at} has ${unknown}, which the local runner does not know`);
}

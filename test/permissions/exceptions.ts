import type { Statement } from './account';

interface Exception {
  readonly right: RegExp;
  readonly reason: string;
}

/** Rights that no call needs, each with its reason. */
export class Exceptions {
  public constructor(private readonly list: readonly Exception[]) {}

  public covers(right: string): boolean {
    return this.list.some((exception) => exception.right.test(right));
  }

  /**
   * What is wrong with the rights of a role, as `action resource`.
   *
   * @param all that it has
   * @param unused of these, those that no call needs
   */
  public problems(all: readonly string[], unused: readonly string[]): string[] {
    return [
      ...unused.filter((right) => !this.covers(right)).map((right) => `nothing needs ${right}`),
      ...all.filter((right) => this.covers(right) && !unused.includes(right)).map((right) => `an exception, and needed: ${right}`),
    ];
  }

  /** Those of which no statement gives the right any more. */
  public outdated(statements: readonly Statement[]): Exception[] {
    const rights = statements.flatMap(({ Action, Resource }) => [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${resource}`)));
    return this.list.filter((exception) => !rights.some((right) => exception.right.test(right)));
  }
}

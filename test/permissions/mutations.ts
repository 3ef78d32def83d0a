import { Account, Statement } from './account';

/** The account without this statement, wherever it stands. */
export function without(account: Account, dropped: Statement): Account {
  return account.with((statement) => (same(statement, dropped) ? [] : [statement]));
}

/** The account with this statement changed, wherever it stands; undefined takes an element out. */
export function changing(account: Account, changed: Statement, to: Partial<Statement>): Account {
  const entries = Object.entries({ ...changed, ...to }).filter(([, value]) => value !== undefined);
  const other = Object.fromEntries(entries) as unknown as Statement;
  return account.with((statement) => [same(statement, changed) ? other : statement]);
}

/** Every action of the services that the statement is about. */
export function allActions({ Action }: Statement): string[] {
  return [...new Set([Action].flat().map((action) => action.replace(/:.*/, ':*')))];
}

function same(a: Statement, b: Statement): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

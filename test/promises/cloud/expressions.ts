/** DynamoDB's update and condition expressions on plain items. */

export type Item = Record<string, unknown>;

export interface ExpressionInput {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

/** What DynamoDB answers with a `ValidationException`. */
export class InvalidExpression extends Error {}

/** Reads operands of one item. */
interface Scope {
  readonly item: Item;
  readonly names: Record<string, string>;
  readonly values: Record<string, unknown>;
}

type Operand = (scope: Scope) => unknown;
type Test = (scope: Scope) => boolean;
type Action = (next: Item, scope: Scope) => void;

/** An expression, parsed once: the same few come again and again. */
interface Parsed<T> {
  readonly result: T;
  readonly placeholders: readonly string[];
  /** Attributes that an update writes, by placeholder. */
  readonly targets: readonly string[];
}

export function holds(item: Item, input: ExpressionInput): boolean {
  return !input.ConditionExpression || conditionOf(input.ConditionExpression).result(scopeOf(item, input));
}

/** The item after the update; the given one is not changed. */
export function apply(item: Item, input: ExpressionInput): Item {
  const next = { ...item };
  const scope = scopeOf(item, input);
  for (const action of updateOf(input.UpdateExpression ?? '').result) action(next, scope);
  return next;
}

/** @throws InvalidExpression for what DynamoDB refuses whatever the item is */
export function validate(input: ExpressionInput): void {
  const update = input.UpdateExpression === undefined ? undefined : updateOf(input.UpdateExpression);
  const condition = input.ConditionExpression === undefined ? undefined : conditionOf(input.ConditionExpression);
  const used = new Set([...update?.placeholders ?? [], ...condition?.placeholders ?? []]);
  for (const placeholder of [...Object.keys(input.ExpressionAttributeNames ?? {}), ...Object.keys(input.ExpressionAttributeValues ?? {})]) {
    if (!used.delete(placeholder)) throw new InvalidExpression(`unused ${placeholder}`);
  }
  if (used.size > 0) throw new InvalidExpression(`undefined ${[...used].join()}`);
  for (const [placeholder, value] of Object.entries(input.ExpressionAttributeValues ?? {})) {
    if (value === undefined || value instanceof Set && value.size === 0) throw new InvalidExpression(`empty ${placeholder}`);
  }
  const targets = (update?.targets ?? []).map((path) => path.split('.').map((part) => input.ExpressionAttributeNames?.[part] ?? part).join('.'));
  for (const [at, target] of targets.entries()) {
    const overlaps = (other: string) => other === target || other.startsWith(`${target}.`) || target.startsWith(`${other}.`);
    if (targets.slice(at + 1).some(overlaps)) throw new InvalidExpression(`two changes of ${target}`);
  }
}

const conditions = new Map<string, Parsed<Test>>();
const updates = new Map<string, Parsed<readonly Action[]>>();

function conditionOf(text: string): Parsed<Test> {
  return remembered(conditions, text, () => {
    const parser = new Parser(text);
    return { result: parser.whole(() => parser.condition()), placeholders: parser.placeholders, targets: [] };
  });
}

function updateOf(text: string): Parsed<readonly Action[]> {
  return remembered(updates, text, () => {
    const parser = new Parser(text);
    return { result: parser.whole(() => parser.update()), placeholders: parser.placeholders, targets: parser.targets };
  });
}

function remembered<T>(known: Map<string, T>, text: string, parse: () => T): T {
  let found = known.get(text);
  if (!found) known.set(text, found = parse());
  return found;
}

function scopeOf(item: Item, { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} }: ExpressionInput): Scope {
  return { item, names: ExpressionAttributeNames, values: ExpressionAttributeValues };
}

class Parser {
  readonly placeholders: string[] = [];
  readonly targets: string[] = [];
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(private readonly text: string) {
    this.tokens = text.match(/[(),+]|<=|>=|<>|<|>|=|-(?!\w)|[#:.\w-]+/g) ?? [];
  }

  whole<T>(parse: () => T): T {
    const result = parse();
    if (this.at < this.tokens.length) this.fail();
    return result;
  }

  /** `NOT` binds closest, then `AND`, then `OR`. */
  condition(): Test {
    const either = [this.conjunction()];
    while (this.skip('OR')) either.push(this.conjunction());
    return either.length === 1 ? either[0] : (scope) => either.some((test) => test(scope));
  }

  update(): Action[] {
    const actions: Action[] = [];
    while (this.at < this.tokens.length) {
      const clause = this.next();
      do actions.push(this.action(clause)); while (this.skip(','));
    }
    return actions;
  }

  private conjunction(): Test {
    const all = [this.negation()];
    while (this.skip('AND')) all.push(this.negation());
    return all.length === 1 ? all[0] : (scope) => all.every((test) => test(scope));
  }

  private negation(): Test {
    if (!this.skip('NOT')) return this.test();
    const negated = this.negation();
    return (scope) => !negated(scope);
  }

  private test(): Test {
    if (this.skip('(')) {
      const inner = this.condition();
      this.expect(')');
      return inner;
    }
    const word = this.peek();
    if (word === 'attribute_exists' || word === 'attribute_not_exists') {
      const [path] = this.call(1);
      return (scope) => (path(scope) !== undefined) === (word === 'attribute_exists');
    }
    if (word === 'contains') {
      const [container, member] = this.call(2);
      return (scope) => contains(container(scope), member(scope));
    }
    if (word === 'begins_with') {
      const [whole, start] = this.call(2);
      return (scope) => typeof whole(scope) === 'string' && (whole(scope) as string).startsWith(start(scope) as string);
    }
    return this.comparison(this.operand());
  }

  private comparison(left: Operand): Test {
    const comparator = this.next();
    if (comparator === 'IN') {
      this.expect('(');
      const members = [this.operand()];
      while (this.skip(',')) members.push(this.operand());
      this.expect(')');
      return (scope) => members.some((member) => compare(left(scope), '=', member(scope)));
    }
    if (!['=', '<>', '<', '<=', '>', '>='].includes(comparator)) this.fail();
    const right = this.operand();
    return (scope) => compare(left(scope), comparator, right(scope));
  }

  private operand(): Operand {
    if (this.peek() !== 'size') return this.path();
    const [of] = this.call(1);
    return (scope) => sizeOf(of(scope));
  }

  private action(clause: string): Action {
    if (clause === 'SET') return this.set();
    const target = this.target();
    if (clause === 'REMOVE') return (next, scope) => change(next, target, scope, () => undefined);
    const value = this.path();
    if (clause === 'ADD') return (next, scope) => change(next, target, scope, (before) => added(before, value(scope)));
    if (clause === 'DELETE') return (next, scope) => change(next, target, scope, (before) => without(before, value(scope) as Set<unknown>));
    return this.fail();
  }

  private set(): Action {
    const target = this.target();
    this.expect('=');
    let value = this.value();
    const sign = this.peek();
    if (sign === '+' || sign === '-') {
      this.next();
      const [left, right] = [value, this.value()];
      value = (scope) => numberOf(left(scope)) + (sign === '+' ? 1 : -1) * numberOf(right(scope));
    }
    return (next, scope) => {
      const assigned = value(scope);
      if (assigned === undefined) throw new InvalidExpression(`no value of ${target}`);
      change(next, target, scope, () => assigned);
    };
  }

  private value(): Operand {
    if (this.peek() !== 'if_not_exists') return this.path();
    const [path, fallback] = this.call(2);
    return (scope) => path(scope) ?? fallback(scope);
  }

  /** A function's operands. */
  private call(count: number): Operand[] {
    this.next();
    this.expect('(');
    const operands = [this.path()];
    while (this.skip(',')) operands.push(this.path());
    this.expect(')');
    if (operands.length !== count) this.fail();
    return operands;
  }

  private target(): string {
    const path = this.next();
    this.note(path);
    this.targets.push(path);
    return path;
  }

  private path(): Operand {
    const path = this.next();
    this.note(path);
    if (path.startsWith(':')) return ({ values }) => values[path];
    const parts = path.split('.');
    return ({ item, names }) => parts.reduce<unknown>((node, part) => (isMap(node) ? node[names[part] ?? part] : undefined), item);
  }

  private note(path: string): void {
    this.placeholders.push(...path.split('.').filter((part) => /^[#:]/.test(part)));
  }

  private peek(): string | undefined {
    return this.tokens[this.at];
  }

  private next(): string {
    return this.tokens[this.at++] ?? this.fail();
  }

  private skip(token: string): boolean {
    if (this.peek() !== token) return false;
    this.at += 1;
    return true;
  }

  private expect(token: string): void {
    if (!this.skip(token)) this.fail();
  }

  private fail(): never {
    throw new InvalidExpression(`unexpected ${JSON.stringify(this.tokens[this.at] ?? 'end')} in ${JSON.stringify(this.text)}`);
  }
}

/** Orders are false for missing operands and for other types; `<>` is true. */
function compare(left: unknown, comparator: string, right: unknown): boolean {
  if (comparator === '<>') return left !== right;
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  switch (comparator) {
    case '=': return left === right;
    case '<': return (left as string) < (right as string);
    case '<=': return (left as string) <= (right as string);
    case '>': return (left as string) > (right as string);
    default: return (left as string) >= (right as string);
  }
}

function contains(container: unknown, member: unknown): boolean {
  if (container instanceof Set) return container.has(member);
  return typeof container === 'string' && container.includes(member as string);
}

function sizeOf(value: unknown): number | undefined {
  if (value instanceof Set) return value.size;
  if (typeof value === 'string') return Buffer.byteLength(value);
  return isMap(value) ? Object.keys(value).length : undefined;
}

/** Changes one attribute, or one within maps, which have to be there. */
function change(next: Item, target: string, { names }: Scope, to: (before: unknown) => unknown): void {
  const path = target.split('.').map((part) => names[part] ?? part);
  const last = path.pop()!;
  let node = next;
  for (const name of path) {
    if (!isMap(node[name])) throw new InvalidExpression(`no map at ${name}`);
    node = node[name] = { ...node[name] as Item };
  }
  const after = to(node[last]);
  if (after === undefined) delete node[last];
  else node[last] = after;
}

function added(before: unknown, value: unknown): unknown {
  if (value instanceof Set) return new Set([...before as Set<unknown> ?? [], ...value]);
  return (before as number ?? 0) + (value as number);
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new InvalidExpression('no number to count with');
  return value;
}

function without(before: unknown, members: Set<unknown>): unknown {
  const left = new Set([...before as Set<unknown> ?? []].filter((member) => !members.has(member)));
  return left.size > 0 ? left : undefined;
}

function isMap(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !(value instanceof Set);
}

/** DynamoDB's update and condition expressions, as far as the handler uses them, on plain items. */

export type Item = Record<string, unknown>;

export interface ExpressionInput {
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, unknown>;
}

export function holds(item: Item, input: ExpressionInput): boolean {
  if (!input.ConditionExpression) return true;
  const tokens = input.ConditionExpression.match(/[()]|<=|<>|<|=|[#:.\w]+/g) ?? [];
  const parser = new ConditionParser(tokens, (path) => valueAt(item, path, input));
  return parser.parse();
}

/** The item after the update; the given one is not changed. */
export function apply(item: Item, input: ExpressionInput): Item {
  const next: Item = { ...item };
  for (const [, keyword, body] of (input.UpdateExpression ?? '').matchAll(/(SET|ADD|REMOVE|DELETE) (.*?)(?= (?:SET|ADD|REMOVE|DELETE) |$)/g)) {
    for (const action of splitActions(body)) {
      if (keyword === 'REMOVE') {delete next[nameOf(action, input)];} else if (keyword === 'DELETE') {
        const [target, value] = action.split(' ');
        const left = [...(next[nameOf(target, input)] as Set<string> ?? [])].filter((one) => !(valueAt(next, value, input) as Set<string>).has(one));
        if (left.length) next[nameOf(target, input)] = new Set(left); else delete next[nameOf(target, input)];
      } else if (keyword === 'ADD') {addToSet(next, action, input);} else {assign(next, item, action, input);}
    }
  }
  return next;
}

/** `<` and `<=` are false for missing operands, `<>` is true, as in DynamoDB. */
class ConditionParser {
  private at = 0;

  constructor(private readonly tokens: readonly string[], private readonly value: (path: string) => unknown) {}

  parse(): boolean {
    const result = this.operand();
    if (this.at < this.tokens.length) throw new Error(`unexpected ${this.tokens[this.at]}`);
    return result;
  }

  private operand(): boolean {
    const token = this.next();
    if (token === 'attribute_not_exists') {
      this.expect('(');
      const missing = this.value(this.next()) === undefined;
      this.expect(')');
      return missing;
    }
    if (token === '(') return this.group();
    return compare(this.value(token), this.next(), this.value(this.next()));
  }

  private group(): boolean {
    const results = [this.operand()];
    let operator: string | undefined;
    for (let token = this.next(); token !== ')'; token = this.next()) {
      if (operator !== undefined && operator !== token) throw new Error(`mixed ${operator} and ${token} without parentheses`);
      operator = token;
      results.push(this.operand());
    }
    return operator === 'OR' ? results.some(Boolean) : results.every(Boolean);
  }

  private next(): string {
    const token = this.tokens[this.at++];
    if (token === undefined) throw new Error('condition ends too early');
    return token;
  }

  private expect(token: string): void {
    const found = this.next();
    if (found !== token) throw new Error(`expected ${token}, received ${found}`);
  }
}

function compare(left: unknown, comparator: string, right: unknown): boolean {
  if (comparator === '<>') return left !== right;
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  if (comparator === '=') return left === right;
  if (comparator === '<') return (left as string) < (right as string);
  return (left as string) <= (right as string);
}

function splitActions(body: string): string[] {
  return body.split(/, (?![^(]*\))/);
}

function assign(next: Item, before: Item, action: string, input: ExpressionInput): void {
  const [, target, expression] = /^(\S+) = (.+)$/.exec(action)!;
  const once = /^if_not_exists\((\S+), (\S+)\)(?: \+ (\S+))?$/.exec(expression);
  if (!once) {
    next[nameOf(target, input)] = valueAt(before, expression, input);
    return;
  }
  const base = valueAt(before, once[1], input) ?? valueAt(before, once[2], input);
  next[nameOf(target, input)] = once[3] ? (base as number) + (valueAt(before, once[3], input) as number) : base;
}

function addToSet(next: Item, action: string, input: ExpressionInput): void {
  const [target, value] = action.split(' ');
  const name = nameOf(target, input);
  next[name] = new Set([...(next[name] as Set<string> | undefined ?? []), ...(valueAt(next, value, input) as Set<string>)]);
}

function valueAt(item: Item, operand: string, input: ExpressionInput): unknown {
  if (operand.startsWith(':')) return input.ExpressionAttributeValues![operand];
  return operand.split('.').reduce<unknown>((node, name) => (node as Item | undefined)?.[nameOf(name, input)], item);
}

function nameOf(placeholder: string, { ExpressionAttributeNames = {} }: ExpressionInput): string {
  return ExpressionAttributeNames[placeholder] ?? placeholder;
}

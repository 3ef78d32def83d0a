import { ConditionalCheckFailedException, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { apply, holds, InvalidExpression, Item, validate } from './expressions';
import { nameOf } from './names';
import { EXPIRY_ATTRIBUTE } from '../../../src/contract';

const MAX_ITEM_BYTES = 400 * 1024;
/** Items that cannot come near the limit are not measured. */
const SMALL_SET = 100;

/** A DynamoDB table in memory. */
export class Table {
  readonly items = new Map<string, Item>();
  /** Items that outlived their time, as they were. */
  readonly expired: Item[] = [];
  /** Every state that an item had before, newest first. */
  private readonly earlier = new Map<string, (Item | undefined)[]>();

  /**
   * @param decide which of so many states of an item a read sees that need not see the newest
   * @param onWrite called with every item as it was and as it is
   */
  constructor(
    private readonly key: string, private readonly decide: (choices: number) => number,
    private readonly onWrite: (before: Item | undefined, after: Item, actor: unknown) => void = () => undefined,
  ) {}

  send(command: unknown, actor?: unknown): unknown {
    if (command instanceof GetCommand) return this.get(command.input);
    if (command instanceof UpdateCommand) return this.update(command.input, actor);
    throw new Error(`no model of ${nameOf(command)}`);
  }

  put(item: Item): void {
    this.replace(item[this.key] as string, item);
  }

  /** Removes what is past its time, as DynamoDB does within days. */
  expire(now: number): void {
    for (const [id, item] of [...this.items]) {
      const expiresAt = item[EXPIRY_ATTRIBUTE] as number | undefined;
      if (expiresAt === undefined || expiresAt * 1000 >= now) continue;
      this.expired.push(item);
      this.replace(id, undefined);
    }
  }

  private get({ Key, ConsistentRead }: GetCommand['input']): unknown {
    const id = Key![this.key] as string;
    const states = [this.items.get(id), ...this.earlier.get(id) ?? []];
    // A read that need not be consistent sees any state of the last moments.
    return { Item: ConsistentRead || states.length === 1 ? states[0] : states[this.decide(states.length)] };
  }

  private update(input: UpdateCommand['input'], actor: unknown): unknown {
    const id = input.Key![this.key] as string;
    const before = this.items.get(id);
    let after: Item;
    try {
      validate(input);
      if (!holds(before ?? {}, input)) throw refusal(before, input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD');
      after = apply(before ?? { [this.key]: id }, input);
    } catch (error) {
      throw error instanceof InvalidExpression ? invalid(error.message) : error;
    }
    if (isLarge(after) && bytesOf(after) > MAX_ITEM_BYTES) throw invalid('Item size to update has exceeded the maximum allowed size');
    this.replace(id, after);
    this.onWrite(before, after, actor);
    if (input.ReturnValues === 'ALL_NEW') return { Attributes: after };
    return { Attributes: input.ReturnValues === 'ALL_OLD' ? before : undefined };
  }

  private replace(id: string, item: Item | undefined): void {
    this.earlier.set(id, [this.items.get(id), ...this.earlier.get(id) ?? []].slice(0, 3));
    if (item) this.items.set(id, item);
    else this.items.delete(id);
  }
}

/** The document client turns the items of answers into plain values, and leaves those of errors as they are. */
function refusal(before: Item | undefined, withItem: boolean): ConditionalCheckFailedException {
  const { M } = marshalled(before ?? {}) as { M: Record<string, never> };
  return new ConditionalCheckFailedException({
    message: 'The conditional request failed', $metadata: { httpStatusCode: 400 }, Item: withItem && before ? M : undefined,
  });
}

/** In DynamoDB's form of values. */
function marshalled(value: unknown): object {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (value instanceof Set) return { SS: [...value] };
  return { M: Object.fromEntries(Object.entries(value as object).map(([name, part]) => [name, marshalled(part)])) };
}

function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata: { httpStatusCode: 400 } });
}

function isLarge(item: Item): boolean {
  return Object.values(item).some((value) => (value instanceof Set ? value.size > SMALL_SET : typeof value === 'string' && value.length > 10_000));
}

/** As DynamoDB counts: names and text in UTF-8, about a byte for two digits, a few bytes for each container. */
export function bytesOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return 1 + Math.ceil(String(value).length / 2);
  if (value instanceof Set) return 3 + [...value].reduce<number>((sum, member) => sum + bytesOf(member), 0);
  if (typeof value !== 'object' || value === null) return 1;
  return 3 + Object.entries(value).reduce((sum, [name, part]) => sum + 1 + Buffer.byteLength(name) + bytesOf(part), 0);
}

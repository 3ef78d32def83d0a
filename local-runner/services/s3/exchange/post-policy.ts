import { tooLarge } from './payload';
import { S3Error } from '../wire/errors';

/** The fields of a form, names in lower case. */
export type FormFields = ReadonlyMap<string, string>;

export interface SizeRange {
  readonly min: number;
  readonly max: number;
}

interface FieldCondition {
  readonly operator: 'eq' | 'starts-with';
  readonly field: string;
  readonly value: string;
}

/** Fields that carry the policy or the file and thus cannot be conditions of it. */
const UNCONDITIONAL = ['policy', 'x-amz-signature', 'file'];

/** The policy of a browser upload: what the signer allows the form to say. */
export class PostPolicy {
  static parse(encoded: string): PostPolicy {
    let document: unknown;
    try {
      document = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
    } catch {
      throw invalid('Invalid JSON.');
    }
    if (!isRecord(document)) throw invalid('Invalid JSON.');
    const { expiration, conditions } = document;
    if (typeof expiration !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration) || Number.isNaN(Date.parse(expiration))) {
      throw invalid(`Invalid 'expiration' value: '${String(expiration)}'`);
    }
    if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.');
    const fields: FieldCondition[] = [];
    const ranges: SizeRange[] = [];
    for (const condition of conditions as unknown[]) {
      const parsed = parseCondition(condition);
      if ('field' in parsed) fields.push(parsed);
      else ranges.push(parsed);
    }
    return new PostPolicy(new Date(expiration), fields, ranges);
  }

  private constructor(private readonly expiration: Date, private readonly conditions: FieldCondition[], private readonly ranges: SizeRange[]) {}

  /** Every condition holds, and every field is covered by a condition. */
  assertForm(fields: FormFields, bucket: string): void {
    if (this.expiration.getTime() <= Date.now()) throw denied('Policy expired.');
    // The bucket comes from the URL; a form may repeat it.
    const values = new Map(fields).set('bucket', fields.get('bucket') ?? bucket);
    if (values.get('bucket') !== bucket) throw denied('Policy Condition failed: ["eq", "$bucket", ...]');
    for (const condition of this.conditions) {
      if (!holds(condition, values.get(condition.field))) {
        throw denied(`Policy Condition failed: ${JSON.stringify([condition.operator, `$${condition.field}`, condition.value])}`);
      }
    }
    const covered = new Set([...UNCONDITIONAL, ...this.conditions.map(({ field }) => field)]);
    const extra = [...values.keys()].filter((name) => !covered.has(name) && !name.startsWith('x-ignore-'));
    if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
  }

  /** The most that the file may have; more than one range means that all of them hold. */
  get maxSize(): number {
    return Math.min(...this.ranges.map(({ max }) => max));
  }

  assertSize(size: number): void {
    if (size > this.maxSize) throw tooLarge(size, this.maxSize);
    const min = Math.max(...this.ranges.map((range) => range.min));
    if (size < min) throw new S3Error('EntityTooSmall', { details: { ProposedSize: size, MinSizeAllowed: min } });
  }
}

function parseCondition(condition: unknown): FieldCondition | SizeRange {
  if (Array.isArray(condition) && condition.length === 3) {
    const [name, first, second] = condition as unknown[];
    const operator = String(name).toLowerCase();
    if (operator === 'content-length-range') return { min: parseSize(first), max: parseSize(second) };
    if ((operator === 'eq' || operator === 'starts-with') && typeof first === 'string' && first.startsWith('$') && typeof second === 'string') {
      return { operator, field: first.slice(1).toLowerCase(), value: second };
    }
  } else if (isRecord(condition)) {
    const entries = Object.entries(condition);
    if (entries.length !== 1) throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
    const [[field, value]] = entries;
    if (typeof value !== 'string') throw invalid('Invalid Simple-Condition: value must be a string.');
    return { operator: 'eq', field: field.toLowerCase(), value };
  }
  throw invalid(`Invalid Condition: ${JSON.stringify(condition)}`);
}

function parseSize(value: unknown): number {
  if (!/^\d{1,15}$/.test(String(value))) throw invalid(`Invalid content-length-range: ${JSON.stringify(value)}`);
  return Number(value);
}

function holds({ operator, field, value }: FieldCondition, actual: string | undefined): boolean {
  if (actual === undefined) return false;
  if (operator === 'eq') return actual === value;
  // Of a list of content types, each one has to match.
  const candidates = field === 'content-type' ? actual.split(',').map((type) => type.trim()) : [actual];
  return candidates.every((candidate) => candidate.startsWith(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): S3Error {
  return new S3Error('InvalidPolicyDocument', { message: `Invalid Policy: ${message}` });
}

function denied(message: string): S3Error {
  return new S3Error('AccessDenied', { message: `Invalid according to Policy: ${message}` });
}

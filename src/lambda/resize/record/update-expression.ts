/** The parts of DynamoDB's expressions that the catalog uses, with all names and values passed by placeholder. */

type Comparator = '=' | '<>' | '<' | '<=';
type Names = Map<string, string>;
type Values = Map<unknown, string>;

interface Placeholders {
  readonly names: Names;
  readonly values: Values;
}

export interface RenderedUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

/** A condition on an item: rendered for DynamoDB, or evaluated as DynamoDB does. */
export class Condition {
  public static missing(attribute: string): Condition {
    return new Condition(
      (placeholders) => `attribute_not_exists(${nameOf(placeholders, attribute)})`,
      (item) => valueAt(item, attribute) === undefined,
    );
  }

  /** @param attribute name, or a path with dots */
  public static compare(attribute: string, comparator: Comparator, value: string | number | boolean): Condition {
    return new Condition(
      (placeholders) => `${nameOf(placeholders, attribute)} ${comparator} ${valueOf(placeholders, value)}`,
      (item) => compare(valueAt(item, attribute), comparator, value),
    );
  }

  public static all(...conditions: Condition[]): Condition {
    return new Condition(joined(' AND ', conditions), (item) => conditions.every((condition) => condition.holds(item)));
  }

  public static any(...conditions: Condition[]): Condition {
    return new Condition(joined(' OR ', conditions), (item) => conditions.some((condition) => condition.holds(item)));
  }

  private constructor(
    public readonly render: (placeholders: Placeholders) => string,
    public readonly holds: (item: Readonly<Record<string, unknown>>) => boolean,
  ) {}
}

function joined(operator: string, conditions: Condition[]) {
  if (conditions.length === 1) return conditions[0].render;
  return (placeholders: Placeholders) => `(${conditions.map((condition) => condition.render(placeholders)).join(operator)})`;
}

/** A missing attribute is unlike every value, and neither less nor greater than any. */
function compare(found: unknown, comparator: Comparator, value: string | number | boolean): boolean {
  if (comparator === '<>') return found !== value;
  if (typeof found !== typeof value) return false;
  if (comparator === '=') return found === value;
  return comparator === '<' ? found as string < value : found as string <= value;
}

function valueAt(item: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], item);
}

/** An update of an item. A later `set` of the same attribute wins, as does a `remove`. */
export class Update {
  private readonly sets = new Map<string, { readonly value: unknown; readonly kind: 'set' | 'once' | 'increment'; readonly from?: string }>();
  private readonly removed = new Set<string>();
  private readonly added = new Map<string, unknown>();
  private readonly deleted = new Map<string, unknown>();
  private condition?: Condition;

  public set(values: Record<string, unknown>): this {
    for (const [attribute, value] of Object.entries(values)) {
      this.removed.delete(attribute);
      this.sets.set(attribute, { value, kind: 'set' });
    }
    return this;
  }

  public setOrRemove(values: Record<string, unknown>): this {
    for (const [attribute, value] of Object.entries(values)) {
      if (value === undefined) this.remove(attribute);
      else this.set({ [attribute]: value });
    }
    return this;
  }

  /** Sets only what the item does not have. */
  public setOnce(values: Record<string, unknown>): this {
    for (const [attribute, value] of Object.entries(values)) this.sets.set(attribute, { value, kind: 'once' });
    return this;
  }

  /** Sets attributes to what others of the item were before. */
  public setFrom(attributes: Readonly<Record<string, string>>, otherwise: unknown): this {
    for (const [attribute, from] of Object.entries(attributes)) this.sets.set(attribute, { value: otherwise, kind: 'once', from });
    return this;
  }

  public increment(attribute: string): this {
    this.sets.set(attribute, { value: 1, kind: 'increment' });
    return this;
  }

  public addToSet(attribute: string, members: readonly string[]): this {
    // DynamoDB has no empty sets.
    if (members.length > 0) this.added.set(attribute, new Set(members));
    return this;
  }

  public deleteFromSet(attribute: string, members: readonly string[]): this {
    this.deleted.set(attribute, new Set(members));
    return this;
  }

  public remove(...attributes: string[]): this {
    for (const attribute of attributes) {
      this.sets.delete(attribute);
      this.removed.add(attribute);
    }
    return this;
  }

  public when(condition: Condition): this {
    this.condition = condition;
    return this;
  }

  public render(): RenderedUpdate {
    const placeholders: Placeholders = { names: new Map(), values: new Map() };
    const assignments = [...this.sets].map(([attribute, { value, kind, from = attribute }]) => {
      const name = nameOf(placeholders, attribute);
      if (kind === 'once') return `${name} = if_not_exists(${nameOf(placeholders, from)}, ${valueOf(placeholders, value)})`;
      if (kind === 'increment') return `${name} = if_not_exists(${name}, ${valueOf(placeholders, 0)}) + ${valueOf(placeholders, value)}`;
      return `${name} = ${valueOf(placeholders, value)}`;
    });
    const ofSets = (changes: Map<string, unknown>) => [...changes].map(([attribute, value]) => `${nameOf(placeholders, attribute)} ${valueOf(placeholders, value)}`);
    const [additions, deletions] = [ofSets(this.added), ofSets(this.deleted)];
    const removals = [...this.removed].map((attribute) => nameOf(placeholders, attribute));
    const clauses = [['SET', assignments], ['ADD', additions], ['DELETE', deletions], ['REMOVE', removals]] as const;
    const conditionExpression = this.condition?.render(placeholders);

    return {
      UpdateExpression: clauses.filter(([, parts]) => parts.length).map(([keyword, parts]) => `${keyword} ${parts.join(', ')}`).join(' '),
      ...(conditionExpression ? { ConditionExpression: conditionExpression } : {}),
      ExpressionAttributeNames: Object.fromEntries([...placeholders.names].map(([name, placeholder]) => [placeholder, name])),
      ExpressionAttributeValues: Object.fromEntries([...placeholders.values].map(([value, placeholder]) => [placeholder, value])),
    };
  }
}

function nameOf({ names }: Placeholders, path: string): string {
  return path.split('.').map((name) => remember(names, name, '#')).join('.');
}

function valueOf({ values }: Placeholders, value: unknown): string {
  return remember(values, value, ':');
}

function remember<T>(known: Map<T, string>, key: T, sigil: string): string {
  const placeholder = known.get(key) ?? `${sigil}${known.size}`;
  known.set(key, placeholder);
  return placeholder;
}

import fc from 'fast-check';

/** What is stored under a key: an image of this height, which tells versions apart, or something that is none. */
export interface Content {
  readonly kind: 'image' | 'text' | 'truncated';
  /** Pixels. */
  readonly height: number;
}

/** What happens to one key, from outside. */
export interface Operation {
  readonly key: string;
  /** Absent for a deletion. */
  readonly content?: Content;
  /** Whether its event is delivered twice, the second time after so many more operations. */
  readonly copyAfter?: number;
}

const content: fc.Arbitrary<Content> = fc.record({
  kind: weighted([[94, 'image'], [3, 'text'], [3, 'truncated']]),
  height: fc.noBias(fc.integer({ min: 32, max: 96 })),
});
const put = content.map((one) => [one]);
/** What is stored one after the other; undefined for a deletion. */
const lifeOfKey: fc.Arbitrary<(Content | undefined)[]> = fc.oneof(
  { weight: 81, arbitrary: put },
  { weight: 10, arbitrary: fc.tuple(content, content) },
  { weight: 4, arbitrary: put.map((contents) => [...contents, undefined]) },
  { weight: 5, arbitrary: fc.tuple(content, fc.constant(undefined), content) },
);
/** Operations until the next one of the same key: from at once to when its event is long done. */
const gap = fc.noBias(fc.integer({ min: 0, max: 30 }));
const copyAfter = fc.oneof({ weight: 80, arbitrary: fc.constant(undefined) }, { weight: 20, arbitrary: gap });

/** The operations of so many keys, a tenth of them overwritten and some deleted or made again, in an order that mixes the keys. */
export function planOf(seed: number, keys: number): Operation[] {
  const lives = fc.sample(fc.array(fc.record({ contents: lifeOfKey, gaps: fc.tuple(gap, gap), copies: fc.tuple(copyAfter, copyAfter, copyAfter) }), {
    minLength: keys, maxLength: keys,
  }), { seed, numRuns: 1 })[0];
  const placed = lives.flatMap(({ contents, gaps, copies }, life) => {
    const places = [life, life + gaps[0], life + gaps[0] + gaps[1]];
    return contents.map((one, at) => ({ place: places[at], operation: { key: `images/${life}.jpg`, content: one, copyAfter: copies[at] } }));
  });
  return placed.sort((a, b) => a.place - b.place).map(({ operation }) => operation);
}

/** Milliseconds between kills. */
export function killDelays(seed: number, range: { readonly min: number; readonly max: number }): number[] {
  return fc.sample(fc.noBias(fc.integer(range)), { seed, numRuns: 10_000 });
}

function weighted<T>(choices: readonly (readonly [number, T])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

/** Renditions beside what a browser shows, or ImageMagick where browsers show nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeVerdict } from './describe';
import { Exception, exceptionFor, EXCEPTIONS } from './exceptions';
import { judge, Verdict } from './judge';
import { isInstalled, oracleName, Oracles } from './oracles';
import { SpaceName, SPACES, standing } from './originals';

const SIDE = 60;
const LIMITS = readFileSync(join(__dirname, '..', '..', 'docs', 'limits.md'), 'utf8').replace(/\s+/g, ' ');

let oracles: Oracles;

beforeAll(async () => { oracles = await Oracles.open(); });
afterAll(() => oracles.close());

describe.each(Object.keys(SPACES) as SpaceName[])('%s', (name) => {
  const judgeName = oracleName(name);
  if (!isInstalled(judgeName, name)) {
    test.skip(`skipped: no ${judgeName.toLowerCase()}`, () => undefined);
    return;
  }

  test('originals of every kind come out as they are shown, or as docs/limits.md says', async () => {
    const problems: Verdict[] = [];
    const used = new Set<Exception>();
    for (const original of standing(name)) {
      const verdict = await judge(original, oracles.for(name)!, { side: SIDE });
      const exception = verdict.problem && exceptionFor(verdict);
      if (exception) used.add(exception);
      if (verdict.problem && !exception) problems.push(verdict);
    }

    expect(problems.map(describeVerdict)).toEqual([]);
    // What was mended is an exception no longer.
    expect(EXCEPTIONS.filter((exception) => exception.format === name && !exception.isRare && !used.has(exception))).toEqual([]);
  }, 600_000);

  test('what is not as shown is documented', () => {
    const lines = [
      ...EXCEPTIONS.filter(({ format }) => format === name).map(({ line }) => line),
      ...standing(name).flatMap(({ line }) => line ?? []),
    ];
    expect([...new Set(lines)].filter((line) => !LIMITS.includes(line))).toEqual([]);
  });
});

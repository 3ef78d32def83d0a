/** Renditions beside what a browser shows, or ImageMagick where browsers show nothing. */
import { judge, WAYS } from './judge';
import { isInstalled, oracleName, Oracles } from './oracles';
import { simple, SpaceName, SPACES } from './originals';

let oracles: Oracles;

beforeAll(async () => { oracles = await Oracles.open(); });
afterAll(() => oracles.close());

describe.each(Object.keys(SPACES) as SpaceName[])('%s', (name) => {
  const judgeName = oracleName(name);
  if (!isInstalled(judgeName)) {
    test.skip(`skipped: no ${judgeName.toLowerCase()}`, () => undefined);
    return;
  }

  test('a plain one comes out as it is shown', async () => {
    const verdict = await judge(simple(name)[0], oracles.for(name)!, { side: 60, ways: WAYS });
    expect(verdict.problem).toBeUndefined();
    expect(verdict.pairs).toHaveLength(8);
  });
});

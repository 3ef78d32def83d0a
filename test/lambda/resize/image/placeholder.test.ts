import sharp from 'sharp';
import { thumbHashToRGBA } from 'thumbhash';
import { PlaceholderFacts, ProcessingConfig } from '../../../../src/contract';
import { plan, probe, render } from '../../../../src/lambda/resize/image';
import { heicFile } from '../../../helpers/heif';
import { alphaRamp, animation, BLUE, GREEN, open, orientedJpeg, paint, photo, quadrants, RED, solid, trafficLight, WHITE } from '../../../helpers/images';
import { processing, profile, ProfileSpec } from '../../../helpers/renditions';

const SPECS: readonly ProfileSpec[] = [{ name: 'large', width: 300 }, { name: 'small', width: 60, height: 60, fit: 'cover' }];

async function placeholderOf(image: Buffer, specs = SPECS, changes: Partial<ProcessingConfig> = {}): Promise<PlaceholderFacts> {
  const config = processing({ acceptHeic: true, ...changes });
  const probed = await probe(image, config);
  const found: PlaceholderFacts[] = [];
  await render(image, probed, plan(probed, specs.map(profile), config), {
    processing: config, onRendition: async () => undefined, onPlaceholder: (placeholder) => found.push(placeholder),
  });
  expect(found).toHaveLength(1);
  return found[0];
}

/** What a page would draw: the colour at a place, both from 0 to 1. */
function drawn({ thumbHash }: PlaceholderFacts, x: number, y: number): number[] {
  const { w, h, rgba } = thumbHashToRGBA(Buffer.from(thumbHash, 'base64'));
  const at = 4 * (Math.floor(y * h) * w + Math.floor(x * w));
  return [...rgba.subarray(at, at + 4)];
}

/** Waves of so few colours are coarse. */
const about = (colour: readonly number[], by = 45) => colour.map(
  (channel) => ({ asymmetricMatch: (value: number) => Math.abs(value - channel) <= by }),
);
const CORNERS = [[0.15, 0.15], [0.85, 0.15], [0.15, 0.85], [0.85, 0.85]];

/** Of the four the one that is drawn in each corner, or what is nearest to it. */
function corners(placeholder: PlaceholderFacts): string[] {
  const named = Object.entries({ RED, GREEN, BLUE, WHITE });
  const distance = (one: readonly number[], other: readonly number[]) => one.reduce((sum, value, at) => sum + (value - other[at]) ** 2, 0);
  return CORNERS.map(([x, y]) => {
    const found = drawn(placeholder, x, y);
    return named.sort(([, one], [, other]) => distance(one, found) - distance(other, found))[0][0];
  });
}
const expected = ['RED', 'GREEN', 'BLUE', 'WHITE'];

describe('a placeholder', () => {
  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ['a JPEG', () => open(quadrants(600, 400)).jpeg().toBuffer()],
    ['a JPEG that is stored sideways', () => orientedJpeg(quadrants(600, 400), 6)],
    ['a small PNG', () => open(quadrants(20, 14)).png().toBuffer()],
    ['a PNG with a palette', () => open(quadrants(300, 200)).png({ palette: true }).toBuffer()],
    ['a HEIC', () => heicFile('quadrants')],
    ['a GIF', () => open(quadrants(90, 60)).gif().toBuffer()],
  ])('of %s shows it upright', async (_, make) => {
    const placeholder = await placeholderOf(await make());
    expect(corners(placeholder)).toEqual(expected);
  });

  test.each<[string, readonly ProfileSpec[], Partial<ProcessingConfig>]>([
    ['one rendition', [{ width: 300 }], {}],
    ['one rendition that is cropped', [{ width: 50, height: 50, fit: 'cover', position: 'left top' }], {}],
    ['renditions that keep the profile', SPECS, { metadata: 'icc' }],
    ['renditions that keep everything', SPECS, { metadata: 'all' }],
    ['one rendition without loss', [{ width: 200, formats: ['png'] }], {}],
  ])('shows the whole image, also of %s', async (_, specs, changes) => {
    const placeholder = await placeholderOf(await open(quadrants(600, 400)).withIccProfile('srgb').jpeg().toBuffer(), specs, changes);
    expect(corners(placeholder)).toEqual(expected);
  });

  test('has the aspect ratio of the image', async () => {
    const { w, h } = thumbHashToRGBA(Buffer.from((await placeholderOf(await open(photo(600, 300)).jpeg().toBuffer())).thumbHash, 'base64'));
    expect(w / h).toBeCloseTo(2, 0);
  });

  test('of an animation shows its first frame', async () => {
    const { dominantColour } = await placeholderOf(await animation('gif', trafficLight(90, 60)), [{ width: 45, formats: ['webp'] }]);
    expect([...Buffer.from(dominantColour.slice(1), 'hex')]).toEqual(about(RED, 8));
  });

  test('of grey is grey', async () => {
    const placeholder = await placeholderOf(await open(solid(300, 200, [120])).toColourspace('b-w').png().toBuffer());
    expect(placeholder.dominantColour).toBe('#787878');
    expect(drawn(placeholder, 0.5, 0.5)).toEqual(about([120, 120, 120, 255], 8));
  });

  test('keeps transparency, and its colour is one that can be seen', async () => {
    const half = paint(200, 200, (x, y) => (x < 130 ? [0, 0, 0, 0] : [...(y < 150 ? BLUE : RED), 255]));
    const placeholder = await placeholderOf(await open(half).png().toBuffer());

    expect(placeholder.dominantColour).toBe('#1e32d2');
    expect([drawn(placeholder, 0.2, 0.5)[3], drawn(placeholder, 0.9, 0.5)[3]]).toEqual([...about([0]), ...about([255])]);
    expect((await placeholderOf(await open(alphaRamp(200, 100)).png().toBuffer())).dominantColour).toMatch(/^#c[78]2[789]2[789]$/);
  });

  test('of nothing that can be seen is black', async () => {
    expect((await placeholderOf(await sharp({ create: { width: 50, height: 50, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } } }).png().toBuffer())).dominantColour).toBe('#000000');
  });

  test('has the colour that is there most often, not the mean of all', async () => {
    const striped = paint(200, 100, (x) => (x % 100 < 60 ? [250, 200, 10] : [10, 20, 30]));
    expect([...Buffer.from((await placeholderOf(await open(striped).png().toBuffer())).dominantColour.slice(1), 'hex')]).toEqual(about([250, 200, 10], 6));
  });
});

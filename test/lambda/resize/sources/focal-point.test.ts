import { focalPointOf } from '../../../../src/lambda/resize/sources/focal-point';
import { LocalHandler } from '../../../helpers/handler';
import { GREEN, open, paint, RED } from '../../../helpers/images';
import { pixelAt, profile } from '../../../helpers/renditions';

test.each([
  ['0.25,0.4', { x: 0.25, y: 0.4 }],
  ['0,1', { x: 0, y: 1 }],
  [' .5 , 1.000 ', { x: 0.5, y: 1 }],
  ['0.3333333333333333,0.0', { x: 0.3333333333333333, y: 0 }],
])('%j is a focal point', (text, point) => {
  expect(focalPointOf({ 'focal-point': text })).toEqual(point);
});

test.each(['', '0.5', '0.5,0.5,0.5', '50,50', '50% 50%', '1.01,0', '-0.1,0', '0.5;0.5', 'NaN,0', '1e-1,0', '0x0,0', `0.${'1'.repeat(21)},0`, '.,.'])('%j is none', (text) => {
  expect(focalPointOf({ 'focal-point': text })).toBeUndefined();
});

describe('the focal point that an uploader names', () => {
  let handler: LocalHandler;
  let image: Buffer;
  const profiles = [profile({ name: 'square', width: 30, height: 30, fit: 'cover', position: 'focal-point', formats: ['png'] })];

  beforeAll(async () => {
    handler = await LocalHandler.start();
    image = await open(paint(120, 30, (x) => (x < 60 ? RED : GREEN))).png().toBuffer();
  });
  afterAll(() => handler.stop());

  const upload = async (focalPoint?: string) => {
    await handler.deliver(await handler.upload('a.png', image, { Metadata: focalPoint === undefined ? {} : { 'focal-point': focalPoint } }));
    return (await handler.recordOf('a.png'))!;
  };
  const colour = async () => (await pixelAt((await handler.output('a.png/square.png')).body, 15, 15)).slice(0, 3);

  test('is in the record, and decides the crop', async () => {
    await handler.reset({ profiles });
    expect(await upload('0.1,0.5')).toMatchObject({ status: 'COMPLETED', original: { width: 120, focalPoint: { x: 0.1, y: 0.5 } } });
    expect(await colour()).toEqual([...RED]);
  });

  test('makes another version of the same bytes', async () => {
    await handler.reset({ profiles });
    await upload('0.1,0.5');
    expect((await upload('0.9,0.5')).original!.focalPoint).toEqual({ x: 0.9, y: 0.5 });
    expect(await colour()).toEqual([...GREEN]);
    expect((await upload()).original).not.toHaveProperty('focalPoint');
  });

  test('is passed over in another form, which may be another program\'s, and the log says so', async () => {
    await handler.reset({ profiles });
    const warn = jest.spyOn(handler.services.logger, 'warn').mockReturnValue();
    const { status, original } = await upload('40% 60%');
    expect(status).toBe('COMPLETED');
    expect(original).not.toHaveProperty('focalPoint');
    expect(warn.mock.calls).toEqual([['metadata focal-point passed over: expected two numbers from 0 to 1, such as 0.25,0.4', { sourceKey: 'a.png', received: '40% 60%' }]]);
    jest.restoreAllMocks();
  });
});

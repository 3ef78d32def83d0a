import { picture, RunningApp } from '../helpers/running-app';

jest.setTimeout(90_000);

test.each(['queue', 'stepFunctions'] as const)('two hundred profiles reach the packaged handler, with trigger %s', async (trigger) => {
  const app = await RunningApp.pipeline({ trigger, profiles: 200 });
  try {
    await app.process('many.jpg', await picture(240, 180));

    const record = await app.record('many.jpg');
    expect(record).toMatchObject({ status: 'COMPLETED', attempts: 1 });
    expect(Object.values(record!.renditions!).map(({ width }) => width)).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    expect(await app.outputKeys()).toHaveLength(200);
    expect(await app.rendition('many.jpg/p200.jpg')).toMatchObject({ width: 200, height: 150 });
  } finally {
    await app.stop();
  }
});

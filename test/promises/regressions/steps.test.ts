import { image, KEY, profile, Scene } from './scene';
import { envelope } from '../cloud/events';
import { made } from '../cloud/imaging';
import { rightsOf } from '../cloud/rights';

const OUTPUT = `${KEY}/small`;

test('a step of another deployment makes nothing that the record does not list', async () => {
  const scene = new Scene({ maxTries: 0 });
  const event = scene.upload(image(1));
  const begun = await scene.step(event, { step: 'begin' });
  scene.configure({ outputKey: 'new/{key}/{profile}', profiles: [profile('small', 3)] });

  const made1 = await scene.step(event, { step: 'render', image: begun.image, rendition: 'small.original' });
  expect(made1).toEqual({ changed: true });
  expect(scene.outputs()).toEqual({});
  expect(await scene.step(event, { step: 'complete', image: begun.image, made: [made1] })).toMatchObject({ outcome: 'changed' });

  const again = await scene.step(event, { step: 'begin' });
  expect(again.outcome).toBe('claimed');
  const rendered = await scene.step(event, { step: 'render', image: again.image, rendition: 'small.original' });
  expect(await scene.step(event, { step: 'complete', image: again.image, made: [rendered] })).toMatchObject({ outcome: 'completed' });
  expect(scene.outputs()).toEqual({ [`new/${OUTPUT}`]: made(image(1), 'small', 3) });
});

test('a step of another deployment completes nothing that it did not begin', async () => {
  const scene = new Scene({ maxTries: 0 });
  const event = scene.upload(image(1));
  const begun = await scene.step(event, { step: 'begin' });
  const rendered = await scene.step(event, { step: 'render', image: begun.image, rendition: 'small.original' });
  scene.configure({ profiles: [profile('small', 3)] });

  expect(await scene.step(event, { step: 'complete', image: begun.image, made: [rendered] })).toMatchObject({ outcome: 'changed' });
  expect(scene.record().status).toBe('PROCESSING');
});

test('the last step after a deployment that moved the outputs needs no right to the former ones', async () => {
  const scene = new Scene({ maxTries: 0 });
  const event = scene.upload(image(1));
  const begun = await scene.step(event, { step: 'begin' });
  const rendered = await scene.step(event, { step: 'render', image: begun.image, rendition: 'small.original' });
  scene.configure({ outputBucket: 'other-output' });
  scene.cloud.rights = rightsOf(scene.config, false);

  expect(await scene.step(event, { step: 'complete', image: begun.image, made: [rendered] })).toEqual({ outcome: 'changed' });

  expect(scene.record().outputs).toContain(`output/${OUTPUT}`);
});

test('a last step whose answer was lost leaves its renditions, though a deployment has changed what is to be made', async () => {
  const scene = new Scene({ maxTries: 0 });
  const event = scene.upload(image(1));
  const { image: begun } = await scene.step(event, { step: 'begin' });
  const rendered = await scene.step(event, { step: 'render', image: begun, rendition: 'small.original' });
  await scene.step(event, { step: 'complete', image: begun, made: [rendered] });
  scene.configure({ profiles: [profile('small'), profile('large', 2)] });

  expect(await scene.step(event, { step: 'complete', image: begun, made: [rendered] })).toEqual({ outcome: 'changed' });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });

  const again = await scene.step(event, { step: 'begin' });
  expect(again.image.kept).toEqual(['small.original']);
  expect(await scene.step(event, { step: 'complete', image: begun, made: [rendered] })).toEqual({ outcome: 'changed' });
  const large = await scene.step(event, { step: 'render', image: again.image, rendition: 'large.original' });
  expect(await scene.step(event, { step: 'complete', image: again.image, made: [large] })).toMatchObject({ outcome: 'completed' });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1), [`${KEY}/large`]: made(image(1), 'large', 2) });
});

test('a rendition that is still being stored when another one is given up is taken back where the object is gone', async () => {
  const scene = new Scene({ maxTries: 0, profiles: [profile('small'), profile('large', 2)] });
  const event = scene.upload(image(1));
  const { image: begun } = await scene.step(event, { step: 'begin' });
  const slow = scene.invoke({ step: 'render', event: envelope(event), image: begun, rendition: 'small.original' });
  await slow.before('PutObject');
  await scene.step(scene.remove(), { step: 'begin' });
  await slow.finish();

  const ended = await scene.step(event, { step: 'complete', image: begun, made: [slow.result, { givenUp: true }] });

  expect(ended).toMatchObject({ outcome: 'overtaken' });
  expect(scene.outputs()).toEqual({});
});

test('an execution that gives up a rendition says so in the record', async () => {
  const scene = new Scene({ maxTries: 0, profiles: [profile('small'), profile('large', 2)] });
  const event = scene.upload(image(1));
  const { image: begun } = await scene.step(event, { step: 'begin' });
  const rendered = await scene.step(event, { step: 'render', image: begun, rendition: 'small.original' });

  expect(await scene.step(event, { step: 'complete', image: begun, made: [rendered, { givenUp: true }] })).toEqual({ outcome: 'givenUp' });

  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
});

test('an original that cannot be read any more in the step of a rendition costs a completed image nothing', async () => {
  const scene = new Scene();
  const event = scene.upload(image(1));
  await scene.deliver(event);
  scene.configure({ profiles: [profile('small'), profile('large', 2)] });
  const { image: begun, renditions } = await scene.step(event, { step: 'begin' });
  // As by a lifecycle rule, which makes no new version.
  const { body, ...facts } = scene.cloud.source.get(KEY)!;
  scene.cloud.source.put(KEY, body, facts.lastModified.getTime(), { ...facts, archived: true });
  const steps = [];
  for (const rendition of renditions) steps.push(await scene.step(event, { step: 'render', image: begun, rendition }));

  expect(await scene.step(event, { step: 'complete', image: begun, made: steps })).toMatchObject({ outcome: 'completed' });

  expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.original': { code: 'ARCHIVED' } } });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
});

test('a slow invocation of a former configuration does not complete over the present one', async () => {
  const scene = new Scene({ profiles: [profile('small', 1)] });
  const event = scene.upload(image(1));
  const slow = scene.start(event);
  await slow.before('Update', 2);
  scene.configure({ profiles: [profile('small', 3)] });
  await scene.deliver(event);

  await slow.finish();
  expect(scene.record()).toMatchObject({ status: 'COMPLETED', renditions: { 'small.original': { width: 3 } } });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 3) });

  await scene.deliver(event);
  expect(scene.record()).toMatchObject({ status: 'COMPLETED', renditions: { 'small.original': { width: 3 } } });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 3) });
});

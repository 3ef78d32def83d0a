import { begin } from '../../../src/lambda/backfill/begin';
import { Request } from '../../../src/lambda/backfill/input';
import { Services } from '../../../src/lambda/backfill/services';

const SOURCES = [
  { bucket: 'one', prefix: 'in/' }, { bucket: 'one', prefix: 'more/' }, { bucket: 'two', prefix: '' },
];
const services = { sources: SOURCES, pipeline: { profileSets: [], sources: [] } } as unknown as Services;

/** The places that a plan lists, one after the other. */
async function places(request: Partial<Request>): Promise<string[]> {
  const listed: string[] = [];
  for (let at = 0; ; at += 1) {
    const { listing, bucket, prefix } = await begin(services, { execution: 'one', input: { mode: 'plan', ...request }, at });
    if (listing === 'none') return listed;
    listed.push(`${bucket}/${prefix}`);
  }
}

test('a plan lists every source, one after the other', async () => {
  expect(await places({})).toEqual(['one/in/', 'one/more/', 'two/']);
});

test('of sources, only what is asked for is listed', async () => {
  expect(await places({ bucket: 'one' })).toEqual(['one/in/', 'one/more/']);
  expect(await places({ bucket: 'two', prefix: 'cats/' })).toEqual(['two/cats/']);
  expect(await places({ prefix: 'in/2025/' })).toEqual(['one/in/2025/', 'two/in/2025/']);
  expect(await places({ bucket: 'one', prefix: 'i' })).toEqual(['one/in/']);
});

test('keys of a list are in the bucket that is asked for', async () => {
  const list = (request: Partial<Request>) => begin(services, { execution: 'one', input: { mode: 'plan', keys: 'lists/a.csv', ...request }, at: 0 });
  expect(await list({})).toMatchObject({ listing: 'rows', bucket: 'one', key: 'lists/a.csv' });
  expect(await list({ bucket: 'two' })).toMatchObject({ bucket: 'two' });
});

test('fails for a bucket or a prefix without originals', async () => {
  await expect(places({ bucket: 'three' })).rejects.toThrow('bucket must be one of the pipeline\'s originals, one, two, received "three"');
  await expect(places({ bucket: 'one', prefix: 'out/' })).rejects.toThrow('prefix must be that of originals of the pipeline, received "out/"');
});

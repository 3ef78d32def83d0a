import { EventBridgeClient, PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { LocalServer } from '../../../../local-runner/http/local-server';
import { EventBridge } from '../../../../local-runner/services/event-bridge/event-bridge';
import { putEvents } from '../../../../local-runner/services/event-bridge/put-events';

let server: LocalServer;
let client: EventBridgeClient;
let bridge: EventBridge;
let received: any[];

beforeAll(async () => {
  server = await LocalServer.listen();
  client = new EventBridgeClient({ endpoint: server.origin, region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});
beforeEach(() => {
  bridge = new EventBridge('123456789012', 'eu-central-1');
  server.handle(putEvents(bridge));
  received = [];
});

const take = (name: string) => () => (event: object) => void received.push({ name, ...event });
const pattern = (source: string) => ({ EventPattern: { source: [source] } as never, Targets: [{ Id: 'Target', Arn: 'arn' }] });
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));
const ENTRY = { Source: 'app', DetailType: 'Something Happened', Detail: '{"a":1}' };

test('what is put on a bus goes to the rules of that bus that match', async () => {
  bridge.addBus('own');
  bridge.addRule('Default', pattern('app'), take('default'));
  bridge.addRule('Other', pattern('other'), take('other'));
  bridge.addRule('Own', { ...pattern('app'), EventBusName: 'own' }, take('own'));

  expect(await put(ENTRY)).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  expect(received).toMatchObject([{
    'name': 'default', 'source': 'app', 'detail-type': 'Something Happened', 'detail': { a: 1 }, 'account': '123456789012', 'region': 'eu-central-1',
  }]);

  received = [];
  await put({ ...ENTRY, EventBusName: 'arn:aws:events:eu-central-1:123456789012:event-bus/own' });
  expect(received.map(({ name }) => name)).toEqual(['own']);
});

test('entries fail each for itself', async () => {
  bridge.addRule('Default', pattern('app'), take('default'));

  expect(await put({ ...ENTRY, EventBusName: 'none' }, ENTRY, { ...ENTRY, Detail: 'no JSON' }, { ...ENTRY, Source: '' })).toMatchObject({
    FailedEntryCount: 3,
    Entries: [{ ErrorCode: 'ResourceNotFoundException' }, { EventId: expect.any(String) }, { ErrorCode: 'MalformedDetail' }, { ErrorCode: 'InvalidArgument' }],
  });
  expect(received).toHaveLength(1);
});

test('fails for too many entries, and for too much in them', async () => {
  await expect(put(...Array.from({ length: 11 }, () => ENTRY))).rejects.toThrow('1 to 10 entries');
  await expect(put({ ...ENTRY, Detail: JSON.stringify('x'.repeat(256 * 1024)) })).rejects.toThrow('bytes');
});

test('fails for a rule on a bus that nobody has', () => {
  expect(() => bridge.addRule('Rule', { ...pattern('app'), EventBusName: 'none' }, take('none'))).toThrow('Rule: no stack of the app has an event bus "none"');
});

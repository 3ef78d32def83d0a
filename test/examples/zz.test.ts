import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { picture, RunningApp } from './running-app';
test.each(['queue', 's3Notifications'] as const)('%s', async (trigger) => {
  const app = await RunningApp.pipeline({ trigger });
  await app.app.s3.send(new DeleteBucketCommand({ Bucket: app.output }));
  await app.process('unlucky.jpg', await picture());
  process.stderr.write(`${trigger} failed metrics ${app.metrics().filter((m) => m.Code).length} logs ${app.logs('image failed').length}\n`);
  await app.stop();
}, 60000);
test('prefix', async () => {
  const app = await RunningApp.pipeline({ sourcePrefix: 'my photos/' }).catch((e: Error) => { process.stderr.write(e.message + '\n'); });
  await app?.stop();
}, 60000);

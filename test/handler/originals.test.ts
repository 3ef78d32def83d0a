import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { HttpRequest, HttpResponse } from '@smithy/protocol-http';
import { Originals, READING_CONFIG } from '../../src/handler/originals';

test('reads the bytes as they are, without a checksum that would be computed in JavaScript', async () => {
  const asked: Record<string, string>[] = [];
  const requestHandler = {
    async handle({ headers }: HttpRequest) {
      asked.push(headers);
      return { response: new HttpResponse({ statusCode: 200, headers: { 'content-length': '5', 'etag': '"0"' }, body: Readable.from([Buffer.from('bytes')]) }) };
    },
  };
  const s3 = new S3Client({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, requestHandler, ...READING_CONFIG });

  expect(await new Originals(s3).read('bucket', 'key', 100)).toMatchObject({ body: Buffer.from('bytes') });
  expect(asked).toEqual([expect.not.objectContaining({ 'x-amz-checksum-mode': expect.anything() })]);
});

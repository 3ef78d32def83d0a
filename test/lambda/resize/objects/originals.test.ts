import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { HttpRequest, HttpResponse } from '@smithy/protocol-http';
import { Originals } from '../../../../src/lambda/resize/objects/originals';
import { s3ClientConfig } from '../../../../src/lambda/shared/s3-client-config';

/** S3 that answers every request with these pieces. */
function answering(contentLength: number, pieces: readonly string[]) {
  const asked: Record<string, string>[] = [];
  const requestHandler = {
    async handle({ headers }: HttpRequest) {
      asked.push(headers);
      const body = Readable.from(pieces.map((piece) => Buffer.from(piece)), { objectMode: false });
      return { response: new HttpResponse({ statusCode: 200, headers: { 'content-length': String(contentLength), 'etag': '"0"' }, body }) };
    },
  };
  const s3 = new S3Client({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, requestHandler, ...s3ClientConfig({}) });
  return { originals: new Originals(s3), asked };
}

test('reads the bytes as they are, without a checksum that would be computed in JavaScript', async () => {
  const { originals, asked } = answering(10, ['some', ' ', 'bytes']);

  expect(await originals.read('bucket', 'key', 100)).toMatchObject({ body: Buffer.from('some bytes') });
  expect(asked).toEqual([expect.not.objectContaining({ 'x-amz-checksum-mode': expect.anything() })]);
});

test('does not take less for the whole', async () => {
  const { originals } = answering(10, ['some']);

  await expect(originals.read('bucket', 'key', 100)).rejects.toThrow('expected 10 bytes from S3, received 4');
});

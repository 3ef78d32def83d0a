/** The whole handler with the real SDK clients: their requests are serialised and signed, and answered at once from memory. */
import { Readable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HttpRequest, HttpResponse } from '@smithy/protocol-http';
import type { Job, Work } from './job';
import { measure } from './measure';
import { parseConfig } from '../../../../src/contract';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import * as imaging from '../../../../src/lambda/resize/image';
import { createServices } from '../../../../src/lambda/resize/services/services';
import { Telemetry } from '../../../../src/lambda/resize/services/telemetry';
import { s3ClientConfig } from '../../../../src/lambda/shared/s3-client-config';
import { handlerEnvironment } from '../environment';
import { objectEvent } from '../event';
import { profilesOf } from '../profiles';

void measure(async ({ sizes, format }: Job): Promise<Work> => {
  const config = parseConfig(handlerEnvironment(profilesOf(sizes, format)));
  let object: Buffer;
  let bytes = 0;
  const clientConfig = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    requestHandler: {
      async handle({ method, body }: HttpRequest) {
        if (method === 'GET') return respond(object, { 'content-length': String(object.length), 'etag': '"0"' });
        if (method === 'PUT') bytes += (body as Buffer).length;
        return respond(Buffer.from(method === 'POST' ? '{}' : ''), {});
      },
    },
  };
  const s3 = new S3Client({ ...s3ClientConfig({}), ...clientConfig });
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig), { marshallOptions: { removeUndefinedValues: true } });
  const services = createServices(config, {
    imaging,
    s3,
    dynamodb,
    logger: new Logger({ serviceName: config.pipelineName }),
    telemetry: new Telemetry(config.pipelineName),
  });
  return async (image) => {
    object = image;
    bytes = 0;
    await dispatch(services, objectEvent('image', image.length), { getRemainingTimeInMillis: () => 60_000 }, 1);
    if (bytes === 0) throw new Error('the handler stored nothing');
    return bytes;
  };
});

function respond(body: Buffer, headers: Record<string, string>): { response: HttpResponse } {
  return { response: new HttpResponse({ statusCode: 200, headers, body: Readable.from([body]) }) };
}

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { HandlerConfig, parseConfig } from '../contract';
import { Catalog } from './catalog';
import { dispatch } from './dispatch';
import { plan, probe, render } from './image';
import { Originals } from './originals';
import { Renditions } from './renditions';
import { Services } from './services';
import { prepareSources } from './sources';
import { Telemetry } from './telemetry';
import { s3ClientConfig } from '../runtime/s3-client-config';

/** Lambda gives one vCPU per 1769 MB: more images at a time would share it, and the memory. */
const parallel = Math.max(1, Math.floor(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 0) / 1769));

const services = createServices(parseConfig(process.env));

export function handler(payload: unknown, context: Context): ReturnType<typeof dispatch> {
  services.logger.addContext(context);
  return dispatch(services, payload, context, parallel);
}

function createServices(config: HandlerConfig): Services {
  const s3 = new S3Client(s3ClientConfig(process.env));
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
  return {
    config,
    sources: prepareSources(config),
    imaging: { probe, plan, render },
    originals: new Originals(s3),
    renditions: new Renditions(s3),
    catalog: new Catalog(dynamodb, config.catalog),
    logger: new Logger({ serviceName: config.pipelineName }),
    telemetry: new Telemetry(config.pipelineName),
  };
}

import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { parseConfig } from '../../contract';
import { dispatch } from './delivery/dispatch';
import { layeredHook } from './hook/load-hook';
import * as imaging from './image';
import { createServices } from './services/services';
import { Telemetry } from './services/telemetry';
import { s3ClientConfig } from '../shared/s3-client-config';

/** Lambda gives one vCPU per 1769 MB: more images at a time would share it, and the memory. */
const parallel = Math.max(1, Math.floor(Number(process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 0) / 1769));

const config = parseConfig(process.env);
const hook = config.hook ? layeredHook() : undefined;
const services = createServices(config, {
  eventBridge: config.events && new EventBridgeClient({}),
  hook: hook?.ask,
  imaging,
  s3: new S3Client(s3ClientConfig(process.env)),
  dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
  logger: new Logger({ serviceName: config.pipelineName }),
  telemetry: new Telemetry(config.pipelineName),
});

export async function handler(payload: unknown, context: Context): Promise<Awaited<ReturnType<typeof dispatch>>> {
  services.logger.addContext(context);
  try {
    return await dispatch(services, payload, context, parallel);
  } finally {
    if (hook?.isLost()) endProcess();
  }
}

/** The next invocation has a process of its own. Nothing is lost: what was to be acknowledged is delivered again. */
function endProcess(): never {
  services.logger.error('the hook could not be loaded: this process ends, so that the next one loads it afresh');
  process.exit(1);
}

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { dispatch } from './dispatch';
import { Records } from './records';
import { Services } from './services';
import { METRICS_NAMESPACE, parseBackfillConfig, parseConfig } from '../../contract';
import { s3ClientConfig } from '../shared/s3-client-config';
import { prepareSources } from '../shared/sources';

const services = createServices();

export function handler(payload: unknown, context: Context): ReturnType<typeof dispatch> {
  services.logger.addContext(context);
  return dispatch(services, payload);
}

function createServices(): Services {
  const pipeline = parseConfig(process.env);
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  return {
    config: parseBackfillConfig(process.env),
    pipeline,
    sources: prepareSources(pipeline),
    records: new Records(dynamodb, pipeline.catalog),
    dynamodb,
    s3: new S3Client(s3ClientConfig(process.env)),
    logger: new Logger({ serviceName: pipeline.pipelineName }),
    metrics: new Metrics({ namespace: METRICS_NAMESPACE, serviceName: pipeline.pipelineName }),
    now: () => Date.now(),
  };
}

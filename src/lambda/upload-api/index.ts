import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { Records } from './records';
import { createApi } from './routes';
import { Services } from './services';
import { SIGNING_CONFIG, SignedRequests, SourceObjects } from './signed-requests';
import { ImageApiConfig, parseImageApiConfig } from '../../contract';
import { s3ClientConfig } from '../shared/s3-client-config';

const services = createServices(parseImageApiConfig(process.env));
const api = createApi(services);

export function handler(event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> {
  services.logger.addContext(context);
  return api(event);
}

function createServices(config: ImageApiConfig): Services {
  const s3 = new S3Client({ ...s3ClientConfig(process.env), ...SIGNING_CONFIG });
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
  return {
    config,
    records: new Records(dynamodb, config.catalog, config.upload.expirySeconds),
    requests: new SignedRequests(s3),
    objects: new SourceObjects(s3),
    logger: new Logger({ serviceName: config.serviceName }),
  };
}

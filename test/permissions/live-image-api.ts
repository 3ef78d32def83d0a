import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { Account } from './account';
import { Guard } from './guard';
import { LivePipeline } from './live-pipeline';
import { signedInput } from './signed-requests';
import { ImageApiConfig, parseImageApiConfig } from '../../src/contract';
import { s3ClientConfig } from '../../src/lambda/shared/s3-client-config';
import { Records } from '../../src/lambda/upload-api/records';
import { Api, createApi } from '../../src/lambda/upload-api/routes';
import { SIGNING_CONFIG, SignedRequests, SourceObjects } from '../../src/lambda/upload-api/signed-requests';
import { postForm, putBody } from '../lambda/upload-api/local-image-api';

/** The id of the API in the stacks of these tests. */
export const API = 'Api';

interface Request {
  readonly imageId?: string;
  readonly query?: Record<string, string>;
  readonly body?: unknown;
}

/** The function of a synthesised upload API on the embedded services of a pipeline, with the rights of its role and no others. */
export class LiveImageApi {
  public readonly guard: Guard;
  public readonly config: ImageApiConfig;
  private readonly api: Api;

  /** @param account whose policies apply */
  public constructor(live: LivePipeline, account: Account) {
    const { role, config } = imageApiOf(account);
    const { s3, dynamodb, guard } = live.as(role, account, { ...s3ClientConfig({}), ...SIGNING_CONFIG });
    this.guard = guard;
    this.config = config;
    this.api = createApi({
      config,
      records: new Records(
        DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
        config.catalog,
        config.upload.expirySeconds,
      ),
      requests: new SignedRequests(s3),
      objects: new SourceObjects(s3),
      logger: new Logger({ logLevel: 'SILENT' }),
    });
  }

  /** What the route answers, with its status. */
  public async call(routeKey: string, { imageId, query, body }: Request = {}): Promise<any> {
    const { statusCode, body: answer } = await this.api({
      routeKey,
      headers: body ? { 'content-type': 'application/json' } : {},
      queryStringParameters: query,
      pathParameters: imageId === undefined ? undefined : { imageId },
      requestContext: { requestId: 'request' },
      isBase64Encoded: false,
      body: body && JSON.stringify(body),
    } as unknown as APIGatewayProxyEventV2);
    return { statusCode, ...JSON.parse(answer!) };
  }

  /** Uploads as a browser does with what the API answered; S3 looks at the rights of who signed it. */
  public async send(upload: any, body: Buffer): Promise<number> {
    const { url, fields, headers } = upload;
    if (!await this.guard.admits('PutObjectCommand', signedInput(url, fields ?? headers))) return 403;
    return (await (fields ? postForm(upload, body) : putBody(upload, body))).status;
  }

  /** Follows a link as a browser does. */
  public async follow(url: string): Promise<number> {
    return await this.guard.admits('GetObjectCommand', signedInput(url)) ? (await fetch(url)).status : 403;
  }
}

/** What the synthesised function would run as, and with. */
export function imageApiOf(account: Account): { readonly role: string; readonly arn: string; readonly config: ImageApiConfig } {
  const { arn, properties: { Role: role, Environment } } = account.resource('AWS::Lambda::Function', `${API}Function`);
  return { role, arn, config: parseImageApiConfig(Environment.Variables) };
}

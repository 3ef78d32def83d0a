import { join } from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { IMAGE_API_VARIABLE, ImageApiConfig, LISTING_INDEX, renderImageApiConfig } from '../contract';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';
import { decryptWith, grantObjects, storeWith } from '../support/grant-objects';

export interface CreatedImageApiFunction {
  readonly apiFunction: LambdaFunction;
  readonly role: IRole;
  readonly logGroup: LogGroup;
}

/** The function of the API, with the rights that its routes need. */
export function createImageApiFunction(
  scope: Construct, pipeline: ImageResizePipeline, config: Omit<ImageApiConfig, 'version'>,
): CreatedImageApiFunction {
  const { encryptionKey, formerEncryptionKeys, removalPolicy } = pipeline._storage;
  const logGroup = new LogGroup(scope, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: 'Allows uploads of images, and reads their records and renditions',
  });
  Grant.addToPrincipal({ grantee: role, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resourceArns: [logGroup.logGroupArn] });
  for (const key of [encryptionKey, ...formerEncryptionKeys]) key?.grantDecrypt(role);
  grantRecords(role, pipeline, config.deletes);
  const uploads = { bucket: pipeline.sourceBucket, prefix: config.upload.prefix };
  // Who uploads or downloads has no rights but those of the signature, which are those of this role.
  grantObjects(role, uploads, ['s3:PutObject', ...(config.deletes ? ['s3:DeleteObject'] : [])], storeWith);
  if (config.links.originals) grantObjects(role, uploads, ['s3:GetObject'], decryptWith([]));
  if (config.links.baseUrl === undefined) pipeline._onRenditions((space) => grantObjects(role, space, ['s3:GetObject'], decryptWith(formerEncryptionKeys)));

  const apiFunction = new LambdaFunction(scope, 'Function', {
    description: 'Allows uploads of images, and lists them with their renditions',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(join(__dirname, '..', '..', 'assets', 'image-api')),
    handler: 'index.handler',
    // A page of a hundred images has hundreds of links to sign, which takes processor time.
    memorySize: 1024,
    timeout: Duration.seconds(20),
    role,
    logGroup,
    environmentEncryption: encryptionKey,
    environment: { [IMAGE_API_VARIABLE]: Stack.of(scope).toJsonString(renderImageApiConfig(config)) },
  });
  return { apiFunction, role, logGroup };
}

function grantRecords(role: IRole, { table }: ImageResizePipeline, deletes: boolean): void {
  const actions = ['dynamodb:GetItem', 'dynamodb:PutItem', ...(deletes ? ['dynamodb:DeleteItem'] : [])];
  Grant.addToPrincipal({ grantee: role, actions, resourceArns: [table.tableArn] });
  Grant.addToPrincipal({ grantee: role, actions: ['dynamodb:Query'], resourceArns: [`${table.tableArn}/index/${LISTING_INDEX}`] });
  table.encryptionKey?.grantEncryptDecrypt(role);
}

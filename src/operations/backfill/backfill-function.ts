import { join } from 'path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { BACKFILL_VARIABLE, BackfillConfig, CONFIG_VARIABLE, renderBackfillConfig, renderConfig } from '../../contract';
import { FunctionConfig } from '../../pipeline/function-config';
import type { ImageResizePipeline } from '../../pipeline/image-resize-pipeline';

export interface BackfillFunctionProps {
  readonly pipeline: ImageResizePipeline;
  readonly description: string;
  readonly roleDescription: string;
  readonly config: Omit<BackfillConfig, 'version'>;
}

export interface CreatedBackfillFunction {
  readonly backfillFunction: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
}

/** A function that does steps of a state machine. Its rights are the caller's business. */
export function createBackfillFunction(scope: Construct, { pipeline, config, ...texts }: BackfillFunctionProps): CreatedBackfillFunction {
  const { encryptionKey, formerEncryptionKeys, removalPolicy } = pipeline._storage;
  const logGroup = new LogGroup(scope, 'LogGroup', { retention: RetentionDays.ONE_MONTH, removalPolicy });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), description: texts.roleDescription });
  Grant.addToPrincipal({ grantee: role, actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resourceArns: [logGroup.logGroupArn] });
  for (const key of [encryptionKey, ...formerEncryptionKeys]) key?.grantDecrypt(role);

  const pipelineConfig = new FunctionConfig(scope, () => renderConfig(pipeline._config()));
  const backfillFunction = new LambdaFunction(scope, 'Function', {
    description: texts.description,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(join(__dirname, '..', '..', '..', 'assets', 'image-backfill')),
    handler: 'index.handler',
    // Summaries and reports are streams of lines: memory is asked for its processor time and network.
    memorySize: 1769,
    timeout: Duration.minutes(15),
    role,
    logGroup,
    environmentEncryption: encryptionKey,
    environment: {
      [CONFIG_VARIABLE]: pipelineConfig.variable,
      [BACKFILL_VARIABLE]: Stack.of(scope).toJsonString(renderBackfillConfig(config)),
    },
  });
  pipelineConfig.attachTo(backfillFunction);
  return { backfillFunction, role, logGroup };
}

import { Account, PLACE, Resource } from './account';
import { Call, Context } from './simulator';
import { BACKFILL_VARIABLE, CONFIG_VARIABLE, parseBackfillConfig, parseConfig } from '../../src/contract';

/**
 * What AWS's services call for a pipeline, its API and its distribution, as it follows from what the template connects:
 * S3, EventBridge, API Gateway and CloudFront in their own names, or that of a rule's role; Lambda in that of the function's
 * role, Step Functions in that of the state machine's.
 */
export function serviceCalls(account: Account): Call[] {
  return [
    ...account.resources('Custom::S3BucketNotifications').flatMap((each) => notificationCalls(account, each)),
    ...account.resources('AWS::Events::Rule').flatMap((each) => ruleCalls(account, each)),
    ...account.resources('AWS::StepFunctions::StateMachine').flatMap((each) => stateMachineCalls(account, each)),
    ...account.resources('AWS::ApiGatewayV2::Route').flatMap((each) => routeCalls(account, each)),
    ...account.resources('AWS::Lambda::EventSourceMapping').flatMap((each) => pollerCalls(account, each)),
    ...account.resources('AWS::Lambda::EventInvokeConfig').flatMap((each) => failureCalls(account, each)),
    ...account.resources('AWS::Lambda::Function').filter(isOfPipeline).flatMap(functionCalls),
  ];
}

/** How S3 says for which bucket it calls. */
export function asBucket(name: string, account: string = PLACE.account): Context {
  return { 'aws:SourceArn': `arn:aws:s3:::${name}`, 'aws:SourceAccount': account };
}

function notificationCalls(account: Account, { properties: { BucketName, NotificationConfiguration } }: Resource): Call[] {
  const context = asBucket(BucketName);
  const { QueueConfigurations = [], LambdaFunctionConfigurations = [] } = NotificationConfiguration;
  return [
    ...QueueConfigurations.flatMap(({ QueueArn }: any) => sendCalls(account, 's3.amazonaws.com', QueueArn, context)),
    ...LambdaFunctionConfigurations.map(({ LambdaFunctionArn }: any) => ({
      principal: 's3.amazonaws.com', action: 'lambda:InvokeFunction', resource: LambdaFunctionArn, context,
    })),
  ];
}

function ruleCalls(account: Account, { arn, properties: { Targets } }: Resource): Call[] {
  const send = (queue: string) => sendCalls(account, 'events.amazonaws.com', queue, { 'aws:SourceArn': arn });
  return Targets.flatMap(({ Arn, RoleArn, DeadLetterConfig }: any) => [
    ...(RoleArn ? [{ principal: RoleArn, action: 'states:StartExecution', resource: Arn }] : send(Arn)),
    ...send(DeadLetterConfig.Arn),
  ]);
}

/** Step Functions calls what the tasks of the definition name, and keeps the logs and traces that it is told to. */
function stateMachineCalls(account: Account, { arn, properties }: Resource): Call[] {
  const { DefinitionString, RoleArn: principal, LoggingConfiguration, TracingConfiguration } = properties;
  const observed = [
    ...(LoggingConfiguration ? LOG_DELIVERY : []),
    ...(TracingConfiguration?.Enabled ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets'] : []),
  ];
  return [
    ...tasksIn(JSON.parse(DefinitionString)).flatMap(({ Resource: called, Parameters }) => {
      if (called.startsWith('arn:aws:lambda:')) return [{ principal, action: 'lambda:InvokeFunction', resource: called }];
      if (called === 'arn:aws:states:::sqs:sendMessage') return sendCalls(account, principal, queueOf(account, Parameters!.QueueUrl));
      throw new Error(`the calls of a task with the resource ${called} are not known`);
    }),
    ...observed.map((action) => ({ principal, action, resource: '*' })),
    ...mapsIn(JSON.parse(DefinitionString)).flatMap((map) => mapCalls(account, arn, principal, map)),
  ];
}

/** What a distributed map does: it lists or reads its items, runs each as an execution of the state machine, and writes results. */
function mapCalls(account: Account, machine: string, principal: string, { Label, ItemReader, ResultWriter }: DistributedMap): Call[] {
  const by = (action: string, resource: string, context?: Context): Call => ({ principal, action, resource, context });
  const execution = machine.replace(':stateMachine:', ':execution:');
  const items = ItemReader.Resource.endsWith('listObjectsV2')
    ? placesOf(account, Label).map(({ bucket, prefix }) => by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': `${prefix}a/` }))
    : ['backfill/one/work.jsonl', ...(Label.startsWith('Plan') ? ['lists/keys.csv'] : [])].flatMap((key) => withKey(account, by, `arn:aws:s3:::${ItemReader.Parameters.Bucket}/${key}`, ['s3:GetObject'], ['kms:Decrypt']));
  const results = `arn:aws:s3:::${ResultWriter.Parameters.Bucket}/backfill/one/results/x`;
  return [
    ...items,
    ...withKey(account, by, results, ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], ['kms:GenerateDataKey', 'kms:Decrypt']),
    by('states:StartExecution', machine),
    ...['states:DescribeExecution', 'states:StopExecution'].map((action) => by(action, `${execution}:any`)),
    by('states:RedriveExecution', `${execution}/${Label}:any`),
  ];
}

function withKey(
  account: Account, by: (action: string, resource: string) => Call, object: string, actions: readonly string[], uses: readonly string[],
): Call[] {
  const key = account.keyOf(object);
  return [...actions.map((action) => by(action, object)), ...(key ? uses.map((use) => by(use, key)) : [])];
}

interface DistributedMap {
  readonly Label: string;
  readonly ItemReader: { readonly Resource: string; readonly Parameters: Readonly<Record<string, string>> };
  readonly ResultWriter: { readonly Parameters: Readonly<Record<string, string>> };
}

function mapsIn(definition: any): DistributedMap[] {
  if (typeof definition !== 'object' || definition === null) return [];
  const own = definition.ItemReader ? [definition as DistributedMap] : [];
  return [...own, ...Object.values(definition).flatMap(mapsIn)];
}

/** What a map lists: originals, or, where they are judged, renditions. */
function placesOf(account: Account, label: string): readonly { readonly bucket: string; readonly prefix: string }[] {
  const configured = account.resources('AWS::Lambda::Function').find(({ properties }) => CONFIG_VARIABLE in (properties.Environment?.Variables ?? {}))!;
  const { sources, outputBucket } = parseConfig(configured.properties.Environment.Variables);
  if (label !== 'JudgeObjects') return sources;
  const former = account.resources('AWS::Lambda::Function').flatMap(({ properties: { Environment } }) => (
    BACKFILL_VARIABLE in (Environment?.Variables ?? {}) ? parseBackfillConfig(Environment.Variables).formerOutputs ?? [] : []
  ));
  return [...sources.map(({ outputPrefix }) => ({ bucket: outputBucket, prefix: outputPrefix })), ...former];
}

/** What the manual of Step Functions has the role of a state machine have for its logs. */
const LOG_DELIVERY = [
  'CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries', 'PutResourcePolicy', 'DescribeResourcePolicies',
  'DescribeLogGroups',
].map((action) => `logs:${action}`);

interface Task {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters?: { readonly QueueUrl: string };
}

/** The tasks of a definition, also those inside of other states. */
function tasksIn(definition: any): Task[] {
  if (typeof definition !== 'object' || definition === null) return [];
  const own = definition.Type === 'Task' ? [definition as Task] : [];
  return [...own, ...Object.values(definition).flatMap(tasksIn)];
}

function queueOf(account: Account, url: string): string {
  return account.resources('AWS::SQS::Queue').find(({ name }) => url.endsWith(`/${name}`))!.arn;
}

function routeCalls(account: Account, { properties: { ApiId, RouteKey, Target } }: Resource): Call[] {
  const integration = account.resources('AWS::ApiGatewayV2::Integration').find(({ name }) => Target.endsWith(`/${name}`))!;
  return [{ principal: 'apigateway.amazonaws.com', action: 'lambda:InvokeFunction', resource: integration.properties.IntegrationUri, context: asRoute(ApiId, RouteKey) }];
}

/** How API Gateway says for which route it calls. */
export function asRoute(api: string, routeKey: string, account: string = PLACE.account): Context {
  return { 'aws:SourceArn': `arn:aws:execute-api:${PLACE.region}:${account}:${api}/$default/${routeKey.replace(' ', '')}` };
}

/** How CloudFront says for which distribution it calls. */
export function asDistribution(id: string, account: string = PLACE.account): Context {
  return { 'aws:SourceArn': `arn:aws:cloudfront::${account}:distribution/${id}` };
}

/** CloudFront reads an object, and has S3 decrypt it. */
export function deliveryCalls(account: Account, object: string, context?: Context): Call[] {
  const principal = 'cloudfront.amazonaws.com';
  const key = account.keyOf(object);
  return [
    { principal, action: 's3:GetObject', resource: object, context },
    ...(key ? [{ principal, action: 'kms:Decrypt', resource: key, context }] : []),
  ];
}

/** A service says for whom it sends, but not for whom it uses the key of the queue. */
function sendCalls(account: Account, principal: string, queue: string, context?: Context): Call[] {
  const key = account.keyOf(queue);
  return [
    { principal, action: 'sqs:SendMessage', resource: queue, context },
    ...(key ? ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ principal, action, resource: key })) : []),
  ];
}

function pollerCalls(account: Account, { properties: { EventSourceArn, FunctionName } }: Resource): Call[] {
  const principal = roleOf(account, FunctionName);
  const key = account.keyOf(EventSourceArn);
  return [
    ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((action) => ({ principal, action, resource: EventSourceArn })),
    ...(key ? [{ principal, action: 'kms:Decrypt', resource: key }] : []),
  ];
}

function failureCalls(account: Account, { properties: { FunctionName, DestinationConfig } }: Resource): Call[] {
  return sendCalls(account, roleOf(account, FunctionName), DestinationConfig.OnFailure.Destination);
}

function functionCalls({ properties: { Role, KmsKeyArn, LoggingConfig, TracingConfig, VpcConfig } }: Resource): Call[] {
  const logs = `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:${LoggingConfig.LogGroup}:log-stream:1`;
  const anyInterface = `arn:aws:ec2:${PLACE.region}:${PLACE.account}:network-interface/eni-1`;
  const calls = [
    ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: logs })),
    ...(KmsKeyArn ? [{ action: 'kms:Decrypt', resource: KmsKeyArn }] : []),
    ...(TracingConfig ? ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'].map((action) => ({ action, resource: '*' })) : []),
    ...(VpcConfig ? [
      ...['ec2:CreateNetworkInterface', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses']
        .map((action) => ({ action, resource: anyInterface })),
      ...['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets'].map((action) => ({ action, resource: '*' })),
    ] : []),
  ];
  return calls.map((call) => ({ principal: Role, ...call }));
}

function roleOf(account: Account, functionName: string): string {
  return account.resources('AWS::Lambda::Function').find(({ name }) => name === functionName)!.properties.Role;
}

/** Not CDK's own functions, which work at deployment. */
function isOfPipeline({ properties }: Resource): boolean {
  return properties.LoggingConfig !== undefined;
}

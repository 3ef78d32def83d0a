import { Account, PLACE, Resource } from './account';
import { Call, Context } from './simulator';

/**
 * What AWS's services call for a pipeline, as it follows from what the template connects: S3, EventBridge, and Lambda in
 * the name of the function's role.
 */
export function serviceCalls(account: Account): Call[] {
  return [
    ...account.resources('Custom::S3BucketNotifications').flatMap((each) => notificationCalls(account, each)),
    ...account.resources('AWS::Events::Rule').flatMap((each) => ruleCalls(account, each)),
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
  const queues = Targets.flatMap(({ Arn, DeadLetterConfig }: any) => [Arn, DeadLetterConfig.Arn]);
  return queues.flatMap((queue: string) => sendCalls(account, 'events.amazonaws.com', queue, { 'aws:SourceArn': arn }));
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

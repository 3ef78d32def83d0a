/** By namespace, of each metric the dimensions with which AWS documents it, as far as they are used. */
const DOCUMENTED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  /** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
  'AWS/Lambda': {
    Invocations: ['FunctionName'],
    Errors: ['FunctionName'],
    Throttles: ['FunctionName'],
    Duration: ['FunctionName'],
    ConcurrentExecutions: ['FunctionName'],
    AsyncEventsReceived: ['FunctionName'],
    AsyncEventAge: ['FunctionName'],
    DestinationDeliveryFailures: ['FunctionName'],
  },
  /** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
  'AWS/SQS': {
    ApproximateAgeOfOldestMessage: ['QueueName'],
    ApproximateNumberOfMessagesVisible: ['QueueName'],
    ApproximateNumberOfMessagesNotVisible: ['QueueName'],
    NumberOfMessagesSent: ['QueueName'],
    NumberOfMessagesReceived: ['QueueName'],
    NumberOfMessagesDeleted: ['QueueName'],
    NumberOfEmptyReceives: ['QueueName'],
  },
  /** @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
  'AWS/States': {
    ExecutionsStarted: ['StateMachineArn'],
    ExecutionsSucceeded: ['StateMachineArn'],
    ExecutionsFailed: ['StateMachineArn'],
    ExecutionsTimedOut: ['StateMachineArn'],
    ExecutionsAborted: ['StateMachineArn'],
  },
  /** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html */
  'AWS/DynamoDB': {
    ConsumedWriteCapacityUnits: ['TableName', 'GlobalSecondaryIndexName?'],
    ConsumedReadCapacityUnits: ['TableName', 'GlobalSecondaryIndexName?'],
  },
  /** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html */
  'AWS/Logs': { IncomingBytes: ['LogGroupName'] },
  /** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html */
  'AWS/ApiGateway': {
    'Count': ['ApiId', 'Stage'],
    '4xx': ['ApiId', 'Stage'],
    '5xx': ['ApiId', 'Stage'],
    'Latency': ['ApiId', 'Stage'],
  },
};

/** @returns whether AWS has a metric of the name with just these dimensions */
export function isDocumented(namespace: string, name: string, dimensions: readonly string[]): boolean {
  const documented = DOCUMENTED[namespace]?.[name];
  if (!documented) return false;
  const known = documented.map((dimension) => dimension.replace('?', ''));
  return dimensions.every((dimension) => known.includes(dimension))
    && documented.filter((dimension) => !dimension.endsWith('?')).every((dimension) => dimensions.includes(dimension));
}

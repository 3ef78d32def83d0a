import { createHash } from 'crypto';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';

import { statesError } from './errors';
import type { State } from './states';
import type { InvocationResult } from '../lambda/local-function';

/** What tasks can call. */
export interface TaskTargets {
  /** The function of a name or ARN. @throws Error for none */
  readonly lambda: (nameOrArn: string) => { invoke(payload: unknown): Promise<InvocationResult> };
  /** What takes the messages of the queue with this URL. @throws Error for none */
  readonly queue: (url: string) => (body: string) => void;
  readonly dynamodb: DynamoDBClient;
  /** From which distributed maps read their items, and to which they write results. */
  readonly s3: S3Client;
}

export type Task = (input: unknown) => Promise<unknown>;

type Parameters = Readonly<Record<string, unknown>>;

interface Integration {
  /** The parameters that the runner understands; undefined for those of the SDK. */
  readonly parameters?: readonly string[];
  /** Finds what does not depend on the input, so that it is missed at once. */
  readonly prepare?: (parameters: Parameters, targets: TaskTargets) => void;
  readonly call: (parameters: never, targets: TaskTargets) => Promise<unknown>;
}

const INTEGRATIONS: Readonly<Record<string, Integration>> = {
  'lambda:invoke': {
    parameters: ['FunctionName', 'Payload', 'InvocationType'],
    prepare: ({ FunctionName, InvocationType = 'RequestResponse' }, targets) => {
      if (InvocationType !== 'RequestResponse') throw new Error(`InvocationType must be "RequestResponse", received ${JSON.stringify(InvocationType)}`);
      if (FunctionName !== undefined) targets.lambda(FunctionName as string);
    },
    call: async ({ FunctionName, Payload = {} }: { FunctionName: string; Payload?: unknown }, targets) => ({
      ExecutedVersion: '$LATEST',
      Payload: await invoke(FunctionName, Payload, targets),
      StatusCode: 200,
    }),
  },
  'sqs:sendMessage': {
    parameters: ['QueueUrl', 'MessageBody'],
    prepare: ({ QueueUrl }, targets) => {
      if (QueueUrl !== undefined) targets.queue(QueueUrl as string);
    },
    call: ({ QueueUrl, MessageBody }: { QueueUrl: string; MessageBody: unknown }, targets) => {
      const body = typeof MessageBody === 'string' ? MessageBody : JSON.stringify(MessageBody);
      targets.queue(QueueUrl)(body);
      return Promise.resolve({ MD5OfMessageBody: createHash('md5').update(body).digest('hex') });
    },
  },
  'dynamodb:getItem': { call: (parameters, { dynamodb }) => asDynamo(dynamodb.send(new GetItemCommand(parameters))) },
  'dynamodb:putItem': { call: (parameters, { dynamodb }) => asDynamo(dynamodb.send(new PutItemCommand(parameters))) },
  'dynamodb:updateItem': { call: (parameters, { dynamodb }) => asDynamo(dynamodb.send(new UpdateItemCommand(parameters))) },
  'dynamodb:deleteItem': { call: (parameters, { dynamodb }) => asDynamo(dynamodb.send(new DeleteItemCommand(parameters))) },
};

/**
 * What a `Task` state does.
 *
 * @param at where the state stands, for errors
 */
export function taskOf(state: State, targets: TaskTargets, at: string): Task {
  const resource = state.Resource as string;
  if (/^arn:[^:]+:lambda:/.test(resource)) {
    targets.lambda(resource);
    return (input) => invoke(resource, input, targets);
  }
  const integration = INTEGRATIONS[/^arn:[^:]+:states:::(.*)$/.exec(resource)?.[1] ?? ''];
  if (!integration) {
    throw new Error(`${at} has resource ${JSON.stringify(resource)}, which the local runner does not know: it knows functions and ${Object.keys(INTEGRATIONS).join(', ')}`);
  }
  const parameters = (state.Parameters ?? {}) as Parameters;
  const unknown = Object.keys(parameters).find((name) => integration.parameters?.includes(name.replace(/\.\$$/, '')) === false);
  if (unknown !== undefined) throw new Error(`${at} has parameter ${unknown}, which the local runner does not know`);
  try {
    integration.prepare?.(parameters, targets);
  } catch (error) {
    throw new Error(`${at}: ${(error as Error).message}`);
  }
  return (input) => integration.call(input as never, targets);
}

async function invoke(nameOrArn: string, payload: unknown, targets: TaskTargets): Promise<unknown> {
  const result = await targets.lambda(nameOrArn).invoke(payload);
  if (result.error) throw statesError(result.error.errorType, JSON.stringify(result.error));
  return result.payload ?? null;
}

async function asDynamo(sent: Promise<object>): Promise<unknown> {
  try {
    const { $metadata, ...output } = await sent as Readonly<Record<string, unknown>>;
    return output;
  } catch (error) {
    const { name, message } = error as Error;
    throw statesError(`DynamoDB.${name}`, message);
  }
}

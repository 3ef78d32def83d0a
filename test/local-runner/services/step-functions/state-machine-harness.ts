import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LocalTables } from '../../../../local-runner/services/dynamodb/local-tables';
import { LocalFunction } from '../../../../local-runner/services/lambda/local-function';
import { LocalS3 } from '../../../../local-runner/services/s3';
import { Execution, StateMachine, StatusChange } from '../../../../local-runner/services/step-functions/state-machine';

export const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const QUEUE = 'https://sqs.us-east-1.amazonaws.com/000000000000/done';

/** Does what its event says, and counts its calls by the event's key. */
const CODE = `
const calls = new Map();
export const handler = async (event) => {
  const key = event?.key ?? '';
  const count = (calls.get(key) ?? 0) + 1;
  calls.set(key, count);
  if (event?.hang) await new Promise((resolve) => setTimeout(resolve, event.hang));
  if (event?.fail && count <= (event.times ?? Infinity)) throw Object.assign(new Error('not ' + key), { name: event.fail });
  return event?.fail ? { count } : event;
};`;

/** What tasks call: a function, a queue and the table `images`; and the machines of a test. */
export class StateMachineHarness {
  static async start(): Promise<StateMachineHarness> {
    const folder = mkdtempSync(join(tmpdir(), 'state-machine-test-'));
    writeFileSync(join(folder, 'index.mjs'), CODE);
    const tables = await LocalTables.start();
    const dynamodb = new DynamoDBClient({ endpoint: tables.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
    await tables.create(dynamodb, 'images', {
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const s3 = await LocalS3.start({ credentials, region: 'us-east-1', temporaryDirectory: folder });
    s3.createBucket('photos');
    const s3Client = new S3Client({ endpoint: s3.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
    return new StateMachineHarness(folder, tables, dynamodb, s3, s3Client);
  }

  /** What was sent to the queue since `reset`. */
  readonly messages: string[] = [];
  /** What executions told of themselves since `reset`. */
  readonly changes: StatusChange[] = [];
  private readonly machines: StateMachine[] = [];
  private readonly work: LocalFunction;

  private constructor(
    private readonly folder: string,
    private readonly tables: LocalTables,
    private readonly dynamodb: DynamoDBClient,
    private readonly s3Server: LocalS3,
    private readonly s3: S3Client,
  ) {
    this.work = new LocalFunction({
      name: 'work',
      arn: LAMBDA,
      region: 'us-east-1',
      folder: () => folder,
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      memorySize: 128,
      timeoutSeconds: 10,
      environment: {},
      concurrency: 1,
      onLog: () => undefined,
    });
  }

  /** A machine that ends with the test. */
  machine(definition: object, waitFactor = 0.001): StateMachine {
    const made = new StateMachine({
      name: 'resize',
      arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:resize',
      at: 'Stack.Machine',
      properties: { DefinitionString: JSON.stringify(definition) },
      targets: {
        lambda: (arn) => {
          if (arn !== LAMBDA) throw new Error(`no function ${JSON.stringify(arn)}`);
          return this.work;
        },
        queue: (url) => {
          if (url !== QUEUE) throw new Error(`no queue ${JSON.stringify(url)}`);
          return (body) => void this.messages.push(body);
        },
        dynamodb: this.dynamodb,
        s3: this.s3,
      },
      waitFactor,
      onStatusChange: (change) => this.changes.push(change),
    });
    this.machines.push(made);
    return made;
  }

  /** An execution that has ended. */
  async run(definition: object, input: unknown = {}): Promise<Execution> {
    const execution = this.machine(definition).start(input);
    await execution.ended;
    return execution;
  }

  /** Puts an object into the bucket `photos`. */
  async put(key: string, body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: 'photos', Key: key, Body: body }));
  }

  /** The text of an object in the bucket `photos`. */
  async text(key: string): Promise<string> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: 'photos', Key: key }));
    return Body!.transformToString();
  }

  async reset(): Promise<void> {
    await Promise.all(this.machines.splice(0).map((each) => each.stop()));
    this.messages.length = 0;
    this.changes.length = 0;
  }

  async stop(): Promise<void> {
    this.dynamodb.destroy();
    this.s3.destroy();
    await this.s3Server.stop();
    await this.tables.stop();
    await this.work.stop();
    rmSync(this.folder, { recursive: true });
  }
}

export const succeeded = (output: unknown) => expect.objectContaining({ status: 'SUCCEEDED', output });
export const failed = (error: string | undefined, cause: unknown = expect.anything()) => expect.objectContaining({ status: 'FAILED', error, cause });

/** A machine of one state. */
export const only = (state: object) => branch('Only', state);
export const pass = (fields: object) => only({ Type: 'Pass', ...fields });
export const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { End: true, ...state } } });

/** A state that invokes the function. */
export const call = (payload: object, more: object = {}) => (
  { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: LAMBDA, Payload: payload }, ...more }
);
/** A state that sends a message to the queue. */
export const send = (parameters: object, more: object = {}) => (
  { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: QUEUE, ...parameters }, ...more }
);

import { IApiCall, ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { ClientRequest, createClient } from './client';
import type { ImageResizePipeline } from '../../src';

const PATIENCE = { totalTimeout: Duration.minutes(5), interval: Duration.seconds(5) };

export interface Upload {
  readonly key: string;
  readonly imageId: string;
  readonly width?: number;
  readonly height?: number;
  readonly damaged?: boolean;
}

/**
 * A stack that is deployed, used, and compared with what it shall do. The steps happen in an account, in the order in which they are
 * called; this program only describes them.
 */
export class ImageTest {
  public readonly stack: Stack;
  private readonly client: IFunction;
  private readonly assertions: IntegTest['assertions'];
  private last?: IApiCall;

  constructor(name: string) {
    const app = new App();
    this.stack = new Stack(app, name);
    this.client = createClient(this.stack);
    const test = new IntegTest(app, `${name}Test`, {
      testCases: [this.stack],
      // The hashes of code change with every build, and say nothing of the stack: the code has tests of its own.
      diffAssets: false,
      // Deploying the snapshot first would need the code of the snapshot in git.
      stackUpdateWorkflow: false,
      cdkCommandOptions: { destroy: { args: { force: true } } },
    });
    this.assertions = test.assertions;
  }

  /** Puts a picture into the pipeline's bucket. */
  public upload({ sourceBucket, grants }: ImageResizePipeline, { width = 640, height = 480, ...upload }: Upload): this {
    grants.upload(this.client);
    return this.ask({ put: { bucket: sourceBucket.bucketName, width, height, ...upload } }, '"stored"');
  }

  /** @param expected What the client's answer must be, as JSON; it is asked again until it is, where that may take a while. */
  public ask(request: ClientRequest, expected: string, options: { readonly patient?: boolean } = {}): this {
    const call = this.assertions.invokeFunction({ functionName: this.client.functionName, payload: JSON.stringify(request) });
    call.expect(ExpectedResult.objectLike({ Payload: expected }));
    return this.then(options.patient ? call.waitForAssertions(PATIENCE) : call);
  }

  /** The record of an image has these attributes, after a while. */
  public record({ table }: ImageResizePipeline, imageId: string, attributes: Record<string, unknown>): this {
    return this.eventually('DynamoDB', 'getItem', { TableName: table.tableName, Key: { imageId: { S: imageId } }, ConsistentRead: true }, { Item: attributes });
  }

  /** An object is there, and is what it says. */
  public rendition({ outputBucket }: ImageResizePipeline, key: string, expected: Record<string, unknown>): this {
    const call = this.assertions.awsApiCall('S3', 'headObject', { Bucket: outputBucket.bucketName, Key: key });
    call.provider.addToRolePolicy({ Effect: 'Allow', Action: ['s3:GetObject'], Resource: [outputBucket.arnForObjects('*')] });
    call.expect(ExpectedResult.objectLike(expected));
    return this.then(call);
  }

  /** Calls AWS once, whatever comes. */
  public call(service: string, api: string, parameters: unknown, expected?: Record<string, unknown>): this {
    const call = this.assertions.awsApiCall(service, api, parameters);
    if (expected) call.expect(ExpectedResult.objectLike(expected));
    return this.then(call);
  }

  /** Calls AWS until it answers so. */
  public eventually(service: string, api: string, parameters: unknown, expected: Record<string, unknown>): this {
    const call = this.assertions.awsApiCall(service, api, parameters);
    call.expect(ExpectedResult.objectLike(expected));
    return this.then(call.waitForAssertions(PATIENCE));
  }

  private then(call: IApiCall): this {
    this.last?.next(call);
    this.last = call;
    return this;
  }
}

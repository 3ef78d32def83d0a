import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  Choice, Condition, DefinitionBody, Errors, Fail, JitterType, JsonPath, LogLevel, Map, Pass, Result, StateMachine, Succeed, TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { Step, STEP_OUTCOMES, STEPS } from '../contract';

export interface ResizeStateMachineOptions {
  readonly resizeFunction: LambdaFunction;
  readonly deadLetterQueue: IQueue;
  readonly maxTries: number;
  /** Most renditions of one image at a time. */
  readonly maxConcurrency: number;
  readonly removalPolicy?: RemovalPolicy;
  readonly logRetention?: RetentionDays;
}

/** What Lambda answers when it could not run the function: no fault of the image, and no try of it. */
const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException', 'Lambda.SdkClientException',
];
/** There is no queue in front: what comes at once waits here, for about six hours. */
const THROTTLING = 'Lambda.TooManyRequestsException';

/**
 * Begins an image, makes each of its renditions by an invocation of its own, and completes the record once all are there.
 * The input is an event of EventBridge.
 *
 * A standard state machine: an express one is cut off after five minutes, also in a step that waits to be tried again,
 * and then records nothing.
 */
export function createStateMachine(scope: Construct, options: ResizeStateMachineOptions): StateMachine {
  const definition = new Construct(scope, 'Definition');
  const step = (id: string, name: Step, payload: Record<string, unknown>, resultPath: string) =>
    createStep(definition, id, options, { step: name, ...payload }, resultPath);
  const event = JsonPath.objectAt('$.event');
  const image = JsonPath.objectAt('$.begun.image');

  const done = new Succeed(definition, 'Done');
  const toDeadLetters = new SqsSendMessage(definition, 'SendToDeadLetterQueue', {
    queue: options.deadLetterQueue,
    messageBody: TaskInput.fromJsonPathAt('$.event'),
    resultPath: JsonPath.DISCARD,
  }).addRetry({ errors: [Errors.ALL], maxAttempts: 5, maxDelay: Duration.minutes(5), jitterStrategy: JitterType.FULL })
    .next(new Fail(definition, 'GivenUp', { error: 'RETRIES_EXHAUSTED', cause: 'a step failed in every try; the event is in the dead-letter queue' }));
  const giveUp = step('GiveUp', STEPS.giveUp, { event }, '$.ended');
  giveUp.addCatch(toDeadLetters, { resultPath: JsonPath.DISCARD });
  const isGivenUp = new Choice(definition, 'IsGivenUp')
    .when(Condition.stringEquals('$.ended.outcome', STEP_OUTCOMES.givenUp), toDeadLetters)
    .otherwise(done);
  giveUp.next(isGivenUp);

  const renderOne = step('Render', STEPS.render, {
    event, image: JsonPath.objectAt('$.image'), rendition: JsonPath.stringAt('$.rendition'),
  }, JsonPath.entirePayload);
  // The others go on: what is still being stored when an execution gives up, nobody would remove.
  renderOne.addCatch(new Pass(definition, 'RenditionGivenUp', { result: Result.fromObject({ givenUp: true }) }));

  const render = new Map(definition, 'Renditions', {
    itemsPath: '$.begun.renditions',
    itemSelector: { event, image, rendition: JsonPath.stringAt('$$.Map.Item.Value') },
    maxConcurrency: options.maxConcurrency,
    resultPath: '$.made',
  }).itemProcessor(renderOne);
  const complete = step('Complete', STEPS.complete, { event, image, made: JsonPath.objectAt('$.made') }, '$.ended');
  const begin = step('Begin', STEPS.begin, { event }, '$.begun');
  // The history of the execution tells the error. Its 32 KB in the state could be too many, which no Catch catches.
  for (const state of [begin, render, complete]) state.addCatch(giveUp, { resultPath: JsonPath.DISCARD });

  begin.next(new Choice(definition, 'IsClaimed').when(Condition.stringEquals('$.begun.outcome', STEP_OUTCOMES.claimed), render).otherwise(done));
  render.next(complete);
  complete.next(new Choice(definition, 'IsChanged').when(Condition.stringEquals('$.ended.outcome', STEP_OUTCOMES.changed), begin).otherwise(isGivenUp));

  const { removalPolicy = RemovalPolicy.RETAIN } = options;
  const logGroup = new LogGroup(scope, 'StateMachineLogs', { retention: options.logRetention ?? RetentionDays.ONE_WEEK, removalPolicy });
  return new StateMachine(scope, 'StateMachine', {
    comment: 'Makes the renditions of an image in parallel',
    definitionBody: DefinitionBody.fromChainable(new Pass(definition, 'Start', { parameters: { event: JsonPath.objectAt('$') } }).next(begin)),
    tracingEnabled: true,
    // Which step came to what. Events hold keys and the addresses of uploaders, which are no business of a log.
    logs: { level: LogLevel.ALL, includeExecutionData: false, destination: logGroup },
  });
}

function createStep(
  scope: Construct, id: string, { resizeFunction, maxTries }: ResizeStateMachineOptions, payload: Record<string, unknown>, resultPath: string,
): LambdaInvoke {
  const step = new LambdaInvoke(scope, id, {
    lambdaFunction: resizeFunction,
    payload: TaskInput.fromObject(payload),
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    resultPath,
  });
  step.addRetry({
    errors: [THROTTLING], interval: Duration.seconds(2), maxAttempts: 150, maxDelay: Duration.minutes(5), jitterStrategy: JitterType.FULL,
  });
  step.addRetry({
    errors: LAMBDA_ERRORS, interval: Duration.seconds(2), maxAttempts: 8, maxDelay: Duration.minutes(1), jitterStrategy: JitterType.FULL,
  });
  // A step that waits for an invocation of a later event has, within three tries, waited longer than that can take.
  const interval = Duration.seconds(Math.ceil(resizeFunction.timeout!.toSeconds() / 3));
  step.addRetry({ errors: [Errors.ALL], interval, backoffRate: 3, maxAttempts: maxTries - 1, maxDelay: Duration.hours(1) });
  return step;
}

export type { Queue } from './services/sqs/queue';
export type { Execution, StateMachine } from './services/step-functions/state-machine';
export type { LogLine } from './services/lambda/local-function';
export { LocalApp, type LocalAppOptions } from './app/local-app';
export { requestsSince } from './services/request-counts';

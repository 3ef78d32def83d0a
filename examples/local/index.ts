export type { Queue } from './cloud/queue';
export type { Execution, StateMachine } from './cloud/state-machine';
export type { LogLine } from './lambda/local-function';
export { LocalApp, type LocalAppOptions } from './local-app';

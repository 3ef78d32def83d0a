export type { Queue } from './cloud/queue';
export type { LogLine } from './lambda/local-function';
export { LocalApp, type LocalAppOptions } from './local-app';

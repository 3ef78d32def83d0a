export { alike } from './alike';
export { distinguish } from './distinguish';
export { plan } from './plan';
export type { PlannedRendition } from './plan';
export { probe } from './probe';
export type { Probe } from './probe';
export { render } from './render';
export type { RenderOptions } from './render';
export { measure } from './trim';

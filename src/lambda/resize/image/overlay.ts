import { Sharp } from './sharp';

/** Pixels that are laid over a picture. */
export type Overlay = Parameters<Sharp['composite']>[0][number];

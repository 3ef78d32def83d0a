import { Logger } from '@aws-lambda-powertools/logger';
import { Catalog } from './catalog';
import { HandlerConfig } from '../contract';
import type * as image from './image';
import { Originals } from './originals';
import { Renditions } from './renditions';
import { Source } from './sources';
import { Telemetry } from './telemetry';

/** The image path: everything that touches pixels. */
export type Imaging = Pick<typeof image, 'probe' | 'plan' | 'render'>;

/** What the functions of the handler work with. Made once per cold start; tests pass their own. */
export interface Services {
  readonly config: HandlerConfig;
  readonly sources: readonly Source[];
  readonly imaging: Imaging;
  readonly originals: Originals;
  readonly renditions: Renditions;
  readonly catalog: Catalog;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

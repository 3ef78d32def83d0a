import type { Logger } from '@aws-lambda-powertools/logger';
import { Records } from './records';
import { SignedRequests, SourceObjects } from './signed-requests';
import { ImageApiConfig } from '../../contract';

/** What the routes work with. Made once per cold start; tests pass their own. */
export interface Services {
  readonly config: ImageApiConfig;
  readonly records: Records;
  readonly requests: SignedRequests;
  readonly objects: SourceObjects;
  readonly logger: Logger;
}

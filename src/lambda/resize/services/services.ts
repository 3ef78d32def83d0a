import type { Logger } from '@aws-lambda-powertools/logger';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HandlerConfig, ResizeHookFunction } from '../../../contract';
import { prepareSources, Source } from '../../shared/sources';
import type * as image from '../image';
import type { Telemetry } from './telemetry';
import { Announcements } from '../announcements/announcements';
import { Originals } from '../objects/originals';
import { Renditions } from '../objects/renditions';
import { Watermarks } from '../objects/watermarks';
import { Catalog } from '../record/catalog';

/** The image path: everything that touches pixels. */
export type Imaging = Pick<typeof image, 'probe' | 'measure' | 'plan' | 'alike' | 'render' | 'distinguish'>;

/** What the functions of the handler work with. Made once per cold start. */
export interface Services {
  readonly config: HandlerConfig;
  readonly sources: readonly Source[];
  readonly imaging: Imaging;
  readonly originals: Originals;
  readonly renditions: Renditions;
  readonly watermarks: Watermarks;
  readonly catalog: Catalog;
  readonly announcements: Announcements;
  /** Of the owner: what it says of an image before that is planned. */
  readonly hook?: ResizeHookFunction;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

export interface ServicesParts extends Pick<Services, 'imaging' | 'logger' | 'telemetry' | 'hook'> {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBDocumentClient;
  /** @default - nothing is told */
  readonly eventBridge?: Pick<EventBridgeClient, 'send'>;
  /** @default - the clock of the process */
  readonly now?: () => Date;
}

export function createServices(config: HandlerConfig, { s3, dynamodb, eventBridge, now = () => new Date(), ...parts }: ServicesParts): Services {
  const catalog = new Catalog(dynamodb, config.catalog, now, {
    completesOnce: config.processing.deleteSource, tellsVersions: config.events !== undefined,
  });
  return {
    ...parts,
    config,
    sources: prepareSources(config),
    originals: new Originals(s3),
    renditions: new Renditions(s3),
    watermarks: new Watermarks(s3),
    catalog,
    announcements: new Announcements(eventBridge, config, catalog),
    now,
  };
}

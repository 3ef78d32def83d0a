export interface Settings {
  /** Of 127.0.0.1; nginx is in front. 0 for any that is free. */
  readonly port: number;
  /** Folder of the front end. */
  readonly webFolder: string;
  /** Heading of the page. */
  readonly title: string;
  /** Names under which visitors may open the page; by its address they always may. */
  readonly hostNames: readonly string[];
  readonly tableName: string;
  /** Partitions per status of the index `by-status`, as the pipeline has them. */
  readonly listingShards: number;
  readonly sourceBucket: string;
  /** What begins every key of an original. */
  readonly sourcePrefix: string;
  readonly outputBucket: string;
  readonly maxUploadBytes: number;
  /** Uploads that run at a time. */
  readonly maxUploads: number;
  /** How long a link works at least. */
  readonly linkSeconds: number;
  /** How long running uploads may go on when the server is to stop. */
  readonly shutdownSeconds: number;
}

const HOST_NAME = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/i;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error that names the variable, the rule and the value */
export function parseSettings(environment: Environment): Settings {
  return {
    port: integer(environment, 'PORT', 0, 65_535),
    webFolder: text(environment, 'WEB_FOLDER'),
    title: text(environment, 'TITLE'),
    hostNames: names(environment, 'HOST_NAMES'),
    tableName: text(environment, 'TABLE_NAME'),
    listingShards: integer(environment, 'LISTING_SHARDS', 1, 64),
    sourceBucket: text(environment, 'SOURCE_BUCKET'),
    sourcePrefix: text(environment, 'SOURCE_PREFIX'),
    outputBucket: text(environment, 'OUTPUT_BUCKET'),
    maxUploadBytes: integer(environment, 'MAX_UPLOAD_BYTES', 1, 1024 ** 3),
    maxUploads: integer(environment, 'MAX_UPLOADS', 1, 100),
    linkSeconds: integer(environment, 'LINK_SECONDS', 60, 3600),
    shutdownSeconds: integer(environment, 'SHUTDOWN_SECONDS', 0, 600),
  };
}

function text(environment: Environment, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new Error(`environment variable ${name} must be set, received ${JSON.stringify(value)}`);
}

/** Host names with commas between them; none when it is not set. */
function names(environment: Environment, name: string): readonly string[] {
  const value = environment[name];
  if (!value) return [];
  const all = value.split(',');
  if (all.every((each) => HOST_NAME.test(each))) return all.map((each) => each.toLowerCase());
  throw new Error(`environment variable ${name} must be host names without ports, with commas between them, received ${JSON.stringify(value)}`);
}

function integer(environment: Environment, name: string, min: number, max: number): number {
  const value = text(environment, name);
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  throw new Error(`environment variable ${name} must be a whole number from ${min} to ${max}, received ${JSON.stringify(value)}`);
}

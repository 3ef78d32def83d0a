import { CONFIG_VARIABLE, CONFIG_VERSION, DEFAULT_OUTPUT_KEY, HandlerConfig, PROCESSING_DEFAULTS, ProfileConfig, renderConfig } from '../../../src/contract';

/** What Lambda and the construct put into the environment of the packaged handler. */
export function handlerEnvironment(profiles: readonly ProfileConfig[]): Record<string, string> {
  const config: HandlerConfig = {
    version: CONFIG_VERSION,
    outputBucket: 'output',
    outputKey: DEFAULT_OUTPUT_KEY,
    formerOutputs: [],
    profileSets: [profiles],
    sources: [{ bucket: 'source', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0 }],
    processing: { ...PROCESSING_DEFAULTS, acceptHeic: true },
    catalog: { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 4, expireAfter: 0 },
    maxTries: 0,
    pipelineName: 'bench',
  };
  return {
    [CONFIG_VARIABLE]: JSON.stringify(renderConfig(config)),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1769',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
  };
}

import { HandlerConfig } from '../../../src/contract';

/** What the function's role may do. */
export interface Rights {
  allows(action: string, bucket: string, key: string): boolean;
}

export const ALL_RIGHTS: Rights = { allows: () => true };

interface Grant {
  readonly actions: readonly string[];
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * What the constructs grant for a configuration.
 *
 * @param listsOutputs whether somebody else let the role list the output bucket
 */
export function rightsOf(config: HandlerConfig, listsOutputs: boolean): Rights {
  const { deleteSource, deleteRenditions } = config.processing;
  const grants: Grant[] = [
    ...config.sources.map(({ bucket, prefix }) => ({ bucket, prefix, actions: ['GetObject', 'ListBucket', ...(deleteSource ? ['DeleteObject'] : [])] })),
    ...config.sources.map(({ outputPrefix }) => ({
      bucket: config.outputBucket,
      prefix: outputPrefix,
      actions: ['GetObject', 'PutObject', ...(deleteRenditions ? ['DeleteObject'] : []), ...(listsOutputs ? ['ListBucket'] : [])],
    })),
    ...config.formerOutputs.map((former) => ({ ...former, actions: ['GetObject', 'DeleteObject', ...(listsOutputs ? ['ListBucket'] : [])] })),
  ];
  return {
    allows: (action, bucket, key) => grants.some(
      (grant) => grant.bucket === bucket && key.startsWith(grant.prefix) && grant.actions.includes(action),
    ),
  };
}

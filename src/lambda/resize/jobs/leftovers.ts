import { ImageRecord } from '../../../contract';
import { Services } from '../services/services';

/** Keys that may hold a rendition of the image and are none of its present ones: left by earlier versions or tries. */
export function staleOutputs({ outputs = new Set(), renditions = {} }: Partial<ImageRecord>): string[] {
  const current = new Set(Object.values(renditions).map(({ key }) => key));
  return [...outputs].filter((key) => !current.has(key));
}

/**
 * Deletes renditions, where the owner wants that.
 *
 * @returns whether any were deleted
 */
export async function removeOutputs({ config, renditions }: Services, outputs: Iterable<string>): Promise<boolean> {
  const keys = config.processing.deleteRenditions ? [...new Set(outputs)] : [];
  await renditions.delete(config.outputBucket, keys);
  return keys.length > 0;
}

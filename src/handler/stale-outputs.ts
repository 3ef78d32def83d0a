import { ImageRecord } from '../contract';

/** Keys that may hold a rendition of the image and are none of its present ones: left by earlier versions or tries. */
export function staleOutputs({ outputs = new Set(), renditions = {} }: Partial<ImageRecord>): string[] {
  const current = new Set(Object.values(renditions).map(({ key }) => key));
  return [...outputs].filter((key) => !current.has(key));
}

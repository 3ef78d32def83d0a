import { Content } from './plan';
import { picture } from '../../helpers/running-app';

/** Pixels. */
export const SOURCE_WIDTH = 64;
/** Pixels of the fixture's only profile. */
export const RENDITION_WIDTH = 32;

const pictures = new Map<number, Promise<Buffer>>();

/** Always the same bytes for the same content. */
export async function contentBytes({ kind, height }: Content): Promise<Buffer> {
  if (kind === 'text') return Buffer.from(`no image ${height}`);
  if (!pictures.has(height)) pictures.set(height, picture(SOURCE_WIDTH, height));
  const bytes = await pictures.get(height)!;
  return kind === 'image' ? bytes : bytes.subarray(0, bytes.length / 2);
}

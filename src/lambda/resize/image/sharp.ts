/** The only file that imports sharp: whoever needs it gets it from here, configured. */
import { availableParallelism } from 'node:os';
import sharp, { Metadata, Sharp } from 'sharp';
import { useShippedFont } from './fonts';

// Every image is seen once, so a cache of operations only holds memory.
sharp.cache(false);

// More threads shorten AVIF alone; each adds memory to every pipeline.
sharp.concurrency(Math.min(availableParallelism(), 4));

// libvips picks a loader by content: those of other formats must not see a hostile file.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
});

/** For owners who accept SVG; it stays unblocked for the life of the process. */
export function allowSvg(): void {
  useShippedFont();
  sharp.unblock({ operation: ['VipsForeignLoadSvgBuffer'] });
}

export { sharp };
export type { Metadata, Sharp };

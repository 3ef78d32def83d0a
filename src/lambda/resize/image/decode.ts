import { Part, Size } from './geometry';
import { Input, openInput, Pixels } from './input';
import { Run } from './run';
import { Sharp } from './sharp';

/** The pixels of an input, upright and in sRGB, scaled to the size. */
export async function decode(input: Input, size: Size, run: Run): Promise<Pixels> {
  const { part, probe } = input;
  const sized = part && probe.format === 'svg' ? partOfDrawing(input, part, size) : openInput(input).resize({ ...size, fit: 'fill' });
  const { data, info } = await run(sized.raw());
  return { data, width: info.width, height: info.height, channels: info.channels, frames: 1 };
}

/** A drawing is drawn as large as the part is wanted, or as may be, and cut then: before, it has no pixels. */
function partOfDrawing(input: Input, part: Part, size: Size): Sharp {
  const { whole = part, processing: { maxInputPixels } } = input;
  const wanted = Math.max(size.width / part.width, size.height / part.height);
  const scale = Math.min(wanted, Math.sqrt(maxInputPixels / (whole.width * whole.height)));
  const pixels = (side: number) => Math.max(1, Math.round(side * scale));
  const [drawn, cut] = [whole, part].map(({ width, height }) => ({ width: pixels(width), height: pixels(height) }));
  const left = Math.min(Math.round(part.left * scale), drawn.width - cut.width);
  const top = Math.min(Math.round(part.top * scale), drawn.height - cut.height);
  return openInput({ ...input, part: undefined }).resize({ ...drawn, fit: 'fill' }).extract({ left, top, ...cut });
}

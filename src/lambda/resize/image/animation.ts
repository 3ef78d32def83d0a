import { CropStrategy, Offset } from './geometry';
import { openPixels, openInput, Pixels, Input } from './input';
import { PlannedRendition } from './plan';
import { Run } from './run';
import { Sharp } from './sharp';

/** Whether sharp turns the frames right: it turns their strip as one picture, which only mirroring left to right survives. */
export function canOrientStrip(orientation: number): boolean {
  return orientation <= 2;
}

/** The crop that a strategy chooses for the first frame; sharp has none for several frames. */
export async function chooseCrop(input: Input, { cropped }: PlannedRendition, position: CropStrategy, run: Run): Promise<Offset> {
  const { info } = await run(openInput(input).resize({ ...cropped, fit: 'cover', position }).raw());
  return { left: -(info.cropOffsetLeft ?? 0), top: -(info.cropOffsetTop ?? 0) };
}

/** All frames, scaled for the rendition and turned upright one by one. */
export async function uprightFrames(input: Input, { scaled, frames }: PlannedRendition, run: Run): Promise<Pixels> {
  const { orientation } = input.probe;
  const [width, height] = orientation >= 5 ? [scaled.height, scaled.width] : [scaled.width, scaled.height];
  const opened = openInput(input, { animated: true, ignoreOrientation: true });
  const strip = await eachFrame(opened.resize({ width, height, fit: 'fill' }), { width, height, frames }, { input: run, pixels: run }, (frame) => orient(frame, orientation));
  return { ...strip, ...scaled };
}

/** All frames of a pipeline, changed one by one. A changed frame has as many pixels: its place will do, and saves twice the memory of all frames. */
export async function eachFrame(
  pipeline: Sharp, { width, height, frames }: Pick<Pixels, 'width' | 'height' | 'frames'>, runs: { readonly input: Run; readonly pixels: Run }, change: (frame: Sharp) => Sharp,
): Promise<Pixels> {
  const strip = await runs.input(pipeline.ensureAlpha().raw());
  const bytes = width * height * 4;
  for (let start = 0; start < strip.data.length; start += bytes) {
    const frame = openPixels({ data: strip.data.subarray(start, start + bytes), width, height, channels: 4, frames: 1 });
    (await runs.pixels(change(frame).raw())).data.copy(strip.data, start);
  }
  return { data: strip.data, width, height, channels: 4, frames };
}

/** EXIF orientations as sharp's operations, of which flips come before the rotation. */
function orient(pipeline: Sharp, orientation: number): Sharp {
  const flipped = [4, 5, 7].includes(orientation) ? pipeline.flip() : pipeline;
  const angle = { 3: 180, 5: 90, 6: 90, 7: 270, 8: 270 }[orientation];
  return angle === undefined ? flipped : flipped.rotate(angle);
}

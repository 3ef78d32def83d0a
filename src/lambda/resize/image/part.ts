import { Part, Size } from './geometry';
import { Input } from './input';
import { Probe } from './probe';
import { adjustmentOf, FocalPoint, ProfileConfig, TrimConfig } from '../../../contract';

/** By what parts of an image are known that different trims leave. */
export function partKey({ threshold, background }: TrimConfig): string {
  return JSON.stringify([threshold, background]);
}

/** What a profile makes a rendition of: a part of the image as it was measured; undefined for the whole. */
export function partOf({ parts = {}, width, height }: Probe, { adjustments }: ProfileConfig): Part | undefined {
  const trim = adjustmentOf(adjustments, 'trim');
  const part = trim && parts[partKey(trim)];
  return part && (part.width < width || part.height < height) ? part : undefined;
}

/** The point as seen in a part of the image; one that was cut off is at its edge. */
export function pointIn(part: Part, { width, height }: Size, { x, y }: FocalPoint): FocalPoint {
  const share = (at: number, start: number, length: number) => Math.min(Math.max(0, (at - start) / length), 1);
  return { x: share(x * width, part.left, part.width), y: share(y * height, part.top, part.height) };
}

/** The parts that renditions are made of, as inputs of their own; the whole image is the first. */
export function viewsOf<T extends { readonly part?: Part }>(input: Input, renditions: readonly T[]): [Input, T[]][] {
  const views = new Map<string, [Input, T[]]>([['', [input, []]]]);
  for (const rendition of renditions) {
    const { part } = rendition;
    const key = part ? JSON.stringify(part) : '';
    const view = views.get(key) ?? [{ ...input, part, whole: input.probe, probe: { ...input.probe, width: part!.width, height: part!.height } }, []];
    view[1].push(rendition);
    views.set(key, view);
  }
  return [...views.values()];
}

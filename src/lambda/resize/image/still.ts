import { heicAsPng } from './heic';
import { Probe } from './probe';

/** An image of which pixels can be asked: a HEIC is decoded for it, once. */
export async function withPixels(data: Buffer, probe: Probe, deadline: number): Promise<Probe> {
  return probe.heic && !probe.still ? { ...probe, still: { data: await heicAsPng(data, probe.heic, deadline) } } : probe;
}

/** The handler's image path in a process of its own: one job after the other, each with its own peak of memory. */
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { ImageAnswer, ImageJob, ImageOutcome, RenditionReport } from './protocol';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import { plan, PlannedRendition, probe, render } from '../../../src/lambda/resize/image';
import { sharp } from '../../../src/lambda/resize/image/sharp';
import { processing, profile } from '../../helpers/renditions';

/** In texts that may quote what the file holds. */
const UNSEEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

process.on('message', (job: ImageJob) => {
  void answer(job).then((answered) => process.send!(answered));
});
process.send!('ready');

async function answer(job: ImageJob): Promise<ImageAnswer> {
  resetPeak();
  const started = performance.now();
  const made: [PlannedRendition, Buffer][] = [];
  let failure: unknown;
  try {
    await makeAll(job, made);
  } catch (error) {
    failure = error;
  }
  const measured = { peakRssMb: peakRssMb(), wall: performance.now() - started };
  return { ...measured, outcome: failure === undefined ? await inspect(made) : outcomeOf(failure) };
}

async function makeAll({ data, specs, processing: changes, timeoutSeconds }: ImageJob, made: [PlannedRendition, Buffer][]): Promise<void> {
  const config = processing(changes);
  const image = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const probed = await probe(image, config);
  await render(image, probed, plan(probed, specs.map(profile), config), {
    processing: config,
    timeoutSeconds,
    onRendition: async (planned, encoded) => { made.push([planned, encoded]); },
  });
}

function outcomeOf(error: unknown): ImageOutcome {
  if (error instanceof PermanentError) {
    const unseen = Object.values(error.reason).find((text) => UNSEEN.test(text));
    return unseen === undefined ? { code: error.code, message: error.message } : { unexpected: `characters that cannot be seen in ${JSON.stringify(unseen)}` };
  }
  return { unexpected: error instanceof Error ? error.stack ?? error.message : String(error) };
}

async function inspect(made: readonly [PlannedRendition, Buffer][]): Promise<ImageOutcome> {
  const reports: Record<string, RenditionReport> = {};
  for (const [planned, encoded] of made) {
    const report = await reportOf(planned, encoded).catch((error) => String(error));
    if (typeof report === 'string') return { unexpected: `${planned.name} cannot be decoded: ${report}` };
    const problem = problemOf(planned, report);
    if (problem) return { unexpected: `${planned.name}: ${problem}` };
    reports[planned.name] = report;
  }
  return { renditions: reports };
}

async function reportOf({ name, frames }: PlannedRendition, encoded: Buffer): Promise<RenditionReport> {
  const { format, compression, pages = 1 } = await sharp(encoded).metadata();
  const { data, info } = await sharp(encoded, { animated: frames > 1 }).raw().toBuffer({ resolveWithObject: true });
  const { width, channels } = info;
  const height = info.pageHeight ?? info.height;
  if (data.length === 0) throw new Error(`${name} has no pixels`);
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)];
  const [right, bottom] = [width - 1, height - 1];
  const pixels = [[0, 0], [right, 0], [0, bottom], [right, bottom], [right >> 1, bottom >> 1]].map(([x, y]) => pixel(x, y)); // eslint-disable-line no-bitwise
  return { width, height, format: compression === 'av1' ? 'avif' : format, frames: pages, pixels };
}

function problemOf(planned: PlannedRendition, report: RenditionReport): string | undefined {
  const facts = ({ width, height, format }: Pick<RenditionReport, 'width' | 'height' | 'format'>) => `${width}x${height} ${format}`;
  if (facts(planned) !== facts(report)) return `expected ${facts(planned)}, received ${facts(report)}`;
  // Encoders merge identical neighbours.
  return report.frames > planned.frames ? `expected at most ${planned.frames} frames, received ${report.frames}` : undefined;
}

/** Linux counts the peak anew; elsewhere it is that of the process. */
function resetPeak(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5');
}

function peakRssMb(): number {
  const kilobytes = process.platform === 'linux'
    ? Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1])
    : process.resourceUsage().maxRSS;
  return (kilobytes * 1024) / 1e6;
}

import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Oracle } from './oracle';
import { matrixProfile, SRGB_PRIMARIES } from '../originals/icc';
import { onPaper, Picture } from '../views';

const run = promisify(execFile);

/** What starts ImageMagick, newer version first; Debian's own before what else may be called `convert`. */
const PROGRAMS = ['magick', '/usr/bin/convert', 'convert'];

/** @returns undefined when there is none */
export function findImageMagick(programs: readonly string[] = PROGRAMS): string | undefined {
  return programs.find((program) => {
    try {
      return execFileSync(program, ['-version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).includes('ImageMagick');
    } catch {
      return false;
    }
  });
}

/** Some are built without HEIC. */
export function readsHeic(program: string): boolean {
  return /^\s*HEIC\*?\s+\S+\s+r/m.test(execFileSync(program, ['-list', 'format'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** For formats that browsers do not show. */
export class ImageMagick implements Oracle {
  readonly name = 'ImageMagick';
  private readonly folder = mkdtempSync(join(tmpdir(), 'parity-'));
  private readonly profile = join(this.folder, 'srgb.icc');
  private images = 0;

  constructor(private readonly program: string) {
    writeFileSync(this.profile, matrixProfile(SRGB_PRIMARIES, 2.2));
  }

  async show(image: Buffer, format: string, papers: readonly string[]): Promise<Picture[] | undefined> {
    const file = join(this.folder, `${this.images += 1}.${format}`);
    writeFileSync(file, image);
    // An image without a profile would only be labelled with it.
    const toSrgb = image.includes('acsp') ? ['-profile', this.profile] : ['-colorspace', 'sRGB'];
    try {
      const { stdout } = await run(this.program, [`${file}[0]`, '-auto-orient', '+repage', ...toSrgb, '-depth', '8', '-strip', 'png32:-'], { encoding: 'buffer', maxBuffer: 2 ** 30 });
      return await Promise.all(papers.map((paper) => onPaper(stdout, paper)));
    } catch {
      return undefined;
    } finally {
      rmSync(file);
    }
  }

  /** What operators make of a PNG, as a PNG. */
  async change(image: Buffer, operators: readonly string[]): Promise<Buffer> {
    const file = join(this.folder, `${this.images += 1}.png`);
    writeFileSync(file, image);
    const { stdout } = await run(this.program, [file, ...operators, '-depth', '8', '-strip', 'png32:-'], { encoding: 'buffer', maxBuffer: 2 ** 30 });
    rmSync(file);
    return stdout;
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true });
  }
}

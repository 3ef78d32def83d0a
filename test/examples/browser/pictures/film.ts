import { Page } from 'playwright-core';
import sharp from 'sharp';

/** The least time between two frames, in milliseconds: more frames make the file larger and no picture clearer. */
const STEP = 120;
/** What waits for an encoder is not shown in its whole length. */
const LONGEST = 400;

interface Frame {
  readonly picture: Buffer;
  readonly milliseconds: number;
}

/** Frames of a page, as they come. */
export class Film {
  private readonly frames: Frame[] = [];
  private isRunning = false;
  private running = Promise.resolve();

  constructor(private readonly page: Page) {}

  /** One frame, for so long. */
  async hold(milliseconds: number): Promise<void> {
    this.add(await this.page.screenshot(), milliseconds);
  }

  /** Takes frames until `stop`; equal ones are one. */
  start(): void {
    this.isRunning = true;
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await this.running;
  }

  async write(path: string, width: number): Promise<void> {
    const pictures = await Promise.all(this.frames.map(({ picture }) => sharp(picture).resize({ width }).png({ compressionLevel: 1 }).toBuffer()));
    await sharp(pictures, { join: { animated: true } })
      .webp({ quality: 72, effort: 6, smartSubsample: true, minSize: true, loop: 0, delay: this.frames.map(({ milliseconds }) => milliseconds) })
      .toFile(path);
  }

  private async run(): Promise<void> {
    while (this.isRunning) {
      const from = Date.now();
      const picture = await this.page.screenshot();
      this.add(picture, STEP);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, STEP - (Date.now() - from))));
    }
  }

  private add(picture: Buffer, milliseconds: number): void {
    const last = this.frames.at(-1);
    if (!last?.picture.equals(picture)) this.frames.push({ picture, milliseconds });
    else if (last.milliseconds < LONGEST) this.frames[this.frames.length - 1] = { picture, milliseconds: last.milliseconds + milliseconds };
  }
}

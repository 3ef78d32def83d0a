import { MultiBar, Presets, SingleBar } from 'cli-progress';

const REFRESH_MS = 200;
/** Where there is no terminal, a line is printed whenever another tenth is done. */
const STEPS = 10;

export interface Done {
  readonly uploaded: number;
  readonly processed: number;
}

/** Shows how far uploading and processing have come, until the returned function is called. */
export function showProgress(total: number, done: () => Done): () => void {
  const show = process.stdout.isTTY ? new Bars(total) : new Lines(total);
  show.update(done());
  const timer = setInterval(() => show.update(done()), REFRESH_MS);
  return () => {
    clearInterval(timer);
    show.update(done());
    show.stop();
  };
}

class Bars {
  private readonly all = new MultiBar({ format: '{task} {bar} {value} of {total}', hideCursor: true }, Presets.shades_classic);
  private readonly uploaded: SingleBar;
  private readonly processed: SingleBar;

  constructor(total: number) {
    this.uploaded = this.all.create(total, 0, { task: 'uploaded ' });
    this.processed = this.all.create(total, 0, { task: 'processed' });
  }

  update({ uploaded, processed }: Done): void {
    this.uploaded.update(uploaded);
    this.processed.update(processed);
  }

  stop(): void {
    this.all.stop();
  }
}

class Lines {
  private step = 0;

  constructor(private readonly total: number) {}

  update({ uploaded, processed }: Done): void {
    const step = Math.floor((STEPS * processed) / this.total);
    if (step === this.step) return;
    this.step = step;
    console.log(`uploaded ${uploaded}, processed ${processed} of ${this.total}`);
  }

  stop(): void {
    // Lines leave nothing to tidy up.
  }
}

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
  const progress = growing(done);
  show.update(progress());
  const timer = setInterval(() => show.update(progress()), REFRESH_MS);
  return () => {
    clearInterval(timer);
    show.update(progress());
    show.stop();
  };
}

/** What is delivered again counts as pending again: what people see only grows. */
export function growing(done: () => Done): () => Done {
  let seen: Done = { uploaded: 0, processed: 0 };
  return () => {
    const { uploaded, processed } = done();
    seen = { uploaded: Math.max(seen.uploaded, uploaded), processed: Math.max(seen.processed, processed) };
    return seen;
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

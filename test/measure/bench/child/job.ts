/** What of the work may differ between two ways of doing it. */
export interface Way {
  /** Longest sides of the renditions, the largest first. */
  readonly sizes: readonly number[];
  readonly format: 'jpeg' | 'webp' | 'avif';
  /** Whether the image path makes what stands for the image until it is there, as the handler has it do. */
  readonly placeholder: boolean;
}

/** What a child process is to measure, and what it answers. */
export interface Job extends Way {
  /** The image. */
  readonly file: string;
  /** A small image to warm up with: compiled code, threads, connections. */
  readonly warmUp: string;
  /** How often the work is done; the result is per time. */
  readonly repeats: number;
  /** The other way, in so many pairs that are measured in turns: one process shows what is less than processes differ by. */
  readonly against?: Partial<Way> & { readonly pairs: number };
  /** The packaged handler's folder. */
  readonly payload: string;
  /** Of the stand-ins for S3 and DynamoDB. */
  readonly endpoint: string;
}

export interface Measurement {
  /** Milliseconds of processor time, of all threads. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly wall: number;
  /** Peak resident memory of the process in megabytes of 10^6 bytes. */
  readonly peakRssMb: number;
  /** Of all renditions. */
  readonly bytes: number;
  /** Median of the processor time of the pairs, as a share of that of the other way. */
  readonly ratio?: number;
}

/** Several images in a process. */
export interface SeriesJob extends Job {
  readonly files: readonly string[];
  readonly turns: number;
}

export interface SeriesMeasurement {
  /** Milliseconds of each file, the median of its turns. */
  readonly wall: readonly number[];
  readonly peakRssMb: number;
}

/** Does the work once with an image. @returns bytes of the renditions */
export type Work = (image: Buffer) => Promise<number>;

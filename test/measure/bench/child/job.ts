/** What a child process is to measure, and what it answers. */
export interface Job {
  /** The image. */
  readonly file: string;
  /** A small image to warm up with: compiled code, threads, connections. */
  readonly warmUp: string;
  /** Longest sides of the renditions, the largest first. */
  readonly sizes: readonly number[];
  readonly format: 'jpeg' | 'webp' | 'avif';
  /** Whether the image path makes what stands for the image until it is there, as the handler has it do. */
  readonly placeholder: boolean;
  /** How often the work is done; the result is per time. */
  readonly repeats: number;
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
}

/** Does the work once with an image. @returns bytes of the renditions */
export type Work = (image: Buffer) => Promise<number>;

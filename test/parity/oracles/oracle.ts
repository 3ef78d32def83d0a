import type { Picture } from '../views';

/** What another program shows of an image. */
export interface Oracle {
  readonly name: string;
  /** The image on paper of each colour; undefined when it shows nothing. */
  show(image: Buffer, format: string, papers: readonly string[]): Promise<Picture[] | undefined>;
  /** Every frame of an animation on paper of a colour; undefined when it shows none. */
  animate?(image: Buffer, format: string, paper: string): Promise<Picture[] | undefined>;
  close(): Promise<void>;
}

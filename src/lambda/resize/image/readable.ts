/** What a decoder is given of an original, where its own bytes would come out otherwise than browsers show them. */
export interface Readable {
  readonly data: Buffer;
  /** The page at which the image begins; 0 by default. */
  readonly page?: number;
  /** Whether remarks of the decoder are damage as well, because the data ends with less than it should. */
  readonly strict?: boolean;
  /** Dots per inch at which a drawing is loaded; its size is told in pixels of 72 to the inch. */
  readonly density?: number;
}

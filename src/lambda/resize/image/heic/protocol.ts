import { CodePoints } from '../cicp';

/** What the thread is started with: one file, one question. */
export type HeicRequest = { readonly file: Uint8Array; readonly maxPixels: number } & (
  | { readonly ask: 'header' }
  | { readonly ask: 'png'; readonly metadata: PngMetadata }
);

export type HeicAnswer<T> = { readonly answer: T } | { readonly failure: HeicFailure };

/** Of the primary image. */
export interface HeicHeader {
  /** Pixels, after cropping and turning. */
  readonly width: number;
  /** Pixels, after cropping and turning. */
  readonly height: number;
  readonly alpha: boolean;
  readonly grey: boolean;
  readonly icc?: Uint8Array;
  /** Present without an ICC profile only. */
  readonly codePoints?: CodePoints;
  /** As TIFF has it. */
  readonly exif?: Uint8Array;
  readonly xmp?: Uint8Array;
}

/** What goes into the PNG beside the pixels. */
export interface PngMetadata {
  readonly icc?: Uint8Array;
  /** Whether the profile is one of grey, and so must be the pixels. */
  readonly grey: boolean;
  readonly exif?: Uint8Array;
  readonly xmp?: Uint8Array;
}

export interface HeicFailure {
  /** `hidden`: what is decoded has far more pixels than what is shown of it. */
  readonly kind: 'damaged' | 'unsupported' | 'too large' | 'no still' | 'hidden';
  readonly detail: string;
}

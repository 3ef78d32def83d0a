import { FormatConfig } from '../../../src/contract';

/** What is compared; the first of a format is its default. */
export const SETTINGS: readonly FormatConfig[] = [
  ...[80, 60, 70, 90].map((quality): FormatConfig => ({ format: 'jpeg', options: { quality } })),
  { format: 'jpeg', options: { quality: 80, progressive: true } },
  { format: 'jpeg', options: { quality: 80, mozjpeg: true } },
  ...[80, 60, 70, 90].map((quality): FormatConfig => ({ format: 'webp', options: { quality } })),
  ...[0, 2, 6].map((effort): FormatConfig => ({ format: 'webp', options: { quality: 80, effort } })),
  ...[50, 40, 60, 70].map((quality): FormatConfig => ({ format: 'avif', options: { quality } })),
  ...[0, 2, 4, 5].map((effort): FormatConfig => ({ format: 'avif', options: { quality: 50, effort } })),
];

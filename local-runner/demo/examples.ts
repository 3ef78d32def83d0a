import { join } from 'path';

/** An example app that the demo can run. */
export interface Example {
  readonly name: string;
  /** Output with the address of its page. */
  readonly page?: string;
  /** Bucket that is there before the app is, with photos in it. */
  readonly photos?: string;
  /** Where its pipeline looks for images. */
  readonly sourcePrefix?: string;
}

export const EXAMPLES: readonly Example[] = [
  { name: 'quick-start' },
  { name: 'minimal' },
  { name: 'product-photos' },
  { name: 'existing-bucket', photos: 'photos' },
  { name: 'api-put-upload' },
  { name: 'presigned-fan-out' },
  { name: 'presigned-site', page: 'SiteUrl', sourcePrefix: 'uploads/' },
  { name: 'ec2-gallery', page: 'GalleryUrl', sourcePrefix: 'uploads/' },
];

/** Folder of the example's CDK app. */
export function directoryOf({ name }: Example): string {
  return join(__dirname, '..', '..', 'examples', name);
}

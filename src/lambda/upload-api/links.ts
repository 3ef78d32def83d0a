import { SignedRequests } from './signed-requests';
import { ImageApiConfig, ImageRecord, RenditionFacts } from '../../contract';

/** Where clients get files. */
export interface Links {
  /** As long as it stays the same, so do all links. */
  readonly epoch: number;
  rendition(rendition: RenditionFacts): Promise<string>;
  /** A link by which browsers save the file, where links are signed. */
  download(rendition: RenditionFacts, fileName: string): Promise<{ downloadUrl?: string }>;
  /** Undefined where the owner gives out no originals, and for those of others. */
  original(record: Pick<ImageRecord, 'sourceBucket' | 'sourceKey'>, fileName: string): Promise<{ url: string; downloadUrl: string } | undefined>;
}

/** Links of this moment: from S3 for a while, or from what serves the renditions. */
export function linksAt(now: Date, { links: { baseUrl, expirySeconds, originals }, upload }: ImageApiConfig, requests: SignedRequests): Links {
  // Browsers keep pictures by their addresses. Links last at least half as long as they may.
  const step = Math.max(1, Math.floor(expirySeconds / 2));
  const epoch = Math.floor(now.getTime() / 1000 / step);
  const at = new Date(epoch * step * 1000);
  const signed = (bucket: string, key: string, saveAs?: string) => requests.get(bucket, key, { expiresIn: expirySeconds, at, saveAs });
  return {
    epoch: baseUrl === undefined || originals ? epoch : 0,
    async rendition({ bucket, key }) {
      return baseUrl === undefined ? signed(bucket, key) : `${baseUrl}/${key.split('/').map(encodeURIComponent).join('/')}`;
    },
    async download({ bucket, key, profile }, fileName) {
      return baseUrl === undefined ? { downloadUrl: await signed(bucket, key, savedName(fileName, profile, key)) } : {};
    },
    async original({ sourceBucket, sourceKey }, fileName) {
      if (!originals || sourceBucket !== upload.bucket || !sourceKey.startsWith(upload.prefix)) return undefined;
      return { url: await signed(sourceBucket, sourceKey), downloadUrl: await signed(sourceBucket, sourceKey, fileName) };
    },
  };
}

/** `cat-thumbnail.avif` */
function savedName(fileName: string, profile: string, key: string): string {
  const name = fileName.replace(/\.[^.]{1,16}$/, '');
  const [extension] = /\.[A-Za-z0-9]{1,16}$/.exec(key) ?? [''];
  return `${name}-${profile}${extension}`;
}

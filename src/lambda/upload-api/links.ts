import { SignedRequests } from './signed-requests';
import { ImageApiLinkConfig, RenditionFacts } from '../../contract';

/** Where clients get a rendition: from S3 for a while, or from what serves the renditions. */
export function linkTo({ baseUrl, expirySeconds }: ImageApiLinkConfig, requests: SignedRequests): (rendition: RenditionFacts) => Promise<string> {
  if (baseUrl === undefined) return ({ bucket, key }) => requests.get(bucket, key, expirySeconds);
  return async ({ key }) => `${baseUrl}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

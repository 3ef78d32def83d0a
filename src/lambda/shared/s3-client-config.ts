import { isIP } from 'node:net';
import type { S3ClientConfig } from '@aws-sdk/client-s3';

/**
 * Settings of the S3 client that the SDK does not choose by itself. S3 gives objects a CRC-64, which the SDK would compute
 * again in JavaScript for all that is read, though TLS has verified it. Endpoints on an IP address or localhost have no
 * subdomains for buckets, so the bucket goes into the path.
 */
export function s3ClientConfig(environment: Readonly<Record<string, string | undefined>>): S3ClientConfig {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  return {
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint && { forcePathStyle: isLocal(new URL(endpoint).hostname) }),
  };
}

function isLocal(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || host === 'localhost';
}

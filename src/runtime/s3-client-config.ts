import { isIP } from 'node:net';
import type { S3ClientConfig } from '@aws-sdk/client-s3';

/**
 * Settings of the S3 client that the SDK does not read from the environment by itself: endpoints on an IP address
 * or localhost have no subdomains for buckets, so the bucket goes into the path.
 */
export function s3ClientConfig(environment: Readonly<Record<string, string | undefined>>): S3ClientConfig {
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  return endpoint ? { forcePathStyle: isLocal(new URL(endpoint).hostname) } : {};
}

function isLocal(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || host === 'localhost';
}

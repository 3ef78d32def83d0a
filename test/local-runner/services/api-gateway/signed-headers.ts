import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { LocalApp } from '../../../../local-runner';

/** The headers of a request to an API that is signed with the app's own credentials. */
export async function signedHeaders(
  app: LocalApp, method: string, address: string, body?: string | Buffer, signingDate: Date = new Date(),
): Promise<Record<string, string>> {
  const { host, pathname, searchParams } = new URL(address);
  const credentials = await app.s3.config.credentials();
  const region = await app.s3.config.region();
  const signer = new SignatureV4({ credentials, region, service: 'execute-api', sha256: Sha256 });
  const request = new HttpRequest({ method, path: pathname, query: Object.fromEntries(searchParams), headers: { host }, body });
  const { headers } = await signer.sign(request, { signingDate });
  return headers;
}

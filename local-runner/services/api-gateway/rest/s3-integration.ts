import { createHash } from 'crypto';
import { request as httpRequest } from 'http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { GatewayFailure } from './gateway-responses';
import type { IntegrationProperties, RestIntegration } from './integration';
import { IntegrationRequests } from './integration-requests';
import { IntegrationResponses } from './integration-responses';
import { createMapping, Mapping } from './mapping';
import { mappingScopeOf, RestCall } from './rest-call';
import type { Credentials } from '../../s3';
import { encodePath } from '../../s3/wire/encoding';
import { decodePart } from '../shared/paths';
import { headerOf } from '../shared/request';
import type { ApiResponse } from '../shared/response';

export interface S3Server {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
}

/** `/` and the path of S3's REST API that a URI of an integration stands for; undefined where it is none of S3. */
export function s3PathOf(uri: string): string | undefined {
  const [, bucket, path] = /^arn:aws:apigateway:[\w-]+:(?:([a-z0-9.-]+)\.)?s3:path\/(.*)$/s.exec(uri) ?? [];
  if (path === undefined) return undefined;
  const below = path.replace(/^\//, '');
  return bucket ? `/${bucket}/${below}` : `/${below}`;
}

/** Hands requests on to S3, signed as the integration's role would sign them. */
export class S3Integration implements RestIntegration {
  private readonly requests: IntegrationRequests;
  private readonly responses: IntegrationResponses;
  private readonly parameters: readonly { readonly kind: string; readonly name: string; readonly value: Mapping }[];
  private readonly signer: SignatureV4;

  constructor(private readonly path: string, private readonly properties: IntegrationProperties, private readonly server: S3Server, at: string) {
    this.requests = new IntegrationRequests(properties, at);
    this.responses = new IntegrationResponses(properties.IntegrationResponses ?? [], at);
    this.parameters = Object.entries(properties.RequestParameters ?? {}).map(([target, source]) => {
      const [, kind, name] = /^integration\.request\.(path|querystring|header)\.(.+)$/.exec(target) ?? [];
      if (!kind) throw new Error(`${at} maps to ${JSON.stringify(target)}, which the local runner does not know`);
      return { kind, name, value: createMapping(source, at) };
    });
    const mapped = this.parameters.filter(({ kind }) => kind === 'path').map(({ name }) => name);
    for (const [, name] of path.matchAll(/\{([^}]+)\}/g)) {
      if (!mapped.includes(name)) throw new Error(`${at} has {${name}} in its path, but maps nothing to integration.request.path.${name}`);
    }
    const { region, credentials } = server;
    this.signer = new SignatureV4({ credentials, region, service: 's3', sha256: Sha256, uriEscapePath: false });
  }

  async run(call: RestCall): Promise<ApiResponse | GatewayFailure> {
    const body = this.requests.body(call);
    if (!body) return { failure: 'UNSUPPORTED_MEDIA_TYPE' };
    const parameters = this.parametersOf(call);
    const path = this.path.replace(/\{([^}]+)\}/g, (_, name: string) => parameters.path[name] ?? '');
    const canonicalPath = decodePart(path);
    if (canonicalPath === undefined) return { failure: 'BAD_REQUEST_PARAMETERS', message: 'Invalid path' };
    const signed = await this.signer.sign(new HttpRequest({
      method: this.properties.IntegrationHttpMethod ?? call.request.method,
      path: encodePath(canonicalPath),
      query: parameters.querystring,
      headers: {
        'content-type': headerOf(call.request, 'content-type') ?? 'application/json',
        ...parameters.header,
        'content-length': String(body.length),
        'host': new URL(this.server.endpoint).host,
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
      },
    }));
    const answer = await exchange(this.server.endpoint, signed as HttpRequest, body).catch(() => undefined);
    return answer ? this.responses.respond(call, answer) : { failure: 'INTEGRATION_FAILURE' };
  }

  private parametersOf(call: RestCall): Record<'path' | 'querystring' | 'header', Record<string, string>> {
    const scope = mappingScopeOf(call);
    const all = { path: {}, querystring: {}, header: {} } as Record<string, Record<string, string>>;
    for (const { kind, name, value } of this.parameters) {
      const found = value(scope);
      if (found !== undefined) all[kind][kind === 'header' ? name.toLowerCase() : name] = found;
    }
    return all;
  }
}

/** Not `fetch`, which would normalise the path. */
async function exchange(endpoint: string, { method, path, query, headers }: HttpRequest, body: Buffer): Promise<ApiResponse> {
  const search = new URLSearchParams(query as Record<string, string>).toString();
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(endpoint, { method, path: search ? `${path}?${search}` : path, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => resolve({
        status: incoming.statusCode!,
        headers: Object.entries(incoming.headers).map(([name, value]) => [name, [value].flat().join(',')] as const),
        body: Buffer.concat(chunks),
      }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

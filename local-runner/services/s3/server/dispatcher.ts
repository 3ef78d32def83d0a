import { randomBytes } from 'crypto';
import { IncomingMessage, ServerResponse } from 'http';
import { findRoute } from './routes';
import { RequestCounts } from '../../request-counts';
import { Authenticator } from '../exchange/authentication';
import { Services } from '../exchange/call';
import { allowOrigin, preflight } from '../exchange/cors';
import { sendError } from '../exchange/respond';
import { postObject } from '../operations/post-object';
import { S3Error } from '../wire/errors';
import { parseRequest, S3Request } from '../wire/request';

/** Takes each request through parsing, authentication and routing, and renders whatever is thrown on the way. */
export class Dispatcher {
  /** By bucket and kind. */
  readonly requests = new RequestCounts();

  constructor(private readonly services: Services, private readonly authenticator: Authenticator) {}

  /**
   * Never rejects.
   * @param sendContinue - present where the client waits for `100 Continue` before it sends the body
   */
  async dispatch(message: IncomingMessage, response: ServerResponse, sendContinue?: () => void): Promise<void> {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const hostId = randomBytes(48).toString('base64');
    response.setHeader('x-amz-request-id', requestId);
    response.setHeader('x-amz-id-2', hostId);
    let continued = sendContinue === undefined;
    let resource = message.url ?? '/';
    try {
      const request = parseRequest(message, () => {
        if (!continued) sendContinue?.();
        continued = true;
      });
      resource = request.path;
      await this.run(request, response, { requestId, hostId, sourceIp: request.sourceIp });
    } catch (error) {
      // A client that has gone needs no answer, and half a response can only be cut off.
      if (message.socket.destroyed || response.headersSent) {
        response.destroy();
        return;
      }
      const known = error instanceof S3Error ? error : new S3Error('InternalError');
      if (known !== error) console.error('local S3:', message.method, message.url, error);
      // The body that the client withholds would be read as the next request.
      if (!continued) response.setHeader('connection', 'close');
      sendError(response, known, { method: message.method ?? '', resource, requestId, hostId });
    }
  }

  private async run(unverified: S3Request, response: ServerResponse, cause: { requestId: string; hostId: string; sourceIp: string }): Promise<void> {
    const { store } = this.services;
    this.requests.add(nameOf(unverified));
    const named = store.find(unverified.bucket);
    if (unverified.method === 'OPTIONS') return preflight(unverified, response, named ?? store.get(unverified.bucket));
    if (named) allowOrigin(unverified, response, named);
    if (isForm(unverified)) {
      return postObject({ ...this.services, request: unverified, response, cause, bucket: store.get(unverified.bucket) }, this.authenticator);
    }
    const authentication = await this.authenticator.authenticate(unverified);
    const request: S3Request = { ...unverified, headers: authentication.headers };
    const owner = request.headers['x-amz-expected-bucket-owner'];
    if (owner !== undefined && owner !== this.services.accountId) throw new S3Error('AccessDenied');
    const call = { ...this.services, request, response, authentication, cause };
    const route = findRoute(request);
    if (route.scope === 'service') return route.run(call);
    return route.run({ ...call, bucket: store.get(request.bucket) });
  }
}

/** What a request is charged as, and the bucket that it is about. */
function nameOf({ method, bucket, key }: S3Request): string {
  return `S3 ${method === 'GET' && key === '' ? 'LIST' : method} ${bucket}`;
}

/** A POST to the bucket itself is a form, whatever it contains. */
function isForm(request: S3Request): boolean {
  return request.method === 'POST' && request.bucket !== '' && request.key === '' && request.query.size === 0;
}

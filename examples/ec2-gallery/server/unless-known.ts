import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Sends an answer only to those who do not have the same already. Links stay the same for a while, so answers do as well. */
export async function unlessKnown({ headers }: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  if (reply.statusCode !== 200 || typeof payload !== 'string') {
    void reply.header('cache-control', 'no-store');
    return payload;
  }
  const etag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
  void reply.headers({ etag, 'cache-control': 'private, no-cache' });
  // nginx makes it a weak one when it compresses.
  if (headers['if-none-match']?.replace(/^W\//, '') !== etag) return payload;
  void reply.code(304).removeHeader('content-type').removeHeader('content-length');
  return null;
}

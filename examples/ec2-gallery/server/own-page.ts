import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { HttpError } from './http-error';

const READS = ['GET', 'HEAD'];

/**
 * Keeps pages of other sites out. A site can point a name of its own at the server's address (DNS rebinding), so names have to be
 * known; addresses cannot be pointed elsewhere. And a site can have a visitor's browser send a form to the server: browsers say in
 * `Origin` whose page that was.
 *
 * @param hostNames in lower case, without ports
 */
export function requireOwnPage(app: FastifyInstance, hostNames: readonly string[]): void {
  const known = new Set(['localhost', ...hostNames]);
  app.addHook('onRequest', async ({ method, headers }) => {
    const host = parse(`http://${headers.host ?? ''}`);
    if (!host || !(isAddress(host.hostname) || known.has(host.hostname))) throw new HttpError(421, 'the gallery has another name');
    if (READS.includes(method)) return;
    const isForeign = headers.origin !== undefined && parse(headers.origin)?.host !== host.host;
    if (isForeign || headers['sec-fetch-site'] === 'cross-site') throw new HttpError(403, 'changes must come from the gallery\'s own page');
  });
}

function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

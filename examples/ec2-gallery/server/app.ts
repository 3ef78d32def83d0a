import multipart from '@fastify/multipart';
import files from '@fastify/static';
import fastify, { FastifyInstance, LogController } from 'fastify';
import { api, ApiServices } from './api';
import { errorBody, HttpError, statusOf } from './http-error';
import { requireOwnPage } from './own-page';
import { addSecurityHeaders } from './security-headers';

const REQUEST_TIMEOUT_MS = 300_000;
/** Without a byte in either direction. */
const IDLE_TIMEOUT_MS = 60_000;

export interface AppOptions extends ApiServices {
  readonly webFolder: string;
  readonly title: string;
  /** Names under which visitors may open the page; by its address they always may. */
  readonly hostNames: readonly string[];
  /** Origins of the pictures. */
  readonly linkOrigins: readonly string[];
}

/** The web server: the page, its configuration, the API. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    // nginx names the client; nobody else may.
    trustProxy: 'loopback',
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    routerOptions: { maxParamLength: 200 },
    logController: new LogController({ disableRequestLogging: true }),
    logger: { base: null, messageKey: 'message', timestamp: () => `,"time":"${new Date().toISOString()}"`, formatters: { level: (level) => ({ level }) } },
  });
  addSecurityHeaders(app, options.linkOrigins.join(' '));
  addLog(app);
  addErrors(app);
  addFarewell(app);
  requireOwnPage(app, options.hostNames);
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { fileSize: Infinity, files: 2, fields: 1, parts: 3, fieldNameSize: 100, fieldSize: 100, headerPairs: 20 },
  });

  app.get('/health', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/config.json', async (_request, reply) => reply.header('cache-control', 'no-store').send({
    api: 'api', uploads: 'multipart', title: options.title, maxBytes: options.maxUploadBytes, deletes: true,
  }));
  await app.register(api, { prefix: '/api', ...options });
  await app.register(files, { root: options.webFolder, dotfiles: 'ignore', cacheControl: false, setHeaders: (reply) => reply.header('cache-control', 'no-cache') });
  return app;
}

/** One line per answer. What clients wrote is not in it, but for the method; JSON keeps a line a line. */
function addLog(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, { statusCode, elapsedTime }) => {
    const { method, ip, routeOptions: { url: route } } = request;
    const level = route === '/health' ? 'debug' : 'info';
    request.log[level]({ method, route, status: statusCode, milliseconds: Math.round(elapsedTime), client: ip }, 'request');
  });
}

function addErrors(app: FastifyInstance): void {
  app.setNotFoundHandler(() => { throw new HttpError(404, 'there is nothing here'); });
  app.setErrorHandler((error: Error, request, reply) => {
    const status = statusOf(error);
    if (status === 500) request.log.error({ err: error }, 'request failed');
    if (status === 429 || status === 503) void reply.header('retry-after', '5');
    return reply.code(status).send(errorBody(status, status === 500 ? 'something went wrong: try again' : error.message));
  });
}

/** A server that stops does not keep connections for further requests. */
function addFarewell(app: FastifyInstance): void {
  let isStopping = false;
  app.addHook('preClose', async () => { isStopping = true; });
  app.addHook('onSend', async (_request, reply) => {
    if (isStopping) void reply.header('connection', 'close');
  });
}

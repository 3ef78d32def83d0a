import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo, isIP } from 'net';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A site could point a name of its own at this machine, and a visitor's browser would let its pages read what is here. */
function isOwn({ headers: { host = '' } }: IncomingMessage): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

/** An HTTP server on 127.0.0.1 that has its address before there is what answers. */
export class LocalServer {
  /** @param port any that is free, unless one is named */
  static async listen(port = 0): Promise<LocalServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return new LocalServer(server);
  }

  private handler: RequestHandler;
  private requestedAt = 0;

  private constructor(private readonly server: Server) {
    this.handler = async (_, response) => void response.writeHead(503).end();
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.requestedAt = Date.now();
      if (!isOwn(request)) return void response.writeHead(421).end();
      this.handler(request, response).catch((error: unknown) => {
        // A client that has gone needs no answer.
        if (!request.destroyed) console.error('local server:', request.method, request.url, error);
        response.destroy();
      });
    });
  }

  /** For example `http://127.0.0.1:8080`. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Time of the latest request; 0 before the first. */
  get lastRequestAt(): number {
    return this.requestedAt;
  }

  handle(handler: RequestHandler): void {
    this.handler = handler;
  }

  /** Cuts off what is still running. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

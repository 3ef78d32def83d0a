import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo, isIP } from 'net';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A site could point a name of its own at this machine, and a visitor's browser would let its pages read what is here. */
function isOwn({ headers: { host = '' } }: IncomingMessage): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0;
}

/** What nobody beyond this machine can reach. */
export const THIS_MACHINE = '127.0.0.1';

export interface LocalServerOptions {
  /** @default - any that is free */
  readonly port?: number;
  /**
   * Address of this machine.
   * @default '127.0.0.1'
   */
  readonly host?: string;
}

/** An HTTP server on this machine that has its address before there is what answers. */
export class LocalServer {
  static async listen({ port = 0, host = THIS_MACHINE }: LocalServerOptions = {}): Promise<LocalServer> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
    return new LocalServer(server, host);
  }

  private handler: RequestHandler;
  private requestedAt = 0;

  private constructor(private readonly server: Server, private readonly host: string) {
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
    return `http://${this.host}:${(this.server.address() as AddressInfo).port}`;
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

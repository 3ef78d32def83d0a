import { createServer, IncomingMessage, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { tmpdir } from 'os';
import { Dispatcher } from './dispatcher';
import { Authenticator } from '../exchange/authentication';
import { Services } from '../exchange/call';
import { EventFeed, S3EventListener } from '../storage/events';
import { Spool } from '../storage/spool';
import { BucketOptions, Store } from '../storage/store';
import { Credentials } from '../wire/sigv4';

export interface LocalS3Options {
  /** The one identity that may use the server; it may do everything. */
  readonly credentials: Credentials;
  readonly region: string;
  /** @default - a free port */
  readonly port?: number;
  /**
   * Address of this machine on which the server listens.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /**
   * Owner of the buckets.
   * @default '000000000000'
   */
  readonly accountId?: string;
  /**
   * Where the private directory with the bodies is made.
   * @default - the temporary directory of the system
   */
  readonly temporaryDirectory?: string;
}

/**
 * An S3 server for this machine: it listens on 127.0.0.1, unless told otherwise, and keeps bodies in a temporary directory, metadata in memory.
 * It accepts and refuses what Amazon S3 would.
 */
export class LocalS3 {
  static async start(options: LocalS3Options): Promise<LocalS3> {
    const { credentials, region, accountId = '000000000000' } = options;
    const spool = await Spool.create(options.temporaryDirectory ?? tmpdir());
    const local = new LocalS3(
      { region, accountId, spool, store: new Store(), events: new EventFeed(region, accountId) },
      new Authenticator(credentials, region),
      options.host ?? '127.0.0.1',
    );
    try {
      await local.listen(options.port ?? 0);
    } catch (error) {
      await spool.remove();
      throw error;
    }
    return local;
  }

  private readonly server: Server;
  private readonly dispatcher: Dispatcher;
  private readonly running = new Set<Promise<void>>();
  private port = 0;

  private constructor(private readonly services: Services, authenticator: Authenticator, private readonly host: string) {
    this.dispatcher = new Dispatcher(services, authenticator);
    this.server = createServer((message, response) => this.serve(message, response));
    this.server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => this.serve(message, response, () => response.writeContinue()));
    // An upload may take as long as it takes.
    this.server.requestTimeout = 0;
  }

  /** For clients with path-style addressing. */
  get endpoint(): string {
    return `http://${this.host}:${this.port}`;
  }

  /** Requests so far, by bucket and kind. */
  get requests(): Readonly<Record<string, number>> {
    return this.dispatcher.requests.all;
  }

  hasBucket(name: string): boolean {
    return this.services.store.find(name) !== undefined;
  }

  createBucket(name: string, options?: BucketOptions): void {
    this.services.store.create(name, options);
  }

  /**
   * The listener is called after each change, before the client gets its response.
   * @returns a function that ends the subscription
   */
  onEvent(listener: S3EventListener): () => void {
    return this.services.events.subscribe(listener);
  }

  /** Cuts off what is still running and removes all data. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
    await Promise.all(this.running);
    await this.services.spool.remove();
  }

  private serve(message: IncomingMessage, response: ServerResponse, sendContinue?: () => void): void {
    const request = this.dispatcher.dispatch(message, response, sendContinue);
    this.running.add(request);
    void request.finally(() => this.running.delete(request));
  }

  private async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, this.host, resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }
}

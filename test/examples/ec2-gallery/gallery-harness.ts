import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { GalleryCloud, GalleryProcess, SOURCE } from './gallery-process';

/** A cloud and a server for all tests of a file, and servers of their own for the tests that need them. */
class GalleryHarness {
  cloud!: GalleryCloud;
  server!: GalleryProcess;
  private others: GalleryProcess[] = [];

  async start(): Promise<void> {
    this.cloud = await GalleryCloud.start();
    this.server = await GalleryProcess.start(this.cloud);
  }

  /** A server of its own, which ends with the test. */
  async another(environment: Readonly<Record<string, string>>): Promise<GalleryProcess> {
    const started = await GalleryProcess.start(this.cloud, environment);
    this.others.push(started);
    return started;
  }

  /** Ends the servers of a test and takes its images away. */
  async reset(): Promise<void> {
    await Promise.all(this.others.map((other) => other.stop()));
    this.others = [];
    await Promise.all((await this.cloud.items()).map(({ imageId }) => this.cloud.remove(imageId)));
    for (const key of await this.cloud.originals()) await this.cloud.client.send(new DeleteObjectCommand({ Bucket: SOURCE, Key: key }));
  }

  async stop(): Promise<void> {
    // Either may be missing, after a start that failed.
    await this.server?.stop();
    await this.cloud?.stop();
  }
}

/** A harness for the tests of a file. */
export function useGallery(): GalleryHarness {
  jest.setTimeout(120_000);
  const gallery = new GalleryHarness();
  beforeAll(() => gallery.start());
  afterEach(() => gallery.reset());
  afterAll(() => gallery.stop());
  return gallery;
}

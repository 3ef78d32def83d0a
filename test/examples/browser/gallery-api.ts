import { setTimeout as sleep } from 'timers/promises';

interface Settings {
  readonly api: string;
  readonly maxBytes: number;
  readonly deletes: boolean;
}

/** The API behind the page, with what the page is told about it. */
export class GalleryApi {
  static async of(pageUrl: string): Promise<GalleryApi> {
    const { api, maxBytes, deletes } = await (await fetch(new URL('config.json', pageUrl))).json() as Settings;
    return new GalleryApi(new URL(api, pageUrl).href.replace(/\/+$/, ''), maxBytes, deletes);
  }

  private constructor(readonly url: string, readonly maxBytes: number, readonly deletes: boolean) {}

  async waitUntilGone(imageId: string): Promise<void> {
    await waitUntil(`${imageId} is gone`, async () => (await fetch(`${this.url}/images/${imageId}`)).status === 404);
  }

  async waitUntilUnlisted(fileName: string): Promise<void> {
    await waitUntil(`${fileName} is no longer listed`, async () => {
      const { images } = await (await fetch(`${this.url}/images`)).json() as { readonly images: readonly { readonly fileName: string }[] };
      return images.every((image) => image.fileName !== fileName);
    });
  }
}

async function waitUntil(state: string, isReached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!await isReached()) {
    if (Date.now() > deadline) throw new Error(`expected that ${state} within 30 seconds`);
    await sleep(250);
  }
}

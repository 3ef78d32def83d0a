import { readFile } from 'fs/promises';
import { basename } from 'path';
import { contentTypeOf } from '../services/bucket-deployment/bucket-deployment';

/** `config.json` beside a gallery page. */
interface PageConfig {
  readonly api: string;
  readonly uploads: 'multipart' | 'presigned';
}

export interface ShownImage {
  readonly imageId: string;
  readonly status: string;
  readonly renditions: readonly object[];
  readonly failure?: { readonly code: string; readonly message: string };
}

interface Form {
  readonly imageId: string;
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** An answer that something is refused, or that a server cannot take it now. */
export class VisitorError extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(message: string, status: number) {
    super(message);
    this.$metadata = { httpStatusCode: status };
  }
}

/** Does what a gallery page does, by the same API. */
export class Visitor {
  /** @param page where the page is */
  static async of(page: string): Promise<Visitor> {
    const config = await answerOf<PageConfig>(await fetch(new URL('config.json', page)));
    return new Visitor(new URL(config.api, page).href.replace(/\/+$/, ''), config.uploads);
  }

  private constructor(private readonly api: string, private readonly uploads: PageConfig['uploads']) {}

  /**
   * @returns the id of the image
   * @throws Error that says why the file is refused
   */
  async upload(path: string): Promise<string> {
    const file = new File([await readFile(path)], basename(path), { type: contentTypeOf(path) });
    return this.uploads === 'multipart' ? this.uploadToServer(file) : this.uploadToBucket(file);
  }

  async image(imageId: string): Promise<ShownImage> {
    return answerOf<ShownImage>(await fetch(`${this.api}/images/${imageId}`));
  }

  private async uploadToServer(file: File): Promise<string> {
    const body = new FormData();
    body.append('image', file);
    return (await answerOf<ShownImage>(await fetch(`${this.api}/images`, { method: 'POST', body }))).imageId;
  }

  private async uploadToBucket(file: File): Promise<string> {
    const request = { fileName: file.name, contentType: file.type, bytes: file.size };
    const { imageId, url, fields } = await answerOf<Form>(await fetch(`${this.api}/uploads`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(request),
    }));
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    body.append('file', file);
    const stored = await fetch(url, { method: 'POST', body });
    if (!stored.ok) throw new VisitorError(`the bucket answers with ${stored.status}: ${await stored.text()}`, stored.status);
    return imageId;
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const body = await response.text();
  if (response.ok) return JSON.parse(body) as T;
  const isJson = response.headers.get('content-type')?.includes('json');
  throw new VisitorError(isJson ? (JSON.parse(body) as { message: string }).message : `${response.status} ${response.statusText}`, response.status);
}

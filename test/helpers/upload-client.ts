/** A client of `ImageUploadApi` in an example that runs locally. */

/** What a client is handed to upload with. */
export interface UploadForm {
  readonly imageId: string;
  readonly url: string;
  readonly fields: Record<string, string>;
}

/** Rendition of an image, as the API tells it. */
export interface ListedRendition {
  readonly name: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly url: string;
}

export interface ListedImage {
  readonly imageId: string;
  readonly status: string;
  readonly fileName: string;
  readonly renditions: readonly ListedRendition[];
  readonly failure?: { readonly code: string };
}

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export class UploadClient {
  /** @param uploads path under which the API hands out forms */
  constructor(private readonly api: string, private readonly uploads: string) {}

  async send<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
    const response = await fetch(this.api + path, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  ask<T = UploadForm>(body: unknown): Promise<Answer<T>> {
    return this.send<T>(this.uploads, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async form(fileName: string, more: object = {}): Promise<UploadForm> {
    const { body } = await this.ask({ fileName, contentType: 'image/jpeg', ...more });
    return body;
  }

  /** Sends a form as browsers do. */
  async submit({ url, fields }: Pick<UploadForm, 'url' | 'fields'>, file: Buffer): Promise<Answer<string>> {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    data.append('file', new Blob([file]), 'blob');
    const response = await fetch(url, { method: 'POST', body: data });
    return { status: response.status, headers: response.headers, body: await response.text() };
  }

  async image(imageId: string): Promise<ListedImage> {
    return (await this.send<ListedImage>(`/images/${imageId}`)).body;
  }
}

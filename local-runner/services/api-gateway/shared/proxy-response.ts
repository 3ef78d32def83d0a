import type { ApiResponse } from './response';

/** What a function of a proxy integration answers, after its shape was checked. */
export interface ProxyResponse {
  readonly statusCode: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

type Scalar = string | number | boolean;

/**
 * Reads what both payload formats have in common.
 *
 * @returns undefined for what is no response
 */
export function readProxyResponse(payload: unknown): ProxyResponse | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = payload as Record<string, unknown>;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 100 || status > 599) return undefined;
  if (body !== null && typeof body !== 'string') return undefined;
  if (!isScalars(headers) || typeof isBase64Encoded !== 'boolean') return undefined;
  return { statusCode: status, headers: Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)]), body: body ?? '', isBase64Encoded };
}

/** @param decode whether text in base64 goes out as what it stands for */
export function bytesOf({ body, isBase64Encoded }: ProxyResponse, decode: boolean): Buffer {
  return isBase64Encoded && decode ? Buffer.from(body, 'base64') : Buffer.from(body);
}

export function hasHeader(headers: ApiResponse['headers'], name: string): boolean {
  return headers.some(([each]) => each.toLowerCase() === name);
}

function isScalars(value: unknown): value is Readonly<Record<string, Scalar>> | null {
  return typeof value === 'object' && Object.values(value ?? {}).every((each) => ['string', 'number', 'boolean'].includes(typeof each));
}

// @ts-check

/** Nothing came back: offline, refused, cut off or too slow. */
export class NetworkError extends Error {
  /** @param {unknown} [cause] */
  constructor(cause) {
    super('No answer from the server', { cause });
    this.name = 'NetworkError';
  }
}

/** The server's refusal, in its own words. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {string} [code]
   * @param {number} [retryAfter] milliseconds that the server asks to wait
   */
  constructor(status, message, code, retryAfter) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What speaks against a file before it is sent. */
export class FileError extends Error {
  /**
   * @param {string} message
   * @param {string} word the same where there is no room for a sentence
   */
  constructor(message, word) {
    super(message);
    this.name = 'FileError';
    this.word = word;
  }
}

/**
 * The error that an answer stands for: JSON of the API, XML of S3.
 * @param {number} status
 * @param {string} body
 * @param {string | null} [retryAfter] the header, in seconds
 */
export function errorOf(status, body, retryAfter) {
  const { code, message } = parseJson(body) ?? parseXml(body);
  const wait = Number(retryAfter) * 1000 || undefined;
  return new ApiError(status, typeof message === 'string' ? message : '', typeof code === 'string' ? code : undefined, wait);
}

/**
 * @param {string} body
 * @returns {{ code?: unknown, message?: unknown } | undefined}
 */
function parseJson(body) {
  try {
    const value = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {string} body */
function parseXml(body) {
  const answer = new DOMParser().parseFromString(body, 'application/xml');
  if (answer.documentElement.localName !== 'Error') return {};
  return {
    code: answer.querySelector('Code')?.textContent,
    message: answer.querySelector('Message')?.textContent,
  };
}

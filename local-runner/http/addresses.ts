/** The addresses on this machine that stand for those which servers of the app would have on AWS. */
export class Addresses {
  private readonly origins = new Map<string, string>();
  private urls?: RegExp;

  /**
   * @param host may be a wildcard such as `*.example.com`, which stands for itself only, as content security policies have it
   * @param origin scheme, host and port
   */
  set(host: string, origin: string): void {
    this.origins.set(host, origin);
    const hosts = [...this.origins.keys()].map((each) => each.replace(/[.*]/g, '\\$&'));
    this.urls = new RegExp(`https?://(${hosts.join('|')})(?::\\d+)?(?![\\w-]|\\.[\\w-])`, 'g');
  }

  /** @returns undefined for a host that is not of the app */
  originOf(host: string): string | undefined {
    return this.origins.get(host);
  }

  /** The value with every URL in its texts moved to this machine. */
  localize<T>(value: T): T {
    return this.urls ? (this.moved(value, this.urls) as T) : value;
  }

  private moved(value: unknown, urls: RegExp): unknown {
    if (typeof value === 'string') return value.replace(urls, (_, host: string) => this.origins.get(host)!);
    if (Array.isArray(value)) return value.map((each) => this.moved(each, urls));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.moved(each, urls)]));
  }
}

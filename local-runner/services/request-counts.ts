export type Requests = Readonly<Record<string, number>>;

/** How often each thing was asked for. */
export class RequestCounts {
  private readonly counts = new Map<string, number>();

  add(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** By name, in the order of the names. */
  get all(): Requests {
    return Object.fromEntries([...this.counts].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}

/** What came since: names of which nothing came are left out. */
export function requestsSince(before: Requests, now: Requests): Requests {
  const more = Object.entries(now).map(([name, count]) => [name, count - (before[name] ?? 0)] as const);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

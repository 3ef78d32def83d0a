import { parseInput, Request } from './input';
import { InvalidInput } from './invalid-input';
import { reportsOf, Services } from './services';
import { HandlerConfig, Listing, LISTINGS } from '../../contract';

export interface BeginRequest {
  readonly execution: string;
  readonly input: unknown;
  /** Places that were listed before. */
  readonly at: number;
}

export interface Begun {
  readonly request: Request;
  readonly listing: Listing;
  /** Where the originals are that are planned next. */
  readonly bucket: string;
  readonly prefix: string;
  /** Of a list. */
  readonly key: string;
  readonly at: number;
}

/**
 * Checks the input, and says what is to be listed next: one place after the other.
 *
 * @throws InvalidInput
 */
export async function begin(services: Services, { execution, input, at }: BeginRequest): Promise<Begun> {
  const request = parseInput(input, profileNames(services.pipeline));
  const nothing = { request, listing: LISTINGS.none, bucket: '', prefix: '', key: '', at: at + 1 };
  const { sources } = services;
  const { keys, status } = request;
  if (request.bucket !== undefined && !sources.some(({ bucket }) => bucket === request.bucket)) {
    const buckets = [...new Set(sources.map(({ bucket }) => bucket))].join(', ');
    throw new InvalidInput(`bucket must be one of the pipeline's originals, ${buckets}, received ${JSON.stringify(request.bucket)}`);
  }
  if (keys === undefined && status === undefined) {
    const places = placesOf(services, request);
    if (places.length === 0) throw new InvalidInput(`prefix must be that of originals of the pipeline, received ${JSON.stringify(request.prefix)}`);
    return at < places.length ? { ...nothing, listing: LISTINGS.objects, ...places[at] } : nothing;
  }
  if (at > 0) return nothing;
  // Keys of a list are those of the first source's bucket, unless the list or the request says.
  const { bucket = sources[0].bucket } = request;
  if (keys !== undefined) return { ...nothing, listing: keys.endsWith('.csv') ? LISTINGS.rows : LISTINGS.lines, bucket, key: keys };
  const listed = counting(services.records.ofStatus(status!));
  const key = await reportsOf(services, execution).writeLines('listed.jsonl', listed.items);
  // What a map makes of a file without lines is not documented.
  return listed.count() > 0 ? { ...nothing, listing: LISTINGS.lines, bucket, key } : nothing;
}

function counting<T>(items: AsyncIterable<T>): { readonly items: AsyncIterable<T>; readonly count: () => number } {
  let seen = 0;
  async function* counted(): AsyncGenerator<T> {
    for await (const item of items) {
      seen += 1;
      yield item;
    }
  }
  return { items: counted(), count: () => seen };
}

/** Each source's part of what is asked for. Prefixes of sources do not overlap. */
function placesOf({ sources }: Services, { bucket, prefix = '' }: Request): { bucket: string; prefix: string }[] {
  return sources.filter((source) => bucket === undefined || source.bucket === bucket).flatMap((source) => {
    if (prefix.startsWith(source.prefix)) return [{ bucket: source.bucket, prefix }];
    return source.prefix.startsWith(prefix) ? [{ bucket: source.bucket, prefix: source.prefix }] : [];
  });
}

function profileNames({ profileSets, sources }: HandlerConfig): Set<string> {
  return new Set([...profileSets.flat(), ...sources.flatMap(({ requested }) => requested ?? [])].map(({ name }) => name));
}

import { existsSync } from 'fs';
import { isIPv4 } from 'net';
import { networkInterfaces } from 'os';
import { resolve } from 'path';
import { parseArgs } from 'util';
import { Example, EXAMPLES } from './examples';

const NAMES = EXAMPLES.map(({ name }) => name);
const GALLERIES = EXAMPLES.filter(({ page }) => page !== undefined).map(({ name }) => name);
const DEFAULTS = { gallery: 'presigned-site', once: 'quick-start' } as const;

export const HELP = `Runs an example of the pipeline on this machine: embedded services of AWS, and the packaged Lambda code.

  npm run demo                                       opens a gallery and uploads sample images to it
  npm run demo -- FILE_OR_FOLDER...                  the same with any files; folders with all that is in them, except hidden files
  npm run demo -- --once --out DIR FILE_OR_FOLDER... without a gallery, for scripts

  --once           show no gallery, and end when every file came to its final state
  --out DIR        where the log and, without a gallery, renditions, records.json and the contact sheet index.html
                   are written (default: .demo)
  --example NAME   the example to run: ${NAMES.join(', ')}
                   (default: ${DEFAULTS.gallery}, with --once ${DEFAULTS.once}); ${GALLERIES.join(' and ')} have a gallery;
                   existing-bucket plans, makes and prunes the renditions of files that were there before it
  --port PORT      port of the gallery (default: any that is free)
  --host ADDRESS   IPv4 address of this machine at which the gallery is, such as 192.168.1.20, for phones in the same network;
                   whoever can reach it can see, upload and delete (default: 127.0.0.1, which this machine alone can reach)
  --qr             with --host: prints the address of the gallery as a QR code
  --strict         with --once: exit status 1 also when a file is no image that can be read, or a rendition could not be made
  --help           this text

A gallery stays until Ctrl-C. Where there is no terminal to press it in, it also ends when nobody has asked for anything for half
an hour; a page that somebody sees asks.

Exit status: 0 when every file came to the final state that it should, 1 when the pipeline failed, 2 for wrong arguments.
`;

export interface DemoArguments {
  readonly help: boolean;
  /** Whether to show the example's gallery. */
  readonly gallery: boolean;
  /** Absolute path. */
  readonly out: string;
  readonly example: Example;
  /** Of the gallery. */
  readonly port?: number;
  /** Address of the gallery. */
  readonly host?: string;
  /** Whether a phone shall be shown the way. */
  readonly qr: boolean;
  /** Whether files that are no images are failures, too. */
  readonly strict: boolean;
  /** Absolute paths; none for the sample images. */
  readonly inputs: readonly string[];
}

/** The fault is the user's: shown without a stack, and before anything starts. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseArguments(args: readonly string[]): DemoArguments {
  const { values, positionals } = parsed(args);
  const { help = false, once = false, strict = false, qr = false, host, port, example: name = once ? DEFAULTS.once : DEFAULTS.gallery } = values;
  const example = EXAMPLES.find((each) => each.name === name);
  if (!example) throw new UsageError(`--example must be one of ${NAMES.join(', ')}, received ${JSON.stringify(name)}`);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
    throw new UsageError(`--port must be a number from 1 to 65535, received ${JSON.stringify(port)}`);
  }
  const addresses = ownAddresses();
  if (host !== undefined && !(isIPv4(host) && (host.startsWith('127.') || addresses.includes(host)))) {
    throw new UsageError(`--host must be an IPv4 address of this machine, which are ${addresses.join(', ')}, received ${JSON.stringify(host)}`);
  }
  if (qr && (once || host === undefined)) throw new UsageError('--qr must come with --host and a gallery: a phone cannot reach 127.0.0.1');
  // npm changes to the folder of the package, and keeps where its user stood.
  const folder = process.env.npm_lifecycle_event === 'demo' ? process.env.INIT_CWD ?? '' : '';
  if (once && (port !== undefined || host !== undefined)) throw new UsageError('--port and --host must come without --once, which shows no gallery');
  if (strict && !once) throw new UsageError('--strict must come with --once');
  if (values.out === '') throw new UsageError('--out must be a folder, received ""');
  if (positionals.includes('')) throw new UsageError('files and folders must have names, received ""');
  const inputs = positionals.map((path) => resolve(folder, path));
  for (const path of inputs) {
    if (!existsSync(path)) throw new UsageError(`no such file or folder: ${path}`);
  }
  return {
    help,
    gallery: !once && example.page !== undefined,
    out: resolve(folder, values.out ?? '.demo'),
    example,
    port: port === undefined ? undefined : Number(port),
    host,
    qr,
    strict,
    inputs,
  };
}

/** Those of networks first. */
function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flat().filter((each) => each !== undefined && each.family === 'IPv4');
  return all.sort((a, b) => Number(a!.internal) - Number(b!.internal)).map((each) => each!.address);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        once: { type: 'boolean' },
        out: { type: 'string' },
        example: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        qr: { type: 'boolean' },
        strict: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

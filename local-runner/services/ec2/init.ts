import { cpSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'fs';
import { basename, dirname, join } from 'path';
import { requireKnownProperties } from '../../template/known-properties';

type ConfigSets = Readonly<Record<string, readonly ConfigSetEntry[]>>;
type ConfigSetEntry = string | { readonly ConfigSet: string };

interface InitFile {
  readonly content?: unknown;
  readonly encoding?: 'plain' | 'base64';
  readonly mode?: string;
  readonly source?: string;
  readonly context?: object;
}

interface InitService {
  readonly enabled?: boolean | string;
  readonly ensureRunning?: boolean | string;
}

interface InitConfig {
  readonly sources?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, InitFile>>;
  /** By the service manager, and the name. */
  readonly services?: Readonly<Record<string, Readonly<Record<string, InitService>>>>;
}

/** `Metadata['AWS::CloudFormation::Init']` of an instance, with its intrinsic functions resolved. */
export interface Init {
  readonly configSets?: ConfigSets;
  readonly [config: string]: InitConfig | ConfigSets | undefined;
}

/** Packages, users and commands are those of the machine, which here is not the instance's. */
const SECTIONS = ['packages', 'groups', 'users', 'sources', 'files', 'commands', 'services'];

/** What an instance has in its file system, and what it starts. */
export interface Installed {
  /** The text with every path that was installed moved to this machine. */
  readonly localize: (text: string) => string;
  /** Names of the services that are on, in the order in which they are turned on. */
  readonly services: readonly string[];
}

/**
 * Does what the config sets say, in their order.
 *
 * @param root folder that stands for `/` of the instance
 * @param assetOf finds the staged file or folder with this key in the assets bucket
 * @param at where the resource stands in the templates, for errors
 */
export function install(init: Init, root: string, assetOf: (key: string) => string | undefined, at: string): Installed {
  const paths: string[] = [];
  const services = new Map<string, boolean>();
  for (const name of configNames(init, 'default', at)) {
    const config = init[name] as InitConfig | undefined;
    const where = `${at}: config ${JSON.stringify(name)}`;
    if (!config) throw new Error(`${where} must be there: a config set names it`);
    requireKnownProperties(config, SECTIONS, where);
    for (const [path, url] of Object.entries(config.sources ?? {})) {
      cpSync(folderOf(url, assetOf, where), join(root, path), { recursive: true });
      paths.push(path);
    }
    for (const [path, file] of Object.entries(config.files ?? {})) {
      writeFile(file, join(root, path), root, assetOf, `${where}: file ${JSON.stringify(path)}`);
      paths.push(path);
    }
    for (const [service, { enabled, ensureRunning }] of Object.values(config.services ?? {}).flatMap((each) => Object.entries(each))) {
      services.set(service.replace(/\.service$/, ''), isTrue(enabled) || isTrue(ensureRunning));
    }
  }
  return { localize: localizer(root, paths), services: [...services].filter(([, on]) => on).map(([name]) => name) };
}

function configNames(init: Init, set: string, at: string): string[] {
  if (!init.configSets) return ['config'];
  const entries = init.configSets[set];
  if (!entries) throw new Error(`${at} must have a config set ${JSON.stringify(set)}, received ${JSON.stringify(Object.keys(init.configSets))}`);
  return entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : configNames(init, entry.ConfigSet, at)));
}

function folderOf(url: string, assetOf: (key: string) => string | undefined, at: string): string {
  const folder = assetOfUrl(url, assetOf, at);
  if (!statSync(folder).isDirectory()) throw new Error(`${at} must have folders for sources, received ${JSON.stringify(url)}: the local runner unpacks no archives`);
  return folder;
}

function assetOfUrl(url: string, assetOf: (key: string) => string | undefined, at: string): string {
  const asset = assetOf(basename(new URL(url).pathname));
  if (asset === undefined) throw new Error(`${at} must take what it installs from assets of the app, received ${JSON.stringify(url)}`);
  return asset;
}

function writeFile(file: InitFile, path: string, root: string, assetOf: (key: string) => string | undefined, at: string): void {
  if (file.context) throw new Error(`${at} is a template, which the local runner does not know`);
  mkdirSync(dirname(path), { recursive: true });
  if (file.source !== undefined) return cpSync(assetOfUrl(file.source, assetOf, at), path);
  const content = typeof file.content === 'string' ? file.content : JSON.stringify(file.content);
  // The first three digits of a mode say what kind of file it is.
  if (file.mode?.startsWith('120')) symlinkSync(join(root, content), path);
  else writeFileSync(path, Buffer.from(content, file.encoding === 'base64' ? 'base64' : 'utf8'));
}

function localizer(root: string, paths: readonly string[]): (text: string) => string {
  const any = paths.map((path) => path.replace(/\/+$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  // A path begins where a text or a value in it does, and ends with a name.
  const form = new RegExp(`(?<![\\w./-])(?:${any})(?![\\w.-])`, 'g');
  return (text) => (paths.length === 0 ? text : text.replace(form, (path) => root + path));
}

function isTrue(value: boolean | string | undefined): boolean {
  return String(value).toLowerCase() === 'true';
}

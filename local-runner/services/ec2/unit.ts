import { basename } from 'path';

/** What the runner needs of a unit of systemd. */
export interface Unit {
  /** What runs, after the program. */
  readonly arguments: readonly string[];
  readonly workingDirectory?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly restart: (failed: boolean) => boolean;
  readonly restartMs: number;
}

const DEFAULT_RESTART_MS = 100;

/**
 * Reads a unit that runs Node.js.
 *
 * @param read gives the text of a file of the instance, and undefined for none
 * @param at the name of the unit, for errors
 * @returns undefined for a unit that runs something else
 */
export function parseUnit(text: string, read: (path: string) => string | undefined, at: string): Unit | undefined {
  const service = settingsOf(text, 'Service');
  const [program, ...rest] = words((service.get('ExecStart')?.at(-1) ?? '').replace(/^[-@:+!|]+/, ''));
  const viaEnv = basename(program ?? '') === 'env';
  const command = viaEnv ? rest : [program ?? '', ...rest];
  if (!/^node(-?\d+)?$/.test(basename(command[0] ?? ''))) return undefined;
  return {
    arguments: command.slice(1),
    workingDirectory: service.get('WorkingDirectory')?.at(-1)?.replace(/^-/, ''),
    environment: { ...assignments((service.get('Environment') ?? []).flatMap(words)), ...fileVariables(service.get('EnvironmentFile') ?? [], read, at) },
    restart: restartRule(service.get('Restart')?.at(-1) ?? 'no', at),
    restartMs: milliseconds(service.get('RestartSec')?.at(-1), at),
  };
}

/** All values of each setting of a section; an empty value takes back those before it. */
function settingsOf(text: string, section: string): Map<string, string[]> {
  const settings = new Map<string, string[]>();
  let current = '';
  for (const line of text.replace(/\\\n/g, ' ').split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const header = /^\[(.+)\]$/.exec(line);
    if (header) {
      current = header[1];
      continue;
    }
    if (current !== section) continue;
    const [name, value] = pair(line);
    settings.set(name, value === '' ? [] : [...(settings.get(name) ?? []), value]);
  }
  return settings;
}

/** Words as systemd reads them: spaces part them, outside of quotes. */
function words(text: string): string[] {
  return [...text.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/g)].map(([word]) => unquote(word));
}

function unquote(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) => double?.replace(/\\(.)/g, '$1') ?? single ?? '');
}

function fileVariables(files: readonly string[], read: (path: string) => string | undefined, at: string): Record<string, string> {
  return Object.assign({}, ...files.map((file) => {
    const content = read(file.replace(/^-/, ''));
    if (content === undefined && !file.startsWith('-')) throw new Error(`${at} must have its environment file ${JSON.stringify(file)}`);
    const lines = (content ?? '').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !/^[#;]/.test(line));
    return assignments(lines.map((line) => unquote(line)));
  })) as Record<string, string>;
}

function assignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(texts.map(pair));
}

function pair(text: string): [name: string, value: string] {
  const sign = text.indexOf('=');
  return sign < 0 ? [text, ''] : [text.slice(0, sign).trim(), text.slice(sign + 1).trim()];
}

function restartRule(restart: string, at: string): (failed: boolean) => boolean {
  switch (restart) {
    case 'no': return () => false;
    case 'always': return () => true;
    case 'on-success': return (failed) => !failed;
    case 'on-failure': return (failed) => failed;
    default: throw new Error(`${at} must be restarted always, on-success, on-failure or no, received ${JSON.stringify(restart)}: the local runner knows no other`);
  }
}

function milliseconds(text: string | undefined, at: string): number {
  if (text === undefined) return DEFAULT_RESTART_MS;
  const match = /^(\d+(?:\.\d+)?)(s|ms|min)?$/.exec(text);
  if (!match) throw new Error(`${at} must wait for a time such as 2 or 500ms before it restarts, received ${JSON.stringify(text)}`);
  return Number(match[1]) * { s: 1000, ms: 1, min: 60_000 }[match[2] ?? 's']!;
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../assets/build/layout';

interface Step { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown> }
interface Job { readonly 'permissions'?: Record<string, string>; readonly 'steps': Step[]; readonly 'needs'?: string | string[]; readonly 'environment'?: string; readonly 'timeout-minutes'?: number }
interface Workflow { readonly on: Record<string, unknown>; readonly jobs: Record<string, Job> }

const folder = join(packageRoot, '.github', 'workflows');
const texts = Object.fromEntries(readdirSync(folder).sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
const workflows: Record<string, Workflow> = Object.fromEntries(Object.entries(texts).map(([file, text]) => [file, parse(text)]));
const jobs = Object.entries(workflows).flatMap(([file, workflow]) => Object.entries(workflow.jobs).map(([id, job]) => [`${file} ${id}`, job] as const));
const pins = readFileSync(join(packageRoot, '.github', 'pins', 'action.yml'), 'utf8');

describe.each(Object.entries(texts))('%s', (file, text) => {
  const uses = text.split('\n').filter((line) => /^\s*(- )?uses:/.test(line)).map((line) => line.replace(/^\s*(- )?/, ''));

  test('uses every action at a commit, with its version beside it', () => {
    expect(uses.filter((line) => !/^uses: [\w-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test('uses the actions that .github/pins names, at the same commit', () => {
    expect(uses.filter((line) => !pins.includes(`- ${line}\n`))).toEqual([]);
  });

  test('names no registry host', () => {
    expect(text).not.toMatch(/registry\.|pypi\.org|nuget\.org|sonatype|maven\.org|proxy\.golang/);
  });

  test('runs no code of a pull request with the rights of the repository', () => {
    const { on, jobs: own } = workflows[file];
    const checksOut = Object.values(own).flatMap(({ steps }) => steps).some(({ uses: action }) => action?.startsWith('actions/checkout'));
    expect('pull_request_target' in on && checksOut).toBe(false);
  });
});

test('every pin is used', () => {
  const pinned = [...pins.matchAll(/uses: (\S+) /g)].map(([, action]) => action);
  expect(pinned.filter((action) => !Object.values(texts).some((text) => text.includes(`uses: ${action} `)))).toEqual([]);
});

describe.each(jobs)('%s', (_name, job) => {
  const commands = job.steps.flatMap(({ run }) => run ?? []).join('\n');

  test('says what it may do, and when it is stopped', () => {
    expect(job.permissions).toBeDefined();
    expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

  test('installs what the lock file says, and nothing else', () => {
    expect(commands).not.toMatch(/npm (i|install|add|update)\b|yarn|pnpm|pip install|npx (?!projen|jest)/);
  });

  test('leaves no token in its checkout', () => {
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map(({ with: options }) => options?.['persist-credentials'])).toEqual(checkouts.map(() => false));
  });

  test('puts nothing that strangers write into a command', () => {
    // Names of branches and titles are text of strangers: they come by the environment, or not at all.
    expect(commands).not.toContain('${{');
  });

  test('that may write does not install, check out or compile', () => {
    const may = Object.entries(job.permissions!).filter(([, level]) => level === 'write');
    if (may.length === 0 && job.environment === undefined) return;
    expect(job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))).toEqual([]);
    expect(commands).not.toMatch(/npm (ci|run|exec|pack)|npx|projen|mvn|make\b/);
  });
});

describe('the release', () => {
  const { on, jobs: own } = workflows['release.yml'];
  const needs = (id: string): string[] => [own[id].needs ?? []].flat();
  const publishing = Object.keys(own).filter((id) => own[id].environment !== undefined);

  test('begins with a tag of a version', () => {
    expect(on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
  });

  test('publishes npm, PyPI, NuGet, Maven and Go', () => {
    expect(publishing.sort()).toEqual(['go', 'maven', 'npm', 'nuget', 'pypi']);
  });

  test('publishes what was built once, tested, and then attested', () => {
    expect(publishing.map(needs)).toEqual(publishing.map(() => ['attest']));
    expect(needs('attest')).toEqual(['test']);
    expect(needs('test')).toEqual(['build']);
    const building = Object.keys(own).filter((id) => own[id].steps.some(({ uses }) => uses?.startsWith('actions/upload-artifact@')));
    expect(building).toEqual(['build']);
    const downloading = Object.keys(own).filter((id) => own[id].steps.some(({ uses }) => uses?.startsWith('actions/download-artifact@')));
    expect(downloading.sort()).toEqual(['attest', 'github', 'test', ...publishing].sort());
  });

  test('uses tokens that live as long as the job where the registry can', () => {
    const oidc = publishing.filter((id) => own[id].permissions!['id-token'] === 'write');
    expect(oidc.sort()).toEqual(['npm', 'nuget', 'pypi']);
    const secrets = publishing.filter((id) => JSON.stringify(own[id]).includes('${{ secrets.'));
    expect(secrets.sort()).toEqual(['go', 'maven']);
  });

  test('tells of a version last, when all have it', () => {
    expect(needs('github').sort()).toEqual(publishing.sort());
  });
});

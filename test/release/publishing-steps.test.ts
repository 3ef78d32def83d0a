import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { parse } from 'yaml';
import { packageRoot } from '../../assets/build/layout';
import { tempFolder } from '../payload/temp-folder';

/** The steps are shell: they run here as they stand in the workflow, with what they reach outside replaced. */
const work = tempFolder();
const { jobs } = parse(readFileSync(join(packageRoot, '.github', 'workflows', 'release.yml'), 'utf8'));
const scriptOf = (job: string): string => jobs[job].steps.at(-1).run;

function write(folder: string, file: string, content: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), content);
}

function runStep(job: string, folder: string, environment: Record<string, string>): void {
  execFileSync('bash', ['-c', scriptOf(job)], { cwd: folder, env: { ...process.env, ...environment }, stdio: 'pipe' });
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

describe('the step that publishes the Go module', () => {
  const repository = join(work, 'module.git');

  beforeAll(() => {
    git(work, 'init', '--quiet', '--bare', '--initial-branch=main', repository);
    for (const version of ['v0.1.0', 'v0.2.0']) {
      const folder = join(work, version);
      write(folder, 'dist/go/images/go.mod', 'module example.com/images-go/images\n');
      write(folder, 'dist/go/images/images.go', `// ${version}\npackage images\n`);
      if (version === 'v0.1.0') write(folder, 'dist/go/images/old.go', 'package images\n');
      runStep('go', folder, { GITHUB_REF_NAME: version, RUNNER_TEMP: folder, DEPLOY_KEY: 'a key', MODULE_REPOSITORY: repository });
    }
  });

  test('tags the folder of the module, as Go looks for it', () => {
    expect(git(repository, 'tag').split('\n')).toEqual(['images/v0.1.0', 'images/v0.2.0']);
  });

  test('has in a version what was built for it, and nothing of the one before', () => {
    expect(git(repository, 'ls-tree', '-r', '--name-only', 'images/v0.1.0').split('\n')).toEqual(['images/go.mod', 'images/images.go', 'images/old.go']);
    expect(git(repository, 'ls-tree', '-r', '--name-only', 'images/v0.2.0').split('\n')).toEqual(['images/go.mod', 'images/images.go']);
    expect(git(repository, 'show', 'images/v0.2.0:images/images.go')).toContain('// v0.2.0');
  });

  test('keeps the versions in one line of history', () => {
    expect(git(repository, 'log', '--format=%s', 'main').split('\n')).toEqual(['release: v0.2.0', 'release: v0.1.0']);
  });

  test('fails when a version is there already', () => {
    const environment = { GITHUB_REF_NAME: 'v0.2.0', RUNNER_TEMP: work, DEPLOY_KEY: 'a key', MODULE_REPOSITORY: repository };
    const folder = join(work, 'again');
    write(folder, 'dist/go/images/go.mod', 'module other\n');
    expect(() => runStep('go', folder, environment)).toThrow();
    expect(git(repository, 'show', 'images/v0.2.0:images/go.mod')).toBe('module example.com/images-go/images');
  });
});

const has = (program: string) => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const missing = ['gpg', 'zip', 'unzip'].filter((program) => !has(program));

(missing.length > 0 ? describe.skip : describe)(`the step that publishes to Maven Central${missing.length > 0 ? ` (skipped: no ${missing.join(', no ')})` : ''}`, () => {
  const folder = join(work, 'maven');
  const home = join(work, 'gnupg');
  let entries: string[];

  beforeAll(() => {
    mkdirSync(home, { mode: 0o700 });
    const keys = (...args: string[]) => execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', 'secret', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    keys('--quick-generate-key', 'tester', 'ed25519', 'sign', '1d');
    const key = keys('--armor', '--export-secret-keys', 'tester');
    const version = 'dist/java/io/github/images/images/1.2.0';
    for (const file of ['images-1.2.0.jar', 'images-1.2.0.jar.sha1', 'images-1.2.0.pom']) write(folder, `${version}/${file}`, `content of ${file}`);
    write(folder, 'dist/java/io/github/images/images/maven-metadata.xml', '<metadata/>');
    // In place of the client: what it would send.
    write(folder, 'bin/curl', '#!/bin/sh\nprintf "%s\\n" "$@" > "$SENT"\n');
    chmodSync(join(folder, 'bin', 'curl'), 0o755);
    runStep('maven', folder, {
      PATH: [join(folder, 'bin'), process.env.PATH].join(delimiter),
      SENT: join(folder, 'sent'),
      GNUPGHOME: join(work, 'gnupg'),
      SIGNING_KEY: key,
      SIGNING_PASSPHRASE: 'secret',
      CENTRAL_USER: 'user',
      CENTRAL_TOKEN: 'token',
      CENTRAL_UPLOAD_URL: 'https://central.example/upload',
    });
    entries = execFileSync('unzip', ['-Z1', join(folder, 'dist', 'central.zip')], { encoding: 'utf8' }).trim().split('\n').filter((entry) => !entry.endsWith('/'));
  }, 60_000);

  test('sends the files of the version, each with its signature, and no list of versions', () => {
    expect(entries.map((entry) => entry.split('/').at(-1)).sort()).toEqual([
      'images-1.2.0.jar', 'images-1.2.0.jar.asc', 'images-1.2.0.jar.sha1', 'images-1.2.0.pom', 'images-1.2.0.pom.asc',
    ]);
    expect(entries[0]).toMatch(/^io\/github\/images\/images\/1\.2\.0\//);
  });

  test('signs so that others can check it', () => {
    const jar = join(folder, 'dist/java/io/github/images/images/1.2.0/images-1.2.0.jar');
    expect(() => execFileSync('gpg', ['--homedir', home, '--batch', '--verify', `${jar}.asc`, jar], { stdio: 'pipe' })).not.toThrow();
  });

  test('sends the archive with the token, to where the environment says', () => {
    const sent = readFileSync(join(folder, 'sent'), 'utf8').split('\n');
    expect(sent).toEqual(expect.arrayContaining([
      `Authorization: Bearer ${Buffer.from('user:token').toString('base64')}`, 'bundle=@../central.zip', 'https://central.example/upload?publishingType=AUTOMATIC',
    ]));
  });
});

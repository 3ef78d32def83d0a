import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';
import { CLIENT_CODE } from './client';
import { packageRoot } from '../../assets/build/layout';
import { tempFolder } from '../payload/temp-folder';

jest.setTimeout(600_000);

const folder = __dirname;
const programs = readdirSync(folder).filter((file) => /^integ\..*\.ts$/.test(file)).sort();
const templatesOf = (program: string) => readdirSync(join(folder, `${program}.snapshot`)).filter((file) => file.endsWith('.template.json'))
  .map((file) => JSON.parse(readFileSync(join(folder, `${program}.snapshot`, file), 'utf8')) as { Resources: Record<string, { Type: string }> });

describe('the tests for an account', () => {
  test('synthesise to the stacks that were agreed on: if this is meant, npm run integ, or npm run integ:update without an account', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'integ:snapshot'], { cwd: packageRoot, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
    expect(`${stdout}${stderr}`).toContain(`${programs.length} passed, ${programs.length} total`);
  });

  test('are there for every trigger', () => {
    const factories = [...readFileSync(join(packageRoot, 'src', 'triggers', 'resize-trigger.ts'), 'utf8').matchAll(/public static (\w+)\(/g)].map(([, name]) => name);
    const used = programs.map((program) => readFileSync(join(folder, program), 'utf8')).join('\n');
    expect(factories.filter((name) => !used.includes(`ResizeTrigger.${name}(`))).toEqual([]);
  });

  test.each(['upload-api', 'delivery', 'backfill', 'monitoring'])('are there for %s', (name) => {
    expect(programs).toContain(`integ.${name}.ts`);
  });

  test.each(programs)('%s asks for more than that it can be deployed', (program) => {
    const types = templatesOf(program).flatMap(({ Resources }) => Object.values(Resources).map(({ Type }) => Type));
    expect(types.filter((type) => type.startsWith('Custom::DeployAssert@')).length).toBeGreaterThanOrEqual(2);
  });

  test.each(programs)('%s leaves nothing behind', (program) => {
    const kept = templatesOf(program).flatMap(({ Resources }) => Object.entries(Resources) as [string, { Type: string; DeletionPolicy?: string }][])
      .filter(([, { DeletionPolicy }]) => DeletionPolicy === 'Retain').map(([id]) => id);
    expect(kept).toEqual([]);
  });

  test('have no code of functions in git', () => {
    const files = execFileSync('git', ['ls-files', 'test/integ'], { cwd: packageRoot, encoding: 'utf8' }).split('\n');
    expect(files.filter((file) => /\/asset\.|\.(zip|mjs|bundle)\b/.test(file))).toEqual([]);
  });
});

describe('the client of the tests', () => {
  const file = join(tempFolder(), 'client.cjs');

  test('makes pictures', async () => {
    writeFileSync(file, CLIENT_CODE);
    const { png } = createRequire(__filename)(file) as { png(width: number, height: number): Buffer };
    const { width, height, format } = await sharp(png(640, 480)).metadata();
    expect([width, height, format]).toEqual([640, 480, 'png']);
    const { channels } = await sharp(png(64, 48)).stats();
    expect(channels[0].stdev).toBeGreaterThan(50);
  });

  test('fits into a template', () => {
    expect(Buffer.byteLength(CLIENT_CODE)).toBeLessThanOrEqual(4096);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { packageRoot, payloadLayout } from '../../assets/build/layout';
import { listFiles } from '../../assets/build/tree';
import { ImageResizePipeline } from '../../src';
import { DEFAULT_OUTPUT_KEY } from '../../src/contract';
import { derivedId } from '../../src/lambda/shared/derived-id';
import { renditionKey } from '../../src/lambda/shared/rendition-key';
import { Source } from '../../src/lambda/shared/sources';

/** What README.md says, of which no other test hears. Its code is compiled, and its links are followed, by others. */
const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8');
const readme = read('README.md');
const manifest = JSON.parse(read('package.json'));
const chapter = (title: string) => readme.split(/^## /m).find((text) => text.startsWith(`${title}\n`))!;

test('answers in the order in which adopters ask', () => {
  expect([...readme.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual([
    'What you get', 'Install', 'What it creates and costs', 'Use cases', 'Operating', 'Changing a live pipeline', 'Testing your app', 'Troubleshooting',
    'How it compares', 'Questions', 'Roadmap', 'More',
  ]);
  expect(readme.indexOf('docs/pictures/architecture.png')).toBeLessThan(readme.indexOf('```ts'));
});

test('every picture is there, and says in words what it shows', () => {
  const images = [...readme.matchAll(/<img src="([^"]+)" alt="([^"]*)"/g)];
  expect(images.length).toBeGreaterThan(3);
  expect(images.filter(([, src, alt]) => !existsSync(join(packageRoot, src)) || alt.length < 20)).toEqual([]);
});

test('the packages are named as they are published', () => {
  const { python, java, dotnet, go } = manifest.jsii.targets;
  const install = chapter('Install');
  for (const name of [
    `npm install ${manifest.name}`, `pip install ${python.distName}`, `${java.maven.groupId}:${java.maven.artifactId}`, `dotnet add package ${dotnet.packageId}`, `go get ${go.moduleName}/`,
  ]) expect(install).toContain(name);
  for (const floor of Object.values(manifest.peerDependencies) as string[]) expect(install).toContain(floor.replace('^', ''));
});

describe('what it creates', () => {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const stack = new Stack(app, 'Test');
  new ImageResizePipeline(stack, 'Images');
  const template = Template.fromStack(stack);

  test('is what a stack with the defaults has', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    template.resourceCountIs('AWS::SQS::Queue', 2);
    // That of the pipeline, and that of CDK for the notifications of buckets.
    template.resourceCountIs('AWS::Lambda::Function', 2);
    template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'], MemorySize: 1769, Timeout: 60 });
    const [table] = Object.values(template.findResources('AWS::DynamoDB::Table'));
    expect(table.Properties.GlobalSecondaryIndexes).toHaveLength(1);
  });

  test('is retained', () => {
    const kept = ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup'];
    const policies = kept.flatMap((type) => Object.values(template.findResources(type)).map(({ DeletionPolicy }) => DeletionPolicy));
    expect(policies).toEqual(policies.map(() => 'Retain'));
  });

  test('costs what docs/scale.md computes', () => {
    const costs = /<!-- table: cost -->(.*?)<!-- end -->/s.exec(read('docs/scale.md'))![1];
    const cost = (part: string) => new RegExp(`\\| ${part} \\| (\\$[\\d.]+)`).exec(costs)![1];
    for (const part of ['all', 'S3 requests', 'Lambda']) expect(chapter('What it creates and costs')).toContain(cost(part));
  });
});

test('the advice for unit tests keeps the code out of the assembly, which is as large as it says', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'unstaged-'));
  try {
    expect(chapter('Testing your app')).toContain("context: { 'aws:cdk:disable-asset-staging': true }");
    const app = new App({ outdir, context: { 'aws:cdk:disable-asset-staging': true } });
    new ImageResizePipeline(new Stack(app, 'Test'), 'Images');
    app.synth();
    expect(readdirSync(outdir).filter((file) => file.startsWith('asset.'))).toEqual([]);
    const megabytes = listFiles(payloadLayout(packageRoot).folder('arm64')).reduce((sum, { size }) => sum + size, 0) / 1e6;
    const [, said] = /about (\d+) MB/.exec(chapter('Testing your app'))!;
    expect(Math.abs(megabytes - Number(said))).toBeLessThan(2);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

test('troubleshooting names statuses that records have', () => {
  const named = [...chapter('Troubleshooting').matchAll(/`([A-Z_]{5,})`/g)].map(([, word]) => word);
  const contract = read('src/contract/record.ts');
  expect(named.filter((word) => !contract.includes(`'${word}'`))).toEqual([]);
  expect(named.length).toBeGreaterThan(2);
});

test('the comparison has a date, and a link for each of the others', () => {
  const text = chapter('How it compares');
  expect(text).toMatch(/As of \w+ 20\d\d/);
  const rows = text.split('\n').filter((line) => line.startsWith('| ')).slice(2);
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.filter((row) => !/^\| (\*\*this package\*\*|\[[^\]]+\]\(https:\/\/[^)]+\)) \|/.test(row))).toEqual([]);
});

test('props that it names exist', () => {
  const api = read('API.md');
  const props = [...readme.matchAll(/`(?:processing|catalog|resizeFunction|events)\.(\w+)`/g)].map(([, prop]) => prop);
  expect(props.filter((prop) => !api.includes(`#### \`${prop}\``) && !api.includes(`##### \`${prop}\``))).toEqual([]);
});

test('renditions have the keys that the table shows', () => {
  const [intro] = /By default the renditions[^]*?\|/.exec(readme)!;
  const rows = [...readme.matchAll(/^\| `([^`]*\{[^`]*)`( \(default\)| \(for one profile\))? \| `([^`]+)` \|$/gm)];
  const source = { bucket: 'photos', prefix: '', outputPrefix: '' } as Source;
  const values = { profile: 'thumbnail', format: 'jpeg', ext: 'jpg', width: 200, height: 150, imageId: derivedId('metadata', source, 'cats/tom.png') };

  expect(rows).toHaveLength(4);
  for (const [, template, remark, shown] of rows) {
    expect(renditionKey(template, source, 'cats/tom.png', values).replace(values.imageId, 'k-1f2e\u2026')).toBe(shown);
    if (remark === ' (default)') expect(template).toBe(DEFAULT_OUTPUT_KEY);
  }
  expect(intro).toContain(`\`${renditionKey(DEFAULT_OUTPUT_KEY, source, 'cats/tom.png', values)}\``);
});

/** What a profile can do: nothing of it is without its line, its sample, and its limit. */
import { readFileSync } from 'fs';
import { join } from 'path';
import { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as ts from 'typescript';
import { ImageAdjustment, ImagePosition, ImageWatermark } from '../../src';

const ROOT = join(__dirname, '..', '..');
const parse = (file: string) => ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true);
const DOCS = readFileSync(join(ROOT, 'docs', 'adjustments.md'), 'utf8');
const SAMPLE = parse('examples/product-photos/product-photos-stack.ts');
const PICTURE = parse('test/examples/browser/pictures/adjustments.ts');

/** Something that a user can set, as `ImageAdjustment.trim: threshold`. */
interface Settable {
  readonly factory: string;
  readonly name: string;
  readonly isOption: boolean;
  /** As it is written. */
  readonly type: string;
}

/** `Class.factory` of all public ones. */
const FACTORIES = ['src/profiles/image-adjustment.ts', 'src/profiles/image-watermark.ts'].flatMap(factoriesIn);
const SETTABLES = FACTORIES.flatMap(([factory, method]) => method.parameters.flatMap((parameter): Settable[] => {
  const [name, type] = [parameter.name.getText(), parameter.type!.getText()];
  const fields = optionsNamed(type);
  return fields ? fields.map((field) => ({ factory, isOption: true, ...field })) : [{ factory, name, isOption: false, type }];
}));

function factoriesIn(file: string): [string, ts.MethodDeclaration][] {
  const { statements } = parse(file);
  return statements.filter(ts.isClassDeclaration).flatMap(({ name, members }) => members.filter(ts.isMethodDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword))
    .map((method): [string, ts.MethodDeclaration] => [`${name!.text}.${method.name.getText()}`, method]));
}

/** The fields of a struct; undefined for what is none. */
function optionsNamed(name: string): { name: string; type: string }[] | undefined {
  const found = ['src/profiles/image-adjustment-options.ts', 'src/profiles/image-watermark.ts'].flatMap((file) => [...parse(file).statements])
    .filter(ts.isInterfaceDeclaration).find((each) => each.name.text === name);
  return found?.members.filter(ts.isPropertySignature).map((member) => ({ name: member.name.getText(), type: member.type!.getText() }));
}

/** Everything of a kind below a node. */
function all<T extends ts.Node>(node: ts.Node, is: (each: ts.Node) => each is T): T[] {
  const found: T[] = is(node) ? [node] : [];
  node.forEachChild((child) => { found.push(...all(child, is)); });
  return found;
}

/** The calls of a factory, as `Class.factory`. */
function callsOf(source: ts.SourceFile, factory: string): ts.CallExpression[] {
  return all(source, ts.isCallExpression).filter(({ expression }) => expression.getText() === factory);
}

const title = ({ factory, name }: Settable) => `${factory}: ${name}`;

/** A value for each of them that is refused, and what it is called with. `tile` and `bucket` have no other limit than what is said here. */
const bucket = () => Bucket.fromBucketName(new Stack(), 'Bucket', 'bucket');
const logo = () => ImageWatermark.fromBucket(bucket(), 'logo.png');
const REFUSED: Readonly<Record<string, readonly [refused: () => unknown, received: unknown]>> = {
  'ImageAdjustment.trim: threshold': [() => ImageAdjustment.trim({ threshold: 256 }), 256],
  'ImageAdjustment.trim: background': [() => ImageAdjustment.trim({ background: 'white' }), 'white'],
  'ImageAdjustment.extend: top': [() => ImageAdjustment.extend({ top: 16384 }), 16384],
  'ImageAdjustment.extend: right': [() => ImageAdjustment.extend({ right: 16384 }), 16384],
  'ImageAdjustment.extend: bottom': [() => ImageAdjustment.extend({ bottom: 16384 }), 16384],
  'ImageAdjustment.extend: left': [() => ImageAdjustment.extend({ left: -1 }), -1],
  'ImageAdjustment.blur: sigma': [() => ImageAdjustment.blur(251), 251],
  'ImageAdjustment.sharpen: sigma': [() => ImageAdjustment.sharpen(11), 11],
  'ImageAdjustment.watermark: scale': [() => ImageAdjustment.watermark(logo(), { scale: 2 }), 2],
  'ImageAdjustment.watermark: position': [() => ImageAdjustment.watermark(logo(), { position: ImagePosition.ENTROPY }), 'entropy'],
  'ImageAdjustment.watermark: margin': [() => ImageAdjustment.watermark(logo(), { margin: 1001 }), 1001],
  'ImageAdjustment.watermark: opacity': [() => ImageAdjustment.watermark(logo(), { opacity: 0 }), 0],
  'ImageAdjustment.roundedCorners: radius': [() => ImageAdjustment.roundedCorners(2049), 2049],
  'ImageWatermark.fromAsset: path': [() => ImageWatermark.fromAsset('none.png'), 'none.png'],
  'ImageWatermark.fromBucket: key': [() => ImageWatermark.fromBucket(bucket(), '*.png'), '*.png'],
  'ImageWatermark.fromBucket: objectVersion': [() => ImageWatermark.fromBucket(bucket(), 'a.png', { objectVersion: ' ' }), ' '],
};

/** Of these every value is one. Where a bucket is, is checked by the pipeline. */
const WITHOUT_LIMIT = ['boolean', 'IBucket', 'ImageWatermark'];

test('there is something to look at', () => {
  expect([FACTORIES.length >= 9, SETTABLES.length >= 18]).toEqual([true, true]);
});

test.each(FACTORIES.map(([factory]) => factory))('%s is in docs/adjustments.md, in its picture, and in a sample of the demo', (factory) => {
  const [owner, name] = factory.split('.');
  expect(DOCS).toMatch(new RegExp(owner === 'ImageAdjustment' ? `\`${name}\\(` : `\`${factory}\\(`));
  expect(callsOf(SAMPLE, factory)).not.toEqual([]);
  // Where a watermark comes from is not seen.
  if (owner === 'ImageAdjustment') expect(callsOf(PICTURE, factory)).not.toEqual([]);
});

const OPTIONS = SETTABLES.filter(({ isOption }) => isOption).map((each) => [title(each), each] as const);

/** Which version there is, is known once the object is stored; the sample stores it by itself. */
const WITHOUT_SAMPLE = ['ImageWatermark.fromBucket: objectVersion'];

test.each(OPTIONS)('%s is in docs/adjustments.md', (_, { factory, name }) => {
  const lines = DOCS.split('\n').filter((each) => each.includes(`${factory.replace('ImageAdjustment.', '')}(`)).join('\n');
  expect(lines).toMatch(new RegExp(`[{,] ?${name}[ ,:}]`));
});

test.each(OPTIONS.filter(([name]) => !WITHOUT_SAMPLE.includes(name)))('%s is in a sample of the demo', (_, { factory, name }) => {
  const given = callsOf(SAMPLE, factory).flatMap((call) => all(call, ts.isObjectLiteralExpression)).flatMap(({ properties }) => [...properties]);
  expect(given.map((each) => each.name?.getText())).toContain(name);
});

test.each(SETTABLES.filter(({ type }) => !WITHOUT_LIMIT.includes(type)).map(title))('%s has a limit that fails at synth, with the value', (name) => {
  expect(REFUSED).toHaveProperty([name]);
  const [refused, received] = REFUSED[name];
  // What a factory takes alone is named after it.
  const at = name === 'ImageWatermark.fromAsset: path' ? 'ImageWatermark.fromAsset' : name;
  expect(refused).toThrow(new RegExp(`^${at.replace('.', '\\.')} must be .*received ${JSON.stringify(received).replace(/[*.]/g, '\\$&')}`));
});

test('every position is in docs/adjustments.md, and in a sample of the demo', () => {
  const crops = DOCS.slice(DOCS.indexOf('## Crops'));
  expect(Object.keys(ImagePosition).filter((name) => !crops.includes(`\`${name}\``))).toEqual([]);
  // All of them by their names.
  expect(callsOf(SAMPLE, 'Object.entries').map((call) => call.arguments[0].getText())).toEqual(['ImagePosition']);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations } from 'aws-cdk-lib';
import { ImageResizePipeline } from '../../src';
import { WARNINGS } from '../../src/support/warnings';
import { createStack, synthesize, warningsOf } from '../helpers/cdk';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'warnings.md'), 'utf8');
const chapters = new Map(page.split(/^## /m).slice(1).map((chapter) => [chapter.split('\n')[0], chapter]));

test('docs/warnings.md has a chapter for each id, in their order, and for nothing else', () => {
  expect([...chapters.keys()]).toEqual(Object.values(WARNINGS).sort());
});

test.each([...chapters])('%s says what it means, and then what to do', (_id, chapter) => {
  const [, meaning, remedy] = chapter.trim().split('\n\n');
  expect(meaning).toMatch(/\.$/);
  expect(remedy).toMatch(/^(Add|Create|Give|Leave|Remove|Use) /);
});

test('a warning is acknowledged as the page says', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Images', { outputKey: '{name}-{profile}.{ext}' });
  Annotations.of(pipeline).acknowledgeWarning(WARNINGS.OUTPUT_KEY_COLLISION, 'file names are unique here');
  synthesize(stack);
  expect(warningsOf(stack)).toEqual([]);
});

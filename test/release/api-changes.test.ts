import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';
import { breakingChanges, complaint } from '../../release/api-changes';
import { tempFolder } from '../payload/temp-folder';

const work = tempFolder();

/** A package with this checkout's API, but for what is changed. */
function packageWith(name: string, change: (types: Record<string, { methods?: { name: string }[] }>) => void): string {
  const folder = join(work, name);
  mkdirSync(folder);
  cpSync(join(packageRoot, 'package.json'), join(folder, 'package.json'));
  const assembly = JSON.parse(readFileSync(join(packageRoot, '.jsii'), 'utf8'));
  change(assembly.types);
  writeFileSync(join(folder, '.jsii'), JSON.stringify(assembly));
  return folder;
}

const released = packageWith('released', () => {});

test('an API that is the same breaks nothing', () => {
  expect(breakingChanges(released, packageRoot)).toEqual([]);
});

test('what is gone breaks apps although the API is experimental: the changelog must warn', () => {
  const without = packageWith('without', (types) => {
    delete types['cdk-image-resize-pipeline.ImageDistribution'];
    const pipeline = types['cdk-image-resize-pipeline.ImageResizePipeline'];
    pipeline.methods = pipeline.methods!.filter(({ name }) => name !== 'addSource');
  });
  const breaking = breakingChanges(released, without);
  expect(breaking).toEqual([expect.stringContaining('ImageDistribution'), expect.stringContaining('addSource')]);
  expect(complaint(breaking, '- A new trigger.')).toContain('say "- **Breaking:** ..." in CHANGELOG.md');
  expect(complaint(breaking, '- **Breaking:** `ImageDistribution` and `addSource` are gone.')).toBeUndefined();
});

test('fails when there is no API to compare with', () => {
  expect(() => breakingChanges(join(work, 'nothing'), packageRoot)).toThrow('jsii-diff failed');
});

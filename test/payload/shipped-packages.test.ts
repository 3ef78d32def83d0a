import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder';
import { shippedPackages } from '../../assets/build/shipped-packages';

/** What was installed for one architecture. */
function installed(...versions: string[]) {
  const folder = tempFolder();
  const packages = versions.map((version, at) => {
    const location = `node_modules/${'nested/node_modules/'.repeat(at)}codec`;
    mkdirSync(join(folder, location), { recursive: true });
    writeFileSync(join(folder, location, 'package.json'), JSON.stringify({ name: 'codec', version, license: 'MIT' }));
    return { name: 'codec', version, location, integrity: 'sha512-AA==' };
  });
  return { installed: folder, packages };
}

const [same, again, two] = [installed('1.0.0'), installed('1.0.0'), installed('1.0.0', '1.1.0')];

test('lists what is there for both architectures once', () => {
  expect(shippedPackages([], [same, again])).toEqual([expect.objectContaining({ name: 'codec', version: '1.0.0', licence: 'MIT' })]);
});

test('refuses a package in two versions', () => {
  expect(() => shippedPackages([], [two])).toThrow('package codec must be shipped in one version (run npm dedupe), received ["1.0.0","1.1.0"]');
});

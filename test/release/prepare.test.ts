import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { changesOf, versionsOf } from '../../release/changelog';
import { prepareRelease } from '../../release/prepare';
import { tempFolder } from '../payload/temp-folder';

const work = tempFolder();
const CHANGELOG = '# Changelog\n\n## Unreleased\n\n- Later.\n\n## 1.2.0 (2027-01-31)\n\n- A new trigger.\n- **Breaking:** an old one is gone.\n\n## 1.1.0 (2026-12-01)\n';
const PACKAGES = ['js/p@1.2.0.jsii.tgz', 'python/p-1.2.0.whl', 'java/p-1.2.0.jar', 'dotnet/P.1.2.0.nupkg', 'go/p/go.mod'];

function released(name: string, packages: readonly string[]) {
  const dist = join(work, name);
  for (const file of packages) {
    mkdirSync(dirname(join(dist, file)), { recursive: true });
    writeFileSync(join(dist, file), `content of ${file}`);
  }
  const [changelog, sbom] = [join(work, 'CHANGELOG.md'), join(work, 'sbom.json')];
  writeFileSync(changelog, CHANGELOG);
  writeFileSync(sbom, '{"bomFormat":"CycloneDX"}');
  return { version: '1.2.0', dist, changelog, sbom };
}

test('the notes of a release are its changes, and no others', () => {
  const release = released('whole', PACKAGES);
  prepareRelease(release);
  expect(readFileSync(join(release.dist, 'release', 'NOTES.md'), 'utf8')).toBe('- A new trigger.\n- **Breaking:** an old one is gone.\n');
});

test('checksums cover every package, and are those of sha256sum', () => {
  const release = released('summed', PACKAGES);
  prepareRelease(release);
  const checked = execFileSync('sha256sum', ['--check', join('release', 'SHA256SUMS')], { cwd: release.dist, encoding: 'utf8' });
  expect(checked.trim().split('\n')).toEqual([...PACKAGES].sort().map((file) => `${file}: OK`));
});

test('the SBOM is that of what the functions run', () => {
  const release = released('listed', PACKAGES);
  prepareRelease(release);
  expect(JSON.parse(readFileSync(join(release.dist, 'release', 'sbom.cdx.json'), 'utf8'))).toEqual({ bomFormat: 'CycloneDX' });
});

test.each(PACKAGES)('fails without %s', (missing) => {
  const release = released(`without-${missing.split('/')[0]}`, PACKAGES.filter((file) => file !== missing));
  expect(() => prepareRelease(release)).toThrow(`must have the package of ${missing.split('/')[0]}`);
});

test('fails when the packages are of another version than the tag', () => {
  const release = released('other', PACKAGES.map((file) => file.replace('1.2.0', '0.0.0')));
  expect(() => prepareRelease(release)).toThrow('the package must be of version 1.2.0');
});

test('fails when the changelog does not know the version, or says nothing of it', () => {
  expect(() => changesOf(CHANGELOG, '1.3.0')).toThrow('must have the heading "## 1.3.0"');
  expect(() => changesOf(CHANGELOG, '1.1.0')).toThrow('must say what changed in 1.1.0');
});

test('the changelog of this package can be read', () => {
  const changelog = readFileSync(join(__dirname, '..', '..', 'CHANGELOG.md'), 'utf8');
  expect(versionsOf(changelog)[0]).toMatch(/^(Unreleased|\d+\.\d+\.\d+)$/);
  expect(changesOf(changelog, versionsOf(changelog)[0])).toMatch(/^- /m);
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempFolder } from './temp-folder';
import { elfArchitecture } from '../../assets/build/elf';
import { verifyPayload } from '../../assets/build/verify';

const root = tempFolder();
const X64 = 0x3e;
const ARM64 = 0xb7;

function elf(machine: number) {
  const header = Buffer.alloc(64);
  header.write('7f454c460201', 'hex');
  header.writeUInt16LE(machine, 18);
  return header;
}

const locked = (name: string, version = '1.0.0') => ({ name, version, integrity: 'sha512-AA==', location: `node_modules/${name}` });
const packages = [locked('@img/sharp-libvips-linux-x64'), locked('@img/sharp-linux-x64'), locked('sharp')];

/** The smallest payload that passes, with some files added or replaced. */
function payload(changes: Record<string, string | Buffer> = {}) {
  const folder = mkdtempSync(join(root, 'payload-'));
  const files = {
    ...Object.fromEntries(packages.map(({ location, version }) => [`${location}/package.json`, JSON.stringify({ version })])),
    'node_modules/@img/sharp-linux-x64/lib/sharp.node': elf(X64),
    'node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7': elf(X64),
    ...changes,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

test('accepts a complete payload', () => {
  expect(() => verifyPayload(payload(), 'x64', packages)).not.toThrow();
});

test.each([
  ['a missing native package', packages.slice(1)],
  ['two platforms', [...packages, locked('@img/sharp-linux-arm64')]],
  ['another C library', [...packages, locked('@img/sharp-linuxmusl-x64')]],
  ['the WebAssembly fallback', [...packages, locked('@img/sharp-wasm32')]],
])('fails on %s', (_, wrong) => {
  expect(() => verifyPayload(payload(), 'x64', wrong)).toThrow(
    'native packages of linux-x64 must be exactly @img/sharp-libvips-linux-x64 and @img/sharp-linux-x64, received',
  );
});

test.each([
  ['a library of another architecture', { 'node_modules/@img/sharp-linux-x64/lib/sharp.node': elf(ARM64) },
    'machine type of node_modules/@img/sharp-linux-x64/lib/sharp.node must be x64, received "arm64"'],
  ['a library of an architecture that Lambda does not have', { 'node_modules/@img/sharp-linux-x64/lib/sharp.node': elf(0xf3) },
    'machine type of node_modules/@img/sharp-linux-x64/lib/sharp.node must be x64, received "other"'],
  ['a library that is none', { 'node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7': 'version https://git-lfs' },
    'machine type of node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7 must be x64, received "no 64-bit ELF file"'],
  ['a program of another architecture under any name', { 'node_modules/sharp/vendor/tool': elf(ARM64) },
    'machine type of node_modules/sharp/vendor/tool must be x64, received "arm64"'],
  ['a version that is not locked', { 'node_modules/sharp/package.json': '{"version":"1.0.1"}' },
    'version of sharp must be the locked 1.0.0, received "1.0.1"'],
  ['a package with an install script', { 'node_modules/sharp/package.json': '{"version":"1.0.0","scripts":{"install":"node-gyp rebuild"}}' },
    'sharp@1.0.0 must not need an install script, received {"install":"node-gyp rebuild"}'],
])('fails on %s', (_, changes, message) => {
  expect(() => verifyPayload(payload(changes), 'x64', packages)).toThrow(message);
});

test('fails on a native package without a library', () => {
  const folder = payload();
  rmSync(join(folder, 'node_modules/@img/sharp-linux-x64/lib'), { recursive: true });
  expect(() => verifyPayload(folder, 'x64', packages)).toThrow('@img/sharp-linux-x64 of linux-x64 must hold a native library');
});

test('fails on a symbolic link', () => {
  const folder = payload();
  symlinkSync('sharp', join(folder, 'node_modules', 'link'));
  expect(() => verifyPayload(folder, 'x64', packages)).toThrow('node_modules/link must be a plain file or a folder, received "symbolic link"');
});

test('reads no architecture from files that are shorter than a header', () => {
  const folder = payload({ empty: '' });
  expect(elfArchitecture(join(folder, 'empty'))).toBeUndefined();
});

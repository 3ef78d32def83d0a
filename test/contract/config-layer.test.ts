import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { CONFIG_LAYER_FILE, CONFIG_VARIABLE, joinConfig, parseConfig, readConfigLayer, renderLayerValues, splitConfig } from '../../src/contract';

const isOpen = (part: unknown) => typeof part === 'string' && part.startsWith('open');

describe('splitConfig', () => {
  test('takes each value out once, and leaves its place', () => {
    expect(splitConfig({ bucket: 'open a', sources: [{ bucket: 'open a', prefix: 'b/' }, { bucket: 'open b' }], shards: 4 }, isOpen)).toEqual({
      fixed: { bucket: { $value: 0 }, sources: [{ bucket: { $value: 0 }, prefix: 'b/' }, { bucket: { $value: 1 } }], shards: 4 },
      values: ['open a', 'open b'],
    });
  });

  test('takes a list as a whole where it is a value', () => {
    const open = ['unknown'];
    expect(splitConfig({ include: open }, (part) => part === open)).toEqual({ fixed: { include: { $value: 0 } }, values: [open] });
  });

  test('is undone by joinConfig', () => {
    const strings = fc.oneof(fc.string(), fc.string().map((text) => `open ${text}`));
    const configs = fc.object({ key: fc.stringMatching(/^[a-z]+$/), values: [strings, fc.integer(), fc.boolean()], withNullPrototype: false });
    fc.assert(fc.property(configs, (config) => {
      const { fixed, values } = splitConfig(config, isOpen);
      expect(JSON.stringify(fixed)).not.toContain('"open');
      expect(joinConfig({ fixed: JSON.parse(JSON.stringify(fixed)), values })).toEqual(config);
    }));
  });
});

describe('readConfigLayer', () => {
  test('finds the file where Lambda looks for modules of layers', () => {
    const layer = mkdtempSync(join(tmpdir(), 'layer-'));
    const file = join(layer, CONFIG_LAYER_FILE);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '{"found":true}');
    const script = 'require("tsx/cjs"); console.log(JSON.stringify(require("./src/contract").readConfigLayer()))';
    const environment = { ...process.env, NODE_PATH: join(layer, 'nodejs', 'node_modules') };
    expect(execFileSync(process.execPath, ['-e', script], { env: environment, encoding: 'utf8' })).toBe('{"found":true}\n');
  });

  test('fails with the place of the file when the function has no such layer', () => {
    expect(() => readConfigLayer()).toThrow(`expected a layer of the function to hold the configuration in ${CONFIG_LAYER_FILE}: Cannot find module`);
  });
});

test('parseConfig reads the layer only where the environment says so', () => {
  const { fixed, values } = splitConfig({ outputBucket: 'open', profileSets: [], sources: [], processing: {} }, isOpen);
  const environment = { [CONFIG_VARIABLE]: JSON.stringify(renderLayerValues(values)) };
  expect(parseConfig(environment, () => fixed)).toMatchObject({ outputBucket: 'open', sources: [] });
  expect(() => parseConfig(environment)).toThrow('expected a layer of the function');
});

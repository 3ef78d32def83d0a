import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');
const tsx = join(root, 'node_modules', '.bin', 'tsx');
const cli = join(__dirname, 'cli.ts');
// The packaged sharp is for Lambda's Linux.
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the quick benchmark measures every ratio', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const file = join(folder, 'bench.json');
    const printed = execFileSync(tsx, [cli, '--quick', '--json', file], { cwd: root, encoding: 'utf8' });
    const { ratios: { vsPillow, ...ratios }, peakRssMb, synthesis, machine, cases } = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(ratios).sort()).toEqual([
      'coldLoadVsSharp', 'equalProfilesVsOne', 'handlerGoingOn', 'handlerOverHttp', 'handlerOverhead', 'placeholder', 'placeholderWeb', 'sixProfilesVsOne', 'threeProfilesVsOne',
      'vsDecode', 'vsDecodeAndScale', 'vsSharpPerProfile',
    ]);
    const numbers = [...Object.values<number>(ratios), peakRssMb.mp24, peakRssMb.mp100, synthesis.firstMs, synthesis.stagedCopies];
    for (const number of vsPillow === null ? numbers : [...numbers, vsPillow]) {
      expect(Number.isFinite(number)).toBe(true);
      expect(number).toBeGreaterThan(0);
    }
    expect(machine).toEqual(expect.objectContaining({ cpu: expect.any(String), cores: expect.any(Number), sharp: expect.any(String) }));
    expect(cases.length).toBeGreaterThan(8);
    expect(printed).toContain('█');
    expect(printed).toContain('Targets');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 240_000);

test.each([
  ['an unknown option', ['--fast']],
  ['an argument', ['fast']],
  ['no number of rounds', ['--rounds', 'many']],
])('fails with its usage for %s', (_, args) => {
  const { status, stderr } = spawnSync(tsx, [cli, ...args], { cwd: root, encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('--json FILE');
});

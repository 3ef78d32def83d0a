import { execFile } from 'child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { promisify } from 'util';
import { picture } from '../../helpers/running-app';

jest.setTimeout(120_000);

const REPOSITORY = join(__dirname, '..', '..', '..');
const PICTURES = 4;

test('a bucket that is full before is planned, made, given one width more, pruned, and each is told with its requests', async () => {
  const root = mkdtempSync(join(tmpdir(), 'demo-test-'));
  try {
    const folder = join(root, 'albums');
    mkdirSync(folder);
    for (let at = 0; at < PICTURES; at += 1) writeFileSync(join(folder, `${at}.jpg`), await picture(60 + at, 40));
    const args = ['--import', 'tsx', join(REPOSITORY, 'local-runner', 'demo', 'cli.ts'), '--example', 'existing-bucket', '--out', join(root, 'out'), folder];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: REPOSITORY, env: { ...process.env, NO_COLOR: '1' } });

    expect(stderr).toBe('');
    expect(stdout).toContain(`The bucket has ${PICTURES} photos that were there before the pipeline.`);
    const phases = stdout.split(/\n\n?(?=[A-Z][^\n]*: \{"mode")/).slice(1);
    expect(phases.map((phase) => phase.slice(0, phase.indexOf(':')))).toEqual([
      'A plan', 'A run', 'A run makes that width alone', 'A plan of pruning', 'Pruning', 'A run finds nothing to do',
    ]);
    const [plan, run, oneMore, prunePlan, pruning, nothing] = phases;

    expect(plan).toContain(`Selected: ${PICTURES} images, ${2 * PICTURES} renditions`);
    expect(requests(plan)).not.toHaveProperty('S3 GET photos');
    expect(run).toContain(`${PICTURES} of ${PICTURES} images`);
    expect(run).toContain(`${2 * PICTURES} renditions of`);
    expect(requests(run)).toMatchObject({ 'S3 GET photos': PICTURES });
    expect(oneMore).toContain(`${PICTURES} renditions of`);
    expect(requests(oneMore)).toMatchObject({ 'S3 GET photos': PICTURES });
    expect(prunePlan).toMatch(new RegExp(`\\| dropped \\| ${PICTURES} \\|`));
    expect(pruning).toContain(`${PICTURES} of ${PICTURES} objects were deleted`);
    expect(nothing).toContain('Selected: 0 images, 0 renditions');
    expect(requests(nothing)).not.toHaveProperty('S3 GET photos');
  } finally {
    rmSync(root, { recursive: true });
  }
});

/** The table of a phase, by the names of requests. */
function requests(phase: string): Record<string, number> {
  return Object.fromEntries([...phase.matchAll(/^│ (\S.*?)\s+│\s+(\d+) │$/gm)].map(([, name, count]) => [name, Number(count)]));
}

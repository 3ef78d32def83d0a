import type { Measurement } from './child/job';
import type { Machine } from './machine';
import { spread, Spread } from './statistics';
import type { Results } from './subjects';

const BAR = 36;

export function machineLines(machine: Machine): string[] {
  const { cpu, cores, memoryGb, node, sharp, libvips, others } = machine;
  return [
    `${cpu}, ${cores} cores, ${memoryGb} GB; Node ${node}, sharp ${sharp}, libvips ${libvips}`,
    ...Object.entries(others).map(([name, version]) => (version ? `${name}: ${version}` : `${name}: skipped, not installed`)),
  ];
}

/** A bar of processor time for each subject, with wall time, memory and bytes. */
export function chart(title: string, results: Results): string[] {
  const rows = [...results].map(([name, measurements]) => ({ name, ...medians(measurements) }));
  const most = Math.max(...rows.map(({ cpu }) => cpu.median));
  const width = Math.max(...rows.map(({ name }) => name.length));
  return ['', title, ...rows.map(({ name, cpu, wall, peakRssMb, bytes }) => [
    `  ${name.padEnd(width)}`,
    '█'.repeat(Math.max(1, Math.round((BAR * cpu.median) / most))).padEnd(BAR),
    `CPU ${range(cpu, 0)} ms`.padEnd(25),
    `wall ${wall.median.toFixed(0)} ms`.padEnd(13),
    `peak ${peakRssMb.median.toFixed(0)} MB`.padEnd(13),
    bytes.median > 0 ? `${(bytes.median / 1000).toFixed(0)} kB` : '',
  ].join(' ').trimEnd())];
}

export function range({ median, min, max }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}..${max.toFixed(digits)})`;
}

type Figure = Exclude<keyof Measurement, 'ratio'>;

export function medians(measurements: readonly Measurement[]): Record<Figure, Spread> {
  const of = (key: Figure) => spread(measurements.map((one) => one[key] ?? 0));
  return { cpu: of('cpu'), wall: of('wall'), peakRssMb: of('peakRssMb'), bytes: of('bytes') };
}

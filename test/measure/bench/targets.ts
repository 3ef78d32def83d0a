/** What the project wants to reach, for three JPEG renditions of a 24-megapixel JPEG. */
import type { Summary } from './bench';
import { range } from './report';
import type { Spread } from './statistics';

interface Target {
  readonly what: string;
  readonly measured: (summary: Summary) => Spread | number | null;
  readonly limit: number;
  /** Whether more is better. */
  readonly atLeast?: boolean;
  readonly unit?: string;
}

const TARGETS: readonly Target[] = [
  { what: 'CPU of three renditions / decoding alone', measured: ({ spreads }) => spreads.vsDecode, limit: 1.3 },
  { what: 'CPU of three renditions / a sharp pipeline per profile', measured: ({ spreads }) => spreads.vsSharpPerProfile, limit: 0.5 },
  { what: 'CPU of Pillow / three renditions', measured: ({ spreads }) => spreads.vsPillow, limit: 6, atLeast: true },
  { what: 'CPU of three profiles / one', measured: ({ spreads }) => spreads.threeProfilesVsOne, limit: 1.2 },
  { what: 'CPU of six profiles / one', measured: ({ spreads }) => spreads.sixProfilesVsOne, limit: 1.45 },
  { what: 'CPU of six profiles that come out equal / one', measured: ({ spreads }) => spreads.equalProfilesVsOne, limit: 1.05 },
  { what: 'CPU with a placeholder / without', measured: ({ spreads }) => spreads.placeholder, limit: 1.02 },
  { what: 'CPU with a placeholder / without, web photo', measured: ({ spreads }) => spreads.placeholderWeb, limit: 1.02 },
  { what: 'CPU of the whole handler / image path', measured: ({ spreads }) => spreads.handlerOverhead, limit: 1.1 },
  { what: 'CPU of the handler / image path, ten images', measured: ({ spreads }) => spreads.handlerGoingOn, limit: 1.05 },
  { what: 'CPU of loading the handler / loading sharp', measured: ({ spreads }) => spreads.coldLoadVsSharp, limit: 2.5 },
  { what: 'peak memory, 24 megapixels', measured: ({ peakRssMb }) => peakRssMb.mp24, limit: 200, unit: 'MB' },
  { what: 'peak memory, 100 megapixels', measured: ({ peakRssMb }) => peakRssMb.mp100, limit: 512, unit: 'MB' },
  { what: 'a further pipeline in a stack', measured: ({ synthesis }) => synthesis.furtherMs, limit: 300, unit: 'ms' },
];

/** A line for each target: wanted, measured, met or not. */
export function targetLines(summary: Summary): string[] {
  return ['', 'Targets', ...TARGETS.map(({ what, measured, limit, atLeast = false, unit = '' }) => {
    const value = measured(summary);
    const wanted = `${atLeast ? '>=' : '<='} ${limit} ${unit}`.trim();
    if (value === null) return `  ${what.padEnd(56)} ${wanted.padEnd(11)} not measured`;
    const number = typeof value === 'number' ? value : value.median;
    const met = atLeast ? number >= limit : number <= limit;
    const shown = typeof value === 'number' ? `${value.toFixed(0)} ${unit}` : range(value);
    return `  ${what.padEnd(56)} ${wanted.padEnd(11)} ${shown.padEnd(20)} ${met ? 'met' : 'NOT MET'}`;
  })];
}

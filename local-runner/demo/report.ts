import Table from 'cli-table3';
import { count, formatBytes, formatPixels, formatSaving, formatTime, printable, shortened } from './format';
import { Item, Outcome, processingTime, renditionsOf } from './outcome';

/** More would scroll away; the contact sheet has them all. */
const MAX_TABLE_IMAGES = 40;
const MAX_NAME_LENGTH = 60;

/** Original and renditions of each image, and what became of the files that have none. */
export function table(outcomes: readonly Outcome[], sheet: string): string {
  const plain = !process.stdout.isTTY || process.env.NO_COLOR;
  const rows = new Table({
    head: ['Image', 'Pixels', 'Format', 'Size', 'Change', 'Time'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right'],
    style: { compact: true, ...(plain ? { head: [], border: [] } : {}) },
  });
  for (const outcome of outcomes.slice(0, MAX_TABLE_IMAGES)) {
    const name = shortened(printable(outcome.input.key), MAX_NAME_LENGTH);
    if (outcome.state === 'COMPLETED') rows.push(...imageRows(name, outcome.record));
    else rows.push([name, { colSpan: 2, content: outcome.state === 'IGNORED' ? outcome.state : `${outcome.state} ${outcome.code}` }, formatBytes(outcome.input.bytes), '', '']);
  }
  const more = outcomes.length - MAX_TABLE_IMAGES;
  return more > 0 ? `${rows.toString()}\n... and ${count(more, 'more file')} in ${sheet}` : rows.toString();
}

function imageRows(name: string, record: Item): string[][] {
  const { original } = record;
  const time = processingTime(record);
  return [
    [name, original ? formatPixels(original) : '', original?.format ?? '', original ? formatBytes(original.bytes) : '', '', time === undefined ? '' : formatTime(time)],
    ...renditionsOf(record).map((each) => [
      `  ${each.profile}`, formatPixels(each), each.format, formatBytes(each.bytes), formatSaving(each.reductionPercent), '',
    ]),
  ];
}

/** One line for every file that did not become renditions. */
export function problems(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap((outcome) => {
    if (outcome.state === 'COMPLETED') return [];
    const code = outcome.state === 'IGNORED' ? '' : ` ${outcome.code}`;
    return [`${outcome.state}${code}  ${printable(outcome.input.key)}: ${printable(outcome.message)}`];
  });
}

export interface Totals {
  readonly files: number;
  readonly states: Readonly<Record<Outcome['state'], number>>;
  readonly renditions: number;
  /** Of images that were completed. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export function totalsOf(outcomes: readonly Outcome[]): Totals {
  const states = { COMPLETED: 0, FAILED: 0, IGNORED: 0, ERROR: 0 };
  let [renditions, bytesIn, bytesOut] = [0, 0, 0];
  for (const outcome of outcomes) {
    states[outcome.state] += 1;
    if (outcome.state !== 'COMPLETED') continue;
    const made = renditionsOf(outcome.record);
    renditions += made.length;
    bytesIn += outcome.input.bytes;
    bytesOut += made.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  return { files: outcomes.length, states, renditions, bytesIn, bytesOut };
}

export function summary({ files, states, renditions, bytesIn, bytesOut }: Totals, elapsedMs: number): string {
  const parts = [['completed', states.COMPLETED], ['failed', states.FAILED], ['ignored', states.IGNORED], ['in error', states.ERROR]] as const;
  const became = parts.filter(([, number]) => number > 0).map(([name, number]) => `${number} ${name}`).join(', ');
  return `${count(files, 'file')} in ${formatTime(elapsedMs)}: ${became}. ${count(renditions, 'rendition')} of ${formatBytes(bytesOut)} from originals of ${formatBytes(bytesIn)}.`;
}

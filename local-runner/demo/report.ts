import Table from 'cli-table3';
import { count, formatBytes, formatPixels, formatSaving, formatTime, printable, shortened } from './format';
import { Item, Outcome, processingTime, renditionsOf, skippedOf } from './outcome';
import type { RenditionFacts } from '../../src/contract';

/** More would scroll away; the contact sheet has them all. */
const MAX_TABLE_IMAGES = 40;
const MAX_NAME_LENGTH = 60;
const MIN_NAME_LENGTH = 16;
/** What the columns beside the name take, with the lines between them. */
const OTHER_COLUMNS = 64;

/**
 * Original and renditions of each image, and what became of the files that have none.
 * @param columns of the terminal, which the table fits as far as it can
 */
export function table(outcomes: readonly Outcome[], sheet: string, columns = process.stdout.columns ?? Infinity): string {
  const nameLength = Math.max(MIN_NAME_LENGTH, Math.min(MAX_NAME_LENGTH, columns - OTHER_COLUMNS));
  const plain = !process.stdout.isTTY || process.env.NO_COLOR;
  const rows = new Table({
    head: ['Image', 'Pixels', 'Format', 'Size', 'Change', 'Time'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right'],
    style: { compact: true, ...(plain ? { head: [], border: [] } : {}) },
  });
  for (const outcome of outcomes.slice(0, MAX_TABLE_IMAGES)) {
    const name = shortened(printable(outcome.input.key), nameLength);
    if (outcome.state === 'COMPLETED') rows.push(...imageRows(name, outcome.record, nameLength));
    else rows.push([name, { colSpan: 2, content: outcome.state === 'IGNORED' ? outcome.state : `${outcome.state} ${outcome.code}` }, formatBytes(outcome.input.bytes), '', '']);
  }
  const more = outcomes.length - MAX_TABLE_IMAGES;
  return more > 0 ? `${rows.toString()}\n... and ${count(more, 'more file')} in ${sheet}` : rows.toString();
}

function imageRows(name: string, record: Item, nameLength: number): Parameters<Table.Table['push']> {
  const { original } = record;
  const time = processingTime(record);
  return [
    [name, original ? formatPixels(original) : '', original?.format ?? '', original ? formatBytes(original.bytes) : '', '', time === undefined ? '' : formatTime(time)],
    ...renditionsOf(record).map((each) => [
      `  ${shortened(each.profile, nameLength - 2)}`, formatPixels(each), each.format, formatBytes(each.bytes), formatSaving(each.reductionPercent), '',
    ]),
    ...skippedOf(record).map((each) => [`  ${shortened(each.name, nameLength - 2)}`, { colSpan: 2, content: `SKIPPED ${each.code}` }, '', '', '']),
  ];
}

/** A line for every file that did not become renditions, and for every rendition that could not be made of one that did. */
export function problems(outcomes: readonly Outcome[]): string[] {
  return outcomes.flatMap((outcome) => {
    const key = printable(outcome.input.key);
    if (outcome.state === 'COMPLETED') return skippedOf(outcome.record).map(({ name, code, message }) => `SKIPPED ${code}  ${key}, ${printable(name)}: ${printable(message)}`);
    if (outcome.state === 'IGNORED') return [`IGNORED  ${key}: ${printable(outcome.message)}`];
    const detail = outcome.detail === undefined ? '' : ` (${printable(outcome.detail)})`;
    return [`${outcome.state} ${outcome.code}  ${key}: ${printable(outcome.message)}${detail}`];
  });
}

export interface Totals {
  readonly files: number;
  readonly states: Readonly<Record<Outcome['state'], number>>;
  readonly renditions: number;
  /** Of images that were completed. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** What visitors load less who get the smallest file of the largest size in place of the original. */
  readonly saved: number;
}

export function totalsOf(outcomes: readonly Outcome[]): Totals {
  const states = { COMPLETED: 0, FAILED: 0, IGNORED: 0, ERROR: 0 };
  let [renditions, bytesIn, bytesOut, saved] = [0, 0, 0, 0];
  for (const outcome of outcomes) {
    states[outcome.state] += 1;
    if (outcome.state !== 'COMPLETED') continue;
    const made = renditionsOf(outcome.record);
    renditions += made.length;
    bytesIn += outcome.input.bytes;
    bytesOut += made.reduce((sum, { bytes }) => sum + bytes, 0);
    saved += savedBy(outcome.input.bytes, made);
  }
  return { files: outcomes.length, states, renditions, bytesIn, bytesOut, saved };
}

function savedBy(bytes: number, made: readonly RenditionFacts[]): number {
  if (made.length === 0) return 0;
  const area = ({ width, height }: RenditionFacts) => width * height;
  const largest = Math.max(...made.map(area));
  return Math.max(0, bytes - Math.min(...made.filter((each) => area(each) === largest).map((each) => each.bytes)));
}

export function summary({ files, states, renditions, bytesIn, bytesOut }: Totals, elapsedMs: number): string {
  const parts = [['completed', states.COMPLETED], ['failed', states.FAILED], ['ignored', states.IGNORED], ['in error', states.ERROR]] as const;
  const became = parts.filter(([, number]) => number > 0).map(([name, number]) => `${number} ${name}`).join(', ');
  return `${count(files, 'file')} in ${formatTime(elapsedMs)}: ${became}. ${count(renditions, 'rendition')} of ${formatBytes(bytesOut)} from originals of ${formatBytes(bytesIn)}.`;
}

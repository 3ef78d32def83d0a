import { basename } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import type { LocalApp } from '..';
import { openBrowser } from './browser';
import { count, formatBytes, printable } from './format';
import type { Input } from './inputs';
import { persistently } from './process-inputs';
import { Visitor } from './visitor';

/** Between uploads, so that one can watch. */
const PAUSE_MS = 800;
const CHECK_MS = 1000;

/** Shows the page of an app, and uploads files as a visitor of it would, one after another. */
export async function showGallery(app: LocalApp, page: string, inputs: readonly Input[]): Promise<void> {
  console.log(`\n  Gallery: ${page}\n`);
  openBrowser(page);
  const visitor = await Visitor.of(page);
  for (const input of inputs) {
    await sleep(PAUSE_MS);
    console.log(`  ${printable(basename(input.path))}, ${formatBytes(input.bytes)}: ${printable(await outcomeOf(input, visitor, app))}`);
  }
  console.log(`\nThat was all. Upload images of your own on the page: ${page}`);
}

/** Resolves when nobody has asked for anything for so long. */
export async function untilUnused(lastRequestAt: () => number, limitMs: number, checkMs = CHECK_MS): Promise<void> {
  while (Date.now() - lastRequestAt() < limitMs) await sleep(checkMs);
}

async function outcomeOf({ path }: Input, visitor: Visitor, app: LocalApp): Promise<string> {
  try {
    let imageId = '';
    const error = await persistently(async () => { imageId = await visitor.upload(path); });
    if (error) throw error;
    await app.idle();
    const { status, renditions, failure } = await visitor.image(imageId);
    return failure ? `${status} ${failure.code}: ${failure.message}` : `${status}, ${count(renditions.length, 'rendition')}`;
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

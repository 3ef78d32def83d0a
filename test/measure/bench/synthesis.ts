/** What the construct costs at synthesis, in a process of its own: the packaged handler is fingerprinted and copied. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { App, Stack } from 'aws-cdk-lib';
import { ImageResizePipeline } from '../../../src';

export interface Synthesis {
  /** Milliseconds to make and synthesise an app with one pipeline, staging of the asset included. */
  readonly firstMs: number;
  /** Milliseconds that each further pipeline of a stack adds. */
  readonly furtherMs: number;
  /** Copies of the packaged handler in the output of an app with several pipelines in two stacks. */
  readonly stagedCopies: number;
}

const MORE = 10;

function timeOf(stacks: number, pipelines: number): { ms: number; assets: number } {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-image-resize-pipeline-synthesis-'));
  try {
    const started = performance.now();
    const app = new App({ outdir });
    for (let stack = 0; stack < stacks; stack += 1) {
      const scope = new Stack(app, `Stack${stack}`);
      for (let pipeline = 0; pipeline < pipelines; pipeline += 1) new ImageResizePipeline(scope, `Images${pipeline}`);
    }
    app.synth();
    const ms = performance.now() - started;
    return { ms, assets: readdirSync(outdir).filter((name) => name.startsWith('asset.') && readdirSync(join(outdir, name)).includes('index.mjs')).length };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const first = timeOf(1, 1);
const one = timeOf(1, 1);
const several = timeOf(1, 1 + MORE);
const result: Synthesis = {
  firstMs: first.ms,
  furtherMs: Math.max(0, several.ms - one.ms) / MORE,
  stagedCopies: timeOf(2, 2).assets,
};
process.send!(result);
process.disconnect();

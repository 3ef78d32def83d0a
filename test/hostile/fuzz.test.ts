import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzDispatch, fuzzParser } from './event-fuzz';
import { fuzzImages } from './image-fuzz';
import { LocalHandler } from '../helpers/handler';

test('faulty images become renditions as planned, or failures with a code', async () => {
  const { findings, executions, renditions } = await fuzzImages({ seed: 1, executions: 1000, out: mkdtempSync(join(tmpdir(), 'hostile-')) });

  expect(findings).toEqual([]);
  expect(executions).toBe(1000);
  expect(renditions).toBeGreaterThan(50);
}, 120_000);

test('faulty events are parsed as a whole, or are an error', () => {
  const result = fuzzParser({ runs: 5000 });
  if (result.failed) throw new Error(`seed ${result.seed}: ${JSON.stringify(result.counterexample)}`, { cause: result.errorInstance });
});

test('no faulty event is lost in silence', async () => {
  const handler = await LocalHandler.start();
  try {
    await handler.reset();
    const result = await fuzzDispatch(handler, { runs: 300 });
    if (result.failed) throw new Error(`seed ${result.seed}: ${JSON.stringify(result.counterexample)}`, { cause: result.errorInstance });
  } finally {
    await handler.stop();
  }
}, 120_000);

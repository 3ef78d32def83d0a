import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { Mutation, MUTATIONS } from './list';
import type { Verdict } from './mutate';
import { Condition } from '../../../../src/lambda/resize/record/update-expression';
import { GUARDS, WRITES } from '../../../../src/lambda/resize/record/writes';
import { S3 } from '../../cloud/s3';
import { Table } from '../../cloud/table';
import { checkHistories } from '../check';
import { explore } from '../scenes/explore';
import { SCENES, SWITCHES } from '../scenes/scenes';

// Errors of services are thrown by the million.
Error.stackTraceLimit = 0;

/** Prints how many histories were run, or orders of scenes, whether one of them broke a promise, and which. */
async function main([runs, seed, name]: string[]): Promise<void> {
  const mutation = MUTATIONS.find((one) => one.name === name);
  if (mutation) apply(mutation);
  console.log(JSON.stringify(runs === 'scenes' ? await judgeScenes() : await judgeHistories(Number(runs), Number(seed))));
}

async function judgeScenes(): Promise<Verdict> {
  let numRuns = 0;
  for (const [scene, history] of Object.entries(SCENES)) {
    const { runs, problems } = await explore(history, SWITCHES);
    numRuns += runs;
    if (problems !== undefined) return { failed: true, numRuns, violation: problems.split('\n')[0], path: scene };
  }
  return { failed: false, numRuns };
}

async function judgeHistories(runs: number, seed: number): Promise<Verdict> {
  const result = await checkHistories({ numRuns: runs, seed, endOnFailure: true });
  const { failed, numRuns, errorInstance, counterexamplePath } = result;
  const violation = failed ? (errorInstance as Error).message.split('\n')[0] : undefined;
  return { failed, numRuns, violation, path: counterexamplePath ?? undefined };
}

/** Those of the text are in the bundle. */
function apply(mutation: Mutation): void {
  if ('write' in mutation) {
    const write: { needs: readonly string[] } = WRITES[mutation.write as keyof typeof WRITES];
    write.needs = write.needs.filter((guard) => guard !== mutation.without);
  }
  if ('guard' in mutation) GUARDS[mutation.guard] = () => Condition.missing('none has this');
  if ('command' in mutation) {
    // By name of the import: a bundle may give classes other names.
    const command = { PutObjectCommand, DeleteObjectCommand, GetCommand }[mutation.command]!;
    for (const service of [S3, Table]) {
      const { send } = service.prototype as { send: (sent: { input: object }, actor: unknown) => unknown };
      service.prototype.send = function(this: unknown, sent: unknown, actor: unknown) {
        const call = sent as { input: object };
        if (call instanceof command) Object.assign(call, { input: { ...call.input, [mutation.parameter]: undefined } });
        return send.call(this, call, actor);
      };
    }
  }
}

void main(process.argv.slice(2));

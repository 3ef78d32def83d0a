import { METADATA_POLICIES } from '../../../src/contract';
import { describeVerdict } from '../describe';
import { exceptionFor } from '../exceptions';
import { judge, WAYS } from '../judge';
import { Oracles } from '../oracles';
import { simple, SpaceName, standing } from '../originals';

/** Prints the first original that does not come out as it is shown, nor as is documented; nothing when all do. */
async function main([format]: string[]): Promise<void> {
  const oracles = await Oracles.open();
  const oracle = oracles.for(format);
  if (!oracle) throw new Error(`no program shows ${format} here`);
  try {
    for (const [at, original] of [...simple(format as SpaceName), ...standing(format as SpaceName)].entries()) {
      const verdict = await judge(original, oracle, { side: 60, ways: WAYS, metadata: METADATA_POLICIES[at % METADATA_POLICIES.length] });
      if (!verdict.problem || exceptionFor(verdict)) continue;
      console.log(describeVerdict(verdict));
      return;
    }
  } finally {
    await oracles.close();
  }
}

void main(process.argv.slice(2)).then(() => process.exit(0));

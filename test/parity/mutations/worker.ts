import { describeVerdict } from '../describe';
import { exceptionFor } from '../exceptions';
import { judge } from '../judge';
import { Oracles } from '../oracles';
import { simple, SpaceName, standing } from '../originals';

/** Prints the first original that does not come out as it is shown, nor as is documented; nothing when all do. */
async function main([format]: string[]): Promise<void> {
  const oracles = await Oracles.open();
  const oracle = oracles.for(format);
  if (!oracle) throw new Error(`no program shows ${format} here`);
  try {
    for (const original of [...simple(format as SpaceName), ...standing(format as SpaceName)]) {
      const verdict = await judge(original, oracle, { side: 60 });
      if (!verdict.problem || exceptionFor(verdict)) continue;
      console.log(describeVerdict(verdict));
      return;
    }
  } finally {
    await oracles.close();
  }
}

void main(process.argv.slice(2)).then(() => process.exit(0));

import { Verdict, worst } from './judge';

/** In one line: what is amiss, of which original, and how far. */
export function describeVerdict(verdict: Verdict): string {
  const pair = worst(verdict);
  const facts = pair
    ? `error ${pair.error.toFixed(2)}, structure ${pair.similarity.toFixed(3)} (${pair.view})`
    : [verdict.outcome, verdict.message].filter(Boolean).join(': ');
  return `${verdict.problem}: ${verdict.original.name}: ${facts}`;
}

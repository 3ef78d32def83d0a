export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
  return { median: sorted.length % 2 ? sorted[Math.floor(middle)] : median, min: sorted[0], max: sorted.at(-1)! };
}

/** Of values that were measured in the same rounds, so that what slows the machine slows both. */
export function ratio(ones: readonly number[], others: readonly number[]): Spread {
  return spread(ones.map((one, round) => one / others[round]));
}

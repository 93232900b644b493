/** What every benchmark shares: interleaved rounds, medians, the closing line. */

export interface BenchReport {
  readonly bench: string;
  readonly rounds: number;
  readonly figures: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, number>>;
  readonly goals: Readonly<Record<string, readonly ['>=' | '<=', number]>>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error('no values');
  return (low + high) / 2;
}

/** Prints a table for people and one JSON object as the last line; true when every goal is met. */
export function report(result: BenchReport): boolean {
  for (const [name, value] of Object.entries(result.figures)) {
    process.stdout.write(`${name.padEnd(44)} ${value.toFixed(2).padStart(10)}\n`);
  }
  let ok = true;
  for (const [name, value] of Object.entries(result.ratios)) {
    const goal = result.goals[name];
    const met = goal === undefined || (goal[0] === '>=' ? value >= goal[1] : value <= goal[1]);
    ok &&= met;
    const wanted =
      goal === undefined ? '' : `(goal ${goal[0]} ${String(goal[1])}${met ? '' : ': missed'})`;
    process.stdout.write(`${name.padEnd(44)} ${value.toFixed(2).padStart(10)} ${wanted}\n`);
  }
  process.stdout.write(`${JSON.stringify({ ...result, ok })}\n`);
  return ok;
}

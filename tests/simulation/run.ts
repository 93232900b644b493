/** Runs seeds of the simulation on the cores at hand; prints the first broken night, a short trace and how to replay it. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { isDefect, type Defect } from './defects.ts';
import { simulate, type Night } from './simulate.ts';

interface Share {
  readonly from: number;
  readonly seeds: number;
  readonly every: number;
  readonly defect: Defect | null;
}

interface Tally {
  nights: number;
  steps: number;
  arrivals: number;
  rings: number;
  broken: Pick<Night, 'seed' | 'broken'>[];
}

const traceLines = 60;
const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function runShare({ from, seeds, every, defect }: Share): Promise<Tally> {
  // The traces of simulated faults are read by nobody.
  Error.stackTraceLimit = 0;
  const tally: Tally = { nights: 0, steps: 0, arrivals: 0, rings: 0, broken: [] };
  for (let seed = from; seed < from + seeds && tally.broken.length < 5; seed += every) {
    const { broken, steps, arrivals, rings } = await simulate(seed, { defect });
    tally.nights += 1;
    tally.steps += steps;
    tally.arrivals += arrivals;
    tally.rings += rings;
    if (broken.length > 0) tally.broken.push({ seed, broken });
  }
  return tally;
}

function onThread(share: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: share });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function replay(seed: number, defect: Defect | null, lines: number): Promise<void> {
  const { broken, trace } = await simulate(seed, { defect, isTraced: true });
  const first = trace.findIndex((line) => line.includes('BROKEN'));
  const until = first === -1 ? trace.length : first + 1;
  for (const line of trace.slice(Math.max(0, until - lines), until)) say(line);
  say(broken.length === 0 ? `seed ${String(seed)}: every promise holds` : broken.join('\n'));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      from: { type: 'string', default: '1' },
      cores: { type: 'string', default: String(availableParallelism()) },
      seed: { type: 'string' },
      trace: { type: 'boolean', default: false },
      defect: { type: 'string' },
    },
  });
  const defect = values.defect !== undefined && isDefect(values.defect) ? values.defect : null;
  if (values.seed !== undefined) {
    await replay(Number(values.seed), defect, values.trace ? Infinity : traceLines);
    return;
  }
  const cores = Math.max(1, Number(values.cores));
  const startedMs = performance.now();
  const tallies = await Promise.all(
    Array.from({ length: cores }, (_, n) =>
      onThread({
        from: Number(values.from) + n,
        seeds: Number(values.seeds) - n,
        every: cores,
        defect,
      }),
    ),
  );
  await report(tallies, (performance.now() - startedMs) / 1_000, defect);
}

async function report(
  tallies: readonly Tally[],
  seconds: number,
  defect: Defect | null,
): Promise<void> {
  const sum = (pick: (tally: Tally) => number): number =>
    tallies.reduce((all, tally) => all + pick(tally), 0);
  const nights = sum((one) => one.nights);
  say(
    `${String(nights)} seeds in ${seconds.toFixed(1)} s: ${(nights / seconds).toFixed(0)} seeds a second, ` +
      `${((nights / seconds) * 3_600).toFixed(0)} an hour on ${String(tallies.length)} threads`,
  );
  say(
    `${String(sum((one) => one.steps))} steps, ${String(sum((one) => one.arrivals))} messages taken by the server, ` +
      `${String(sum((one) => one.rings))} alarms rung`,
  );
  const [first] = tallies.flatMap(({ broken }) => broken).sort((a, b) => a.seed - b.seed);
  if (first === undefined) return;
  process.exitCode = 1;
  await replay(first.seed, defect, traceLines);
  const planted = defect === null ? '' : ` --defect ${defect}`;
  say(`replay: node tests/simulation/run.ts --seed ${String(first.seed)} --trace${planted}`);
}

if (isMainThread) await main();
else parentPort?.postMessage(await runShare(workerData as Share));

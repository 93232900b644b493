/** Measures dispatch over the ledger beside the same sender without a ledger, over the least ledger there can be, and beside nodemailer's pool. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { openPool } from '../src/adapters/postgres/sql.ts';
import { foldAllDeliveryEvents } from '../src/commands/fold-deliveries.ts';
import { seed, type Seed } from '../tests/faults/dispatch-seed.ts';
import { benchPostgres } from './dispatch/database.ts';
import type { Job, Sent } from './dispatch/sender.ts';
import { median, report } from './rounds.ts';

const { values: options } = parseArgs({
  options: {
    mails: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '5' },
    few: { type: 'string', default: '10000' },
    many: { type: 'string', default: '100000' },
  },
});
const [mails, rounds] = [Number(options.mails), Number(options.rounds)];
const [few, many] = [Number(options.few), Number(options.many)];
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const children: ChildProcess[] = [];
function child(
  file: string,
  execArgv: readonly string[] = [],
  argv: readonly string[] = [],
): ChildProcess {
  const process = fork(new URL(file, import.meta.url), argv, {
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.push(process);
  return process;
}

async function answerOf<T>(process: ChildProcess): Promise<T> {
  const [answer] = (await Promise.race([
    once(process, 'message'),
    once(process, 'exit').then(() => Promise.reject(new Error('a process of the benchmark ended'))),
  ])) as [T];
  return answer;
}

const postgres = await benchPostgres(say);
/** A server that answers each dot after so many milliseconds. */
async function server(dotMs: number): Promise<string> {
  const port = await answerOf<number>(child('./dispatch/sink.ts', [], [String(dotMs)]));
  return `smtp://127.0.0.1:${String(port)}`;
}
const relayMs = 2;
const relayed = 2_000;
const instantUrl = await server(0);
const relayUrl = await server(relayMs);

interface Ground {
  readonly databaseUrl: string;
  /** A released notice to as many people as the ground has. */
  notice(): Promise<string>;
  close(): Promise<void>;
}

let grounds = 0;
async function ground(people: number): Promise<Ground> {
  const databaseUrl = await postgres.database(`bench_${String(++grounds)}`);
  const pool = openPool(databaseUrl, 4, 'bench-seed');
  const facts = { 'confidentiality.state': 'confirmed' };
  const s: Seed = await seed({ pool }, { subjects: people, facts });
  let notices = 0;
  return {
    databaseUrl,
    async notice() {
      const noticeId = await s.notice('data-subject', {
        recipientKey: `bench-${String(++notices)}`,
      });
      await s.release(noticeId);
      // As the worker does every two seconds: what freezing and releasing wrote is no part of dispatch.
      await foldAllDeliveryEvents(s.house);
      return noticeId;
    },
    close: () => pool.end(),
  };
}

async function send(
  by: ChildProcess,
  job: Omit<Job, 'smtpUrl'>,
  smtpUrl = instantUrl,
): Promise<Sent> {
  by.send({ ...job, smtpUrl });
  return answerOf<Sent>(by);
}

// Without a bound the collector lets garbage lie for as long as the machine has room, and the figure says nothing.
const bounded = ['--max-old-space-size=128', '--max-semi-space-size=4'];

/** The most memory a fresh process held while it sent to so many people. */
async function peakBytes(people: number): Promise<number> {
  const own = await ground(people);
  const { databaseUrl } = own;
  const noticeId = await own.notice();
  const sender = child('./dispatch/sender.ts', bounded);
  const sent = await send(sender, { sender: 'dispatch', databaseUrl, noticeId });
  sender.disconnect();
  await own.close();
  say(
    `${String(people)} people: ${(sent.peakBytes / 2 ** 20).toFixed(0)} MiB, ${(people / sent.seconds).toFixed(0)} a second`,
  );
  return sent.peakBytes;
}

const senders = ['dispatch', 'bare', 'least', 'nodemailer'] as const;
type Sender = (typeof senders)[number];

/** Dispatch and the same sender without ledger, to a relay that keeps each message before it says so. */
async function ratioAtRelay(by: Readonly<Record<Sender, ChildProcess>>): Promise<number> {
  const own = await ground(relayed);
  const { databaseUrl } = own;
  const ratios: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const noticeId = await own.notice();
    const seconds = async (sender: 'dispatch' | 'bare'): Promise<number> =>
      (await send(by[sender], { sender, databaseUrl, noticeId }, relayUrl)).seconds;
    const [ours, bare] = [await seconds('dispatch'), await seconds('bare')];
    say(
      `relay of ${String(relayMs)} ms: ${(relayed / ours).toFixed(0)}/s, bare ${(relayed / bare).toFixed(0)}/s`,
    );
    if (round > 0) ratios.push(bare / ours);
  }
  await own.close();
  return median(ratios);
}

async function measure(): Promise<boolean> {
  const own = await ground(mails);
  const processes = {
    dispatch: child('./dispatch/sender.ts'),
    bare: child('./dispatch/sender.ts'),
    least: child('./dispatch/sender.ts'),
    nodemailer: child('./dispatch/sender.ts'),
  };
  const rate: Record<Sender, number[]> = { dispatch: [], bare: [], least: [], nodemailer: [] };
  const cpu: Record<Sender, number[]> = { dispatch: [], bare: [], least: [], nodemailer: [] };
  // The first round warms the processes up and does not count.
  for (let round = 0; round <= rounds; round++) {
    const noticeId = await own.notice();
    const { databaseUrl } = own;
    const line: string[] = [];
    for (const sender of senders) {
      const sent = await send(processes[sender], { sender, databaseUrl, noticeId });
      line.push(
        `${sender} ${(mails / sent.seconds).toFixed(0)}/s ${((sent.cpuSeconds / mails) * 1e6).toFixed(0)} us`,
      );
      if (round === 0) continue;
      rate[sender].push(mails / sent.seconds);
      cpu[sender].push(sent.cpuSeconds / mails);
    }
    say(`round ${String(round)}: ${line.join(', ')}`);
  }
  await own.close();
  const atRelay = await ratioAtRelay(processes);
  const memory = (await peakBytes(many)) / (await peakBytes(few));
  const ratioOf = (of: Record<Sender, number[]>, one: Sender, other: Sender): number =>
    median(of[one].map((value, n) => value / (of[other][n] ?? Number.NaN)));
  return report({
    bench: 'dispatch',
    rounds,
    figures: Object.fromEntries(
      senders.flatMap((sender) => [
        [`${sender}, mails per s`, median(rate[sender])],
        [`${sender}, sender CPU-s per 1,000`, median(cpu[sender]) * 1_000],
      ]),
    ),
    ratios: {
      'CPU / nodemailer raw': ratioOf(cpu, 'dispatch', 'nodemailer'),
      'rate / same sender without ledger': ratioOf(rate, 'dispatch', 'bare'),
      'rate / nodemailer raw': ratioOf(rate, 'dispatch', 'nodemailer'),
      'least ledger / same sender without': ratioOf(rate, 'least', 'bare'),
      [`to a relay of ${String(relayMs)} ms / without ledger`]: atRelay,
      'memory, many / few': memory,
    },
    goals: {
      'CPU / nodemailer raw': ['<=', 0.5],
      'rate / same sender without ledger': ['>=', 0.8],
      'rate / nodemailer raw': ['>=', 1],
      'memory, many / few': ['<=', 1.1],
    },
  });
}

try {
  process.exitCode = (await measure()) ? 0 : 1;
} finally {
  for (const one of children) if (one.connected) one.disconnect();
  await postgres.close();
}

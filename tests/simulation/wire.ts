/** The fake SMTP server and our side of the session: accept, 4xx, 5xx, hang, cut on either side of the dot, keep and cut. */
import type { Wire, WireMail, WireOutcome, WireSession } from '../../src/domain/notice-ports.ts';
import type { Random } from './random.ts';
import type { Process, World } from './world.ts';

/** What the server took in: the mail sink. */
export interface Arrival {
  readonly to: string;
  readonly bytes: Uint8Array;
}

type Fate =
  | ('accept' | 'no-connection' | 'hang-before-dot' | 'cut-before-dot')
  | ('4xx-before-dot' | '5xx-before-dot' | '4xx-at-dot' | '5xx-at-dot')
  | ('cut-at-dot' | 'keep-and-cut' | 'keep-and-hang' | 'drop-and-hang');

/** How the server may treat a session in a storm. */
const fates: readonly [Fate, ...Fate[]] = [
  ...(['no-connection', 'hang-before-dot', 'cut-before-dot', '4xx-before-dot'] as const),
  ...(['5xx-before-dot', '4xx-at-dot', '5xx-at-dot', 'cut-at-dot'] as const),
  ...(['keep-and-cut', 'keep-and-hang', 'drop-and-hang'] as const),
];

/** Between asking for the dot and its answer, as the product's wire allows it. */
const allowedForMs = 30_000;
const beforeDotMs = 90_000;
const answerToDotMs = 630_000;
/** RFC 5321, 4.5.3.2: a server that hears nothing for five minutes may hang up. */
const serverPatienceMs = 300_000;

export interface MailServer {
  faultChance: number;
  onArrival: (arrival: Arrival) => void;
  /** Told when a dot was allowed, at that instant. */
  onDot: (mail: Arrival) => void;
}

export function simulatedWire(world: World, server: MailServer, process: Process): Wire {
  return {
    send: (mail) => transact(world, server, process, mail, fateOf(world, server.faultChance)),
    async open() {
      const fate = fateOf(world, server.faultChance);
      await world.sleep(process, world.random.int(5, 300));
      if (fate === 'no-connection') return notSent('unavailable');
      return ownSession(world, server, process);
    },
  };
}

/** One session for many mails: what cuts or silences it ends it for all that were to follow. */
function ownSession(world: World, server: MailServer, process: Process): WireSession {
  let isUsable = true;
  return {
    isUsable: () => isUsable,
    async send(mail) {
      const fate = fateOf(world, server.faultChance);
      const outcome = await transact(world, server, process, mail, fate);
      const isAnswered = outcome.kind === 'sent' || outcome.kind === 'bounced';
      isUsable = isAnswered || (outcome.kind === 'not-sent' && outcome.cause === 'deferred');
      return outcome;
    },
    close: () => {
      isUsable = false;
    },
  };
}

async function transact(
  world: World,
  server: MailServer,
  process: Process,
  { to, bytes, beforeDot }: WireMail,
  fate: Fate,
): Promise<WireOutcome> {
  const early = await untilDot(world, process, fate);
  if (early !== null) return early;
  const askedMs = world.nowMs;
  const yes = await Promise.resolve(beforeDot()).catch(() => false);
  if (!yes || world.nowMs - askedMs > allowedForMs) return notSent('fenced');
  server.onDot({ to, bytes });
  return dot(world, server, process, fate, { to, bytes });
}

function fateOf({ isStormy, random }: { isStormy: boolean; random: Random }, chance: number): Fate {
  return isStormy && random.chance(chance) ? random.pick(fates) : 'accept';
}

async function untilDot(world: World, process: Process, fate: Fate): Promise<WireOutcome | null> {
  await world.sleep(process, world.random.int(5, 300));
  if (fate === 'no-connection') return notSent('unavailable');
  if (fate === 'hang-before-dot') await world.sleep(process, beforeDotMs);
  if (fate === 'hang-before-dot' || fate === 'cut-before-dot') return notSent('network');
  if (fate === '4xx-before-dot') return notSent('deferred');
  return fate === '5xx-before-dot' ? { kind: 'bounced', reply: '550 no such user' } : null;
}

/** From here on the dot may be out: what is not answered is in doubt. */
function dot(
  world: World,
  server: MailServer,
  process: Process,
  fate: Fate,
  arrival: Arrival,
): Promise<WireOutcome> {
  const askedMs = world.nowMs;
  return world.wait<WireOutcome>(process, (answer) => {
    const reply = (ms: number, outcome: WireOutcome): void => {
      world.go(process, ms, () => {
        answer(() => outcome);
      });
    };
    const reach = (): void => {
      // A stopped sender may put its dot on the wire hours later: the server has hung up by then, or it has not.
      const isLate = world.nowMs - askedMs > serverPatienceMs && world.random.chance(0.7);
      const kept = !isLate && ['accept', 'keep-and-cut', 'keep-and-hang'].includes(fate);
      if (kept) server.onArrival(arrival);
      const [ms, outcome] = answered(isLate ? 'cut-at-dot' : fate, world.random);
      reply(ms, outcome);
    };
    // Bytes the kernel has taken leave even if their sender is killed now; one that was stopped has yet to write them.
    if (process.stoppedUntilMs > world.nowMs) world.go(process, 1, reach);
    else world.at(world.nowMs + world.random.int(1, 200), reach);
  });
}

function answered(fate: Fate, random: Random): [number, WireOutcome] {
  const doubt: WireOutcome = { kind: 'in-doubt', reply: 'no answer to the dot' };
  const soonMs = random.int(1, 2_000);
  if (fate === '4xx-at-dot') return [soonMs, notSent('deferred')];
  if (fate === '5xx-at-dot') return [soonMs, { kind: 'bounced', reply: '554 refused' }];
  if (fate === 'cut-at-dot' || fate === 'keep-and-cut') return [soonMs, doubt];
  if (fate === 'keep-and-hang' || fate === 'drop-and-hang') return [answerToDotMs, doubt];
  return [random.spread(1, 60_000), { kind: 'sent', reply: '250 taken' }];
}

type NotSent = Extract<WireOutcome, { kind: 'not-sent' }>;

function notSent(cause: NotSent['cause']): NotSent {
  return { kind: 'not-sent', cause, reply: cause };
}

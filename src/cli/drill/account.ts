/** The running account of a drill: each step with its case time, and a line at least every few seconds. */
import type { CaseView } from '../../domain/views.ts';
import { paintFor, say } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { sinceZero } from '../when.ts';

/** Silence longer than this is broken by saying what is waited for. */
const longestSilenceMs = 4_000;

export interface Account {
  /** One line, with the case time in front once the case is open. */
  readonly tell: (line: string) => void;
  /** What comes next is waiting, for this; it is repeated when nothing else is said. */
  waitFor(what: string): void;
  /** From here on lines carry the case time of this case, opened so many milliseconds of wall time ago. */
  follow(file: CaseView, openedAgoMs: number): void;
  /** Milliseconds of case time since the case was opened; 0 before. */
  caseMs(): number;
  end(): void;
}

interface Clock {
  readonly elapsedMs: number;
  readonly atMs: number;
  readonly speed: number;
}

/** Starts the account; `end` must be called, or its timer keeps the process alive. */
export function startAccount(terminal: Terminal): Account {
  const paint = paintFor(terminal.err);
  const startedMs = performance.now();
  let clock: Clock | null = null;
  let waitingFor = 'the stack';
  let spokenMs = performance.now();
  const caseMs = () =>
    clock === null ? 0 : clock.elapsedMs + (performance.now() - clock.atMs) * clock.speed;
  const stamp = () => {
    const wallSeconds = Math.round((performance.now() - startedMs) / 1000);
    return clock === null ? `${String(wallSeconds)} s`.padStart(7) : sinceZero(caseMs());
  };
  const write = (line: string) => {
    spokenMs = performance.now();
    say(terminal, `${paint('faint', stamp())}  ${line}`);
  };
  const heartbeat = setInterval(() => {
    if (performance.now() - spokenMs >= longestSilenceMs) {
      write(paint('faint', `… waiting for ${waitingFor}`));
    }
  }, 250);
  return {
    tell: write,
    waitFor(what) {
      waitingFor = what;
    },
    follow({ speed }, openedAgoMs) {
      clock = { elapsedMs: openedAgoMs * speed, atMs: performance.now(), speed };
    },
    caseMs,
    end() {
      clearInterval(heartbeat);
    },
  };
}

/** Defects planted in the simulator's wiring, to prove that its checker bites; none of them is in the product. */

export const defects = {
  'retry-from-at-dot': 'a row left at its dot is tried again',
  'no-fence': 'a claim of 5 s, and the dot allowed to whoever asks',
  'settle-by-anyone': 'what an attempt learned is written although the row is no longer its own',
  'doubt-is-retry': 'no answer to the dot counts as not sent',
  'cancel-at-dot': 'a row at its dot can be cancelled',
  'claim-unreleased': 'rows are claimed without looking at the release',
  'window-unmarked': 'the dots of a window go out before its rows are marked',
  'window-resent': 'a window of which one row is in doubt is given back as a whole',
  'window-without-clock':
    'the dots of a window go out however long ago it was marked, by a sender nobody told to stop',
  'hung-dot-holds-all': 'a lane that hangs at its dot holds the rest of its window, and the batch',
  'never-recovered': 'leases never end',
  'task-forgotten': 'nobody is asked about a delivery in doubt',
  'accepted-before-signal': 'a wake is marked accepted before the signal is out',
  'wake-forgotten-by-workflow': 'a wake that came while a step ran is thrown away',
  'no-reconciler': 'nobody looks for workflows that are gone',
  'ring-without-key': 'the outbox takes the same ring twice, and the mark is a second transaction',
  'rings-once-a-step': 'the outbox is unique on (subject, step) only',
  'rings-at-case-time': 'the watch takes case time for wall time',
  'silence-ignored': 'a silenced alarm rings',
  'due-from-now': 'a new look at the facts computes the due from the present instant',
} as const satisfies Record<string, string>;

export type Defect = keyof typeof defects;

export function isDefect(name: string): name is Defect {
  return name in defects;
}

/** How the house stands in numbers, for monitoring: counts and ages only, nothing of a case. */

interface ByMode {
  readonly real: number;
  readonly drill: number;
}

/** Ages in wall seconds; 0 where nothing waits. */
export interface HouseReadings {
  /** Alarms that rang and that nobody's mailbox has taken yet. */
  readonly alarmsUnsent: number;
  readonly oldestUnsentAlarmSeconds: number;
  /** How long the watch is behind with ringing at all. */
  readonly oldestUnrungAlarmSeconds: number;
  readonly wakesPending: number;
  readonly oldestWakeSeconds: number;
  readonly deliveriesInDoubt: ByMode;
  /** Owed or to be decided, past the due instant, and nothing dispatched. */
  readonly obligationsOverdue: ByMode;
  /** Database clock minus ours. */
  readonly clockSkewSeconds: number;
  /** Since each part that ever lived last said so. */
  readonly heartbeats: readonly { readonly part: string; readonly ageSeconds: number }[];
  /** What the relay said last; null before it ever did. */
  readonly temporalReachable: boolean | null;
  /** The last verification of the whole register; null before the first. */
  readonly registerVerified: { readonly ageSeconds: number; readonly ok: boolean } | null;
}

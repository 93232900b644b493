/** Notices after the first ones, counted in the kinds a scenario expects. */
import type { NoticeSummary } from '../../domain/views.ts';
import type { FollowUps } from './scenario.ts';

/** Counts what has been drafted and stands, in the kinds a scenario expects. */
export function followUpsOf(notices: readonly NoticeSummary[]): FollowUps {
  const standing = notices.filter(({ state }) => state !== 'cancelled');
  const of = (phase: NoticeSummary['phase']): number =>
    standing.filter((notice) => notice.phase === phase).length;
  return {
    supplements: of('supplementary'),
    withdrawals: of('withdrawal'),
    furtherParts: standing.filter(({ phase, part }) => phase === 'initial' && part > 1).length,
  };
}

/** What differs from what a scenario expects, in words; null when nothing does. */
export function missingFollowUps(expected: FollowUps, found: FollowUps): string | null {
  const names = ['supplements', 'withdrawals', 'furtherParts'] as const;
  const wrong = names.filter((name) => found[name] !== expected[name]);
  if (wrong.length === 0) return null;
  return wrong
    .map((name) => `${name}: ${String(found[name])}, expected ${String(expected[name])}`)
    .join('; ');
}

/** Locks a notice with its live version for a person's act, or says why not. */
import type { Actor, Person } from '../domain/actor.ts';
import type { Notice, NoticeVersion } from '../domain/notice.ts';
import type { Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';

export interface LockedNotice {
  readonly notice: Notice;
  readonly version: NoticeVersion;
}

/** The locked notice and its live version; `not-found` also when this actor may not see it. */
export async function lockNotice(store: Store, noticeId: string): Promise<Outcome<LockedNotice>> {
  const notice = await store.notices.lock(noticeId);
  if (notice === null) return refuse('not-found', 'There is no such notice.');
  const version = await store.notices.liveVersion(noticeId);
  if (version === null) return refuse('conflict', 'This notice has not been drafted yet.');
  return done({ notice, version });
}

/** The person behind a request. Throws for a machine: `runCommand` lets none through. */
export function personOf(actor: Actor): Person {
  if (actor.kind !== 'person') throw new Error('only a person may do this');
  return actor;
}

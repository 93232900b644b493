/** A person's change of the words: a new version, with everything approved before void. */
import { actorLabel } from '../domain/actor.ts';
import type { House, Store } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { isPlainSubject } from '../ledger/plain-text.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { freezeInto, type FreezeDeps } from './freeze-notice.ts';
import { lockNotice, type LockedNotice } from './lock-notice.ts';

export interface Revision {
  readonly noticeId: string;
  /** The digest the person read: another one by now refuses the change. */
  readonly digest: string;
  /** Null leaves what stands; an empty text takes it away again. */
  readonly subject: string | null;
  readonly addition: string | null;
}

export interface Revised {
  readonly version: number;
  readonly digest: string;
}

/** Facts, exposures and recipients are read anew with it. The person becomes the author and cannot approve it. */
export function reviseNotice(
  house: House,
  deps: FreezeDeps,
  request: Request,
  input: Revision,
): Promise<Answer<Revised>> {
  return runCommand(house, request, 'edit-notice', async (store) => {
    const found = await lockNotice(store, input.noticeId);
    if (!found.ok) return found;
    const { notice, version } = found.value;
    if (version.digest !== input.digest) {
      return refuse(
        'stale',
        'The notice has changed since you read it: read it again, then edit what it says now.',
      );
    }
    if (notice.state !== 'in-review' && notice.state !== 'returned') {
      return refuse(
        'conflict',
        `The notice is "${notice.state}": send it back or cancel it before changing its words.`,
      );
    }
    if (await store.notices.mayHaveLeft(notice.noticeId)) {
      return refuse(
        'conflict',
        'Part of the notice has left: a later notice can add to it, nothing can change it.',
      );
    }
    const subject = await subjectFor(store, found.value, input.subject);
    if (subject !== null && !isPlainSubject(subject)) {
      return refuse('invalid', 'The subject must be one line of 1 to 200 plain characters.', [
        { pointer: '/subject', detail: 'one line of 1 to 200 plain characters' },
      ]);
    }
    const by = actorLabel(request.actor);
    const addition = kept(input.addition, version.content['addition']);
    const frozen = await freezeInto(store, deps, notice, by, { addition, subject });
    if (!frozen.ok) return frozen;
    await store.tasks.completeBySubject(
      notice.caseId,
      'revise',
      `notice/${notice.noticeId}`,
      by,
      'revised',
    );
    await store.house.wake('notice', notice.noticeId);
    return done({ version: frozen.value.version, digest: frozen.value.digest });
  });
}

function kept(wanted: string | null, standing: unknown): string | null {
  if (wanted === null) return typeof standing === 'string' ? standing : null;
  return wanted === '' ? null : wanted;
}

const exercise = 'EXERCISE - ';

// A drill's marking is not up to the person who edits.
async function subjectFor(
  store: Store,
  { notice, version }: LockedNotice,
  wanted: string | null,
): Promise<string | null> {
  const subject = kept(wanted, version.content['subjectEdited']);
  if (subject === null) return null;
  const file = await store.cases.read(notice.caseId);
  return file?.mode === 'drill' && !subject.startsWith(exercise)
    ? `${exercise}${subject}`
    : subject;
}

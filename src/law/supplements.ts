/** Which changes a recipient is told of after a notice has left: Art. 33(4) GDPR, and our policy where it says nothing. */
import type { Change, Item } from '../domain/difference.ts';
import type { RecipientKind } from '../domain/obligation.ts';

/** Policy, not law: hours in which we aim to send a supplement; Art. 33(4) says "without undue further delay". */
export const supplementTargetHours = 24;

/** `ask`: a person decides whether people are written to again. */
export type Supplement = 'owed' | 'ask' | 'none';

/**
 * The changes that concern this kind of recipient. Authorities and controllers hear of all that their notices state;
 * people only of what bears on them: what may happen, what they can do, and which data. Of a service that is excluded
 * by now nothing else is said than that.
 */
export function changesThatMatter(
  kind: RecipientKind,
  changes: readonly Change[],
): readonly Change[] {
  if (kind === 'register') return [];
  if (kind === 'data-subject') {
    return changes.filter(
      ({ item, name }) =>
        item === 'advice' ||
        item === 'consequences' ||
        (item === 'fact' && name === 'data.categories'),
    );
  }
  const cleared = new Set(changes.filter(isCleared).map(({ about }) => about));
  return changes.filter((change) => !cleared.has(change.about) || isCleared(change));
}

/** Whether a supplement follows from changes that matter; people are written to again only for new advice, and asked first. */
export function supplementFor(kind: RecipientKind, changes: readonly Change[]): Supplement {
  const mattering = changesThatMatter(kind, changes);
  if (mattering.length === 0) return 'none';
  if (kind !== 'data-subject') return 'owed';
  return mattering.some(({ item }) => item === 'advice') ? 'ask' : 'none';
}

/**
 * True when a controller or subscriber was told that its data are or probably are affected, and by now every service it was told of
 * is excluded: the notice no longer stands. Merely "not excluded" still stands as what was said then; a supplement clears it.
 */
export function noLongerStands(told: readonly Item[], known: readonly Item[]): boolean {
  const grades = told.filter(({ item }) => item === 'grade');
  const wasAffected = grades.some(({ value }) => value === 'confirmed' || value === 'likely');
  const open = known.some(({ item, value }) => item === 'grade' && value !== 'excluded');
  return wasAffected && !open;
}

function isCleared({ item, after }: Change): boolean {
  return item === 'grade' && after === 'excluded';
}

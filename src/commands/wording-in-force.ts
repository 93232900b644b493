/** The templates this installation sends, each with the newest review of exactly its words. */
import type { Wording } from '../domain/notice-ports.ts';
import type { Store } from '../domain/ports.ts';
import type { TemplateWords, WordingReview } from '../domain/release-ports.ts';

export type WordsWithReview = TemplateWords & {
  readonly review: Pick<WordingReview, 'verdict' | 'note' | 'by' | 'at'> | null;
};

/** A review of other words than are sent now is not shown: it does not count. */
export async function wordingInForce(
  store: Store,
  wording: Pick<Wording, 'templates'>,
): Promise<WordsWithReview[]> {
  const reviews = await store.releases.wordingReviews();
  return wording.templates().map((words) => ({
    ...words,
    review:
      reviews.find(
        (one) =>
          one.template === words.template &&
          one.language === words.language &&
          one.sha256 === words.sha256,
      ) ?? null,
  }));
}

/** What the article demands of a notice, for a terminal. */
import type { NoticeCompleteness } from '../domain/completeness.ts';
import type { Paint } from './terminal.ts';

/** Each item with its state, what is missing before sending, and the least in an emergency. */
export function completenessLines(shown: NoticeCompleteness, paint: Paint): string[] {
  const before = shown.lines.filter(({ id }) => shown.missingBeforeSending.includes(id));
  const minimum = shown.emergencyMinimum.map(
    ({ subject, isThere }) => `${subject.replaceAll('-', ' ')}${isThere ? '' : ' (missing)'}`,
  );
  return [
    '',
    paint('title', 'What the law demands it says'),
    ...shown.lines.map(({ state, summary, article, missingFacts }) => {
      const would =
        state === 'being-investigated' && missingFacts.length > 0
          ? ` (would complete it: ${missingFacts.join(', ')})`
          : '';
      return `  ${stateWords[state]}: ${summary} Art. ${article}${would}`;
    }),
    ...(shown.lines.length === 0 ? ['  No list of items is carried for it.'] : []),
    before.length === 0
      ? '  Nothing is missing that must be there before it is sent.'
      : paint(
          'tight',
          `  Missing before it may be sent: ${before.map((one) => one.summary).join(' ')}`,
        ),
    ...(minimum.length === 0 ? [] : [`  The least in an emergency: ${minimum.join(', ')}`]),
  ];
}

const stateWords = {
  known: 'known',
  'being-investigated': 'unknown, being investigated',
  'not-visible': 'not visible to us',
  'not-applicable': 'not applicable',
} as const;

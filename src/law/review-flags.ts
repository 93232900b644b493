/** Where a person must look: what the engine may use but never decide alone, in plain words. */

const labels = {
  'HR-KEY': 'who says that the encryption is state of the art and the key safe, and from what',
  'HR-ART9-INCIDENTAL': 'why a label of Art. 9 GDPR reveals little here',
  'HR-TRUST': 'why the recipient is trusted, and how deletion was shown',
  'HR-IDENT': 'why nobody can be identified from the data',
  'HR-PUBLIC': 'whether data already public make the breach any less serious',
  'HR-RULED-OUT': 'who ruled disclosure out, from which logs, and what the logs cover',
  'HR-MISUSE': 'what misuse was seen, or why none is expected from a malicious recipient',
  'HR-34-3-B': 'whether later measures really end the high risk, Art. 34(3)(b) GDPR',
  'HR-34-3-C': 'whether telling each person is disproportionate, Art. 34(3)(c) GDPR',
  'HR-NRO-SCALE': 'a disclosure not ruled out of telling data about very many people',
  'HR-CHILD': 'children or other vulnerable people are affected',
  'HR-BORDER': 'one fact away from a higher result',
  'HR-ENISA': 'the ENISA severity, advice only, would put the risk elsewhere',
  'HR-UNKNOWN': 'an unknown fact counted at its worse value',
} as const;

export type ReviewFlag = keyof typeof labels;

/** What a person is asked to look at, in plain words. */
export function reviewText(flag: ReviewFlag): string {
  return labels[flag];
}

/** Every flag, in the order results show them. */
export const reviewFlagIds: readonly ReviewFlag[] = Object.keys(labels).filter(
  (flag): flag is ReviewFlag => flag in labels,
);

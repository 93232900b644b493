/** The notification to a supervisory authority: Art. 33(3)(a)-(d) GDPR, and what is not yet known, Art. 33(4). */
import type { FactName } from '../domain/facts.ts';
import type { Instant } from '../domain/instant.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Processing } from '../domain/ports.ts';
import { authorityById } from '../law/authorities.ts';
import {
  commonContent,
  consequencesOf,
  factReader,
  isUnknown,
  type Composed,
  type NoticeSource,
} from './compose-common.ts';

const natureFacts: readonly FactName[] = [
  'confidentiality.state',
  'exfiltration',
  'integrity.state',
  'availability.state',
  'actor',
  'recipients.class',
  'protection.encryption',
  'protection.keyCompromised',
  'misuseObserved',
];
const peopleFacts: readonly FactName[] = [
  'subjects.types',
  'subjects.count',
  'subjects.vulnerable',
  'data.categories',
  'data.specialCategories',
];

/** What a notice to an authority says of the breach, known or not. */
export const authorityFacts: readonly FactName[] = [...natureFacts, ...peopleFacts];

/** People who stand apart, as the notice to an authority counts them. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type GroupSaid = {
  readonly name: string;
  readonly people: number | null;
  readonly risk: 'unlikely' | 'risk' | 'high-risk';
};

/** Composes the state of things as of now. Throws if the obligation names no authority. */
export function composeAuthority(
  source: NoticeSource,
  processing: Processing | null,
  peopleInScope: number | null,
  groups: readonly GroupSaid[] = [],
): Composed {
  const { obligation, file, writtenAt } = source;
  const { authority } = obligation;
  if (authority === null) throw new Error('the obligation names no authority');
  const facts = factReader(source.facts, ...(processing === null ? [] : [processing.key]));
  const nature = natureFacts.map((name) => facts.said(name));
  const people = peopleFacts.map((name) => facts.said(name));
  const template = `authority/${source.notice.phase}`;
  return {
    template,
    groupKey: `${template} ${authority.authorityId}`,
    content: {
      ...commonContent(source, facts),
      kind: 'authority',
      authority: {
        name: authority.name,
        nativeName: authorityById(authority.authorityId)?.nativeName ?? authority.name,
        role: authority.role,
        languages: authority.languages,
      },
      processing:
        processing === null
          ? null
          : {
              name: processing.name,
              people: processing.peopleCategories,
              data: {
                name: 'data.categories',
                value: processing.dataCategories,
                certainty: 'confirmed',
              },
              countries: processing.countries,
            },
      description: file.description === '' ? null : file.description,
      late: isLate(obligation, writtenAt),
      // Only a late notification owes reasons, Art. 33(1), second sentence.
      delayReasons: isLate(obligation, writtenAt) ? source.finding.delayReasons : null,
      scope: { people: peopleInScope },
      groups,
      nature,
      people,
      consequences: consequencesOf(facts),
      unknown: [...nature, ...people].filter(isUnknown).map((fact) => fact.name),
    },
  };
}

/** What has left is late or not for good; what has not is late when its due is over. */
function isLate({ dueAt, dueBasis, dispatchedAt, late }: Obligation, writtenAt: Instant): boolean {
  if (dispatchedAt !== null) return late;
  return dueBasis === 'statute' && dueAt !== null && writtenAt > dueAt;
}

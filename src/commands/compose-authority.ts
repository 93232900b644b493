/** The notification to a supervisory authority: Art. 33(3)(a)-(d) GDPR, and what is not yet known, Art. 33(4). */
import type { FactName } from '../domain/facts.ts';
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

/** Composes the initial notification. Throws if the obligation names no authority. */
export function composeAuthority(source: NoticeSource, processing: Processing | null): Composed {
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
      late:
        obligation.dueBasis === 'statute' &&
        obligation.dueAt !== null &&
        writtenAt > obligation.dueAt,
      nature,
      people,
      consequences: consequencesOf(facts),
      unknown: [...nature, ...people].filter(isUnknown).map((fact) => fact.name),
    },
  };
}

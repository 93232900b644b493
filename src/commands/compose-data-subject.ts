/** The communication to the people concerned: Art. 34(2) GDPR, in plain words, one matter only. */
import type { FactName } from '../domain/facts.ts';
import type { Processing } from '../domain/ports.ts';
import {
  adviceOn,
  commonContent,
  consequencesOf,
  factReader,
  isUnknown,
  type Composed,
  type NoticeSource,
} from './compose-common.ts';

const natureFacts: readonly FactName[] = [
  'confidentiality.state',
  'integrity.state',
  'availability.state',
  'data.categories',
];

export function composeDataSubject(source: NoticeSource, processing: Processing): Composed {
  const facts = factReader(source.facts, processing.key);
  const consequences = consequencesOf(facts);
  const template = `data-subject/${source.notice.phase}`;
  return {
    template,
    groupKey: `${template} ${processing.key}`,
    content: {
      ...commonContent(source, facts),
      kind: 'data-subject',
      processing: { name: processing.name },
      nature: natureFacts
        .map((name) => facts.said(name))
        .filter((fact) => !isUnknown(fact) && fact.value !== 'none'),
      consequences: consequences.length > 0 ? consequences : ['confidentiality-general'],
      advice: adviceOn(consequences),
    },
  };
}

/** Sections 4 to 7 of the common template: consequences, measures, whether people and other authorities are told. */
import type { JsonValue } from '../domain/json.ts';
import type { Obligation } from '../domain/obligation.ts';
import { isInEea } from '../law/regimes.ts';
import { adviceOn } from './compose-common.ts';
import {
  byFiler,
  chosen,
  notApplicable,
  open,
  said,
  type Answers,
  type FilingAnswer,
  type FilingSource,
} from './filing-answer.ts';

/** Answers about what follows from the breach and what is done about it. */
export function outcomeAnswers(source: FilingSource): Answers {
  return {
    ...consequenceAnswers(source),
    ...peopleToldAnswers(source),
    ...otherAuthorityAnswers(source),
    '7-files': open,
  };
}

const texts = (value: JsonValue | undefined): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** The Art. 34 line of the same track: what it came to tells how high the risk was found. */
function toPeople({ owed, obligation }: FilingSource): Obligation | null {
  return (
    owed.find(
      (one) => one.recipientKind === 'data-subject' && one.trackId === obligation.trackId,
    ) ?? null
  );
}

function consequenceAnswers(source: FilingSource): Answers {
  const { content, obligation, speech } = source;
  const keys = texts(content['consequences']);
  const some = (wanted: (key: string) => boolean): FilingAnswer =>
    said(
      keys
        .filter(wanted)
        .map((key) => speech.word('consequences', key))
        .join('; '),
    );
  const measures = texts(content['measures']).join('; ');
  return {
    '4.1-confidentiality': some((key) => key !== 'integrity' && key !== 'availability'),
    '4.1-integrity': some((key) => key === 'integrity'),
    '4.1-availability': some((key) => key === 'availability'),
    '4.1-impact': some(() => true),
    '4.1-severity': open,
    '4.2-outcome': outcome(source),
    '4.2-method': said(obligation.reason),
    '4.3-measures': said(measures),
    '4.4-measures': open,
    '4.4-description': open,
    advice:
      keys.length === 0
        ? open
        : said(
            adviceOn(keys)
              .map((key) => speech.word('advice', key))
              .join('; '),
          ),
  };
}

function outcome(source: FilingSource): FilingAnswer {
  const told = toPeople(source);
  switch (told?.state) {
    case 'owed':
    case 'discharged':
      return chosen(source.speech, 'high-risk-likely');
    case 'not-owed':
      return chosen(source.speech, 'risk-likely-but-not-high');
    case 'to-decide':
    case 'withdrawn':
    case undefined:
      return chosen(source.speech, 'more-information-needed');
  }
}

function peopleToldAnswers(source: FilingSource): Answers {
  const { speech } = source;
  const told = toPeople(source);
  const isTold = told?.dispatchedAt != null;
  const isPlanned = !isTold && told?.state === 'owed';
  const status = isTold
    ? 'yes'
    : isPlanned
      ? 'not-yet'
      : told?.state === 'not-owed'
        ? 'no-because-no-high-risk-is-likely'
        : 'no-still-investigating';
  const only = (holds: boolean, answer: FilingAnswer): FilingAnswer =>
    holds ? answer : notApplicable;
  return {
    '5-status': chosen(speech, status),
    '5-date-informed': only(
      isTold,
      told?.dispatchedAt == null ? open : said(speech.instant(told.dispatchedAt)),
    ),
    '5-date-planned': only(isPlanned, open),
    '5-exception': only(told?.state === 'not-owed', open),
    '5-exception-reason': only(told?.state === 'not-owed', said(told?.reason)),
    '5-coverage': open,
    '5-coverage-reason': notApplicable,
    '5-means': only(isTold || isPlanned, chosen(speech, 'individual-message')),
    '5-content': open,
  };
}

function otherAuthorityAnswers(source: FilingSource): Answers {
  const { affiliate, obligation, owed, processing, speech } = source;
  const isHere = isInEea(affiliate.country);
  const isCrossBorder = processing?.crossBorder === true;
  const countries =
    processing === null || processing.countries.length === 0
      ? open
      : said(speech.terms('countries', processing.countries));
  const authorities = said(
    [
      ...new Set(
        owed.flatMap(({ authority, state }) =>
          (state === 'owed' || state === 'discharged') && authority !== null
            ? [authority.name]
            : [],
        ),
      ),
    ].join(', '),
  );
  const lead = obligation.authority?.role === 'lead' ? said(obligation.authority.name) : open;
  const across = (answer: FilingAnswer): FilingAnswer =>
    isHere && isCrossBorder ? answer : notApplicable;
  const outside = (answer: FilingAnswer): FilingAnswer => (isHere ? notApplicable : answer);
  return {
    '6.1-police': open,
    '6.1-other': open,
    '6.1-other-name': open,
    '6.1-other-case': open,
    '6.2-cross-border': isHere ? chosen(speech, isCrossBorder ? 'yes' : 'no') : notApplicable,
    '6.2-lead': across(lead),
    '6.2-establishments': across(byFiler),
    '6.2-countries': across(countries),
    '6.2-per-country': across(open),
    '6.2-authorities': across(authorities),
    '6.3-countries': outside(countries),
    '6.3-per-country': outside(open),
    '6.3-authorities': outside(authorities),
  };
}

/** Answers to what Annex I of Regulation (EU) No 611/2013 asks of a provider beside what every notice says. */
import type { JsonValue } from '../domain/json.ts';
import { isUnknown } from './compose-common.ts';
import { providerForm } from './compose-provider.ts';
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

/** By the ids the items of the Annex name; read from the content of the notice, so that both say the same. */
export function providerAnswers(source: FilingSource): Answers {
  return { ...noticeAnswers(source), ...subscriberAnswers(source), ...elsewhereAnswers(source) };
}

function noticeAnswers(source: FilingSource): Answers {
  const { notice, obligation, file, track, facts, speech, previousReference } = source;
  const isInitial = notice.phase === 'initial';
  const isSecond = providerForm(obligation.provision) === 'second';
  const stage = !isInitial
    ? 'follow-up-notification'
    : isSecond
      ? 'second-notification'
      : 'first-notification';
  const detectedAt = file.detection?.detectedAt ?? track.awareness.awareAt;
  const { zone, offsetMinutes } = file.detection ?? track.awareness;
  const data = facts.said('data.categories');
  return {
    'annex-stage': chosen(speech, stage),
    'annex-earlier': isInitial && !isSecond ? notApplicable : said(previousReference),
    'annex-incident':
      file.detectedAt === null
        ? open
        : said(`${speech.word('options', 'estimated-from')} ${speech.instant(file.detectedAt)}`),
    'annex-detection': said(speech.localInstant(detectedAt, zone, offsetMinutes)),
    'annex-data': isUnknown(data) ? open : said(speech.say(data)),
  };
}

function subscriberAnswers({ content, speech }: FilingSource): Answers {
  const isTold = content['subscribersTold'] === true;
  const isOwed = isTold || content['subscribersPlanned'] === true;
  const undecided = content['subscribersUndecided'] === true ? open : notApplicable;
  return {
    'annex-subscribers': counted(content['subscriberCount']),
    'annex-told-content': isOwed ? byFiler : undecided,
    'annex-told-means': isOwed ? chosen(speech, 'individual-message') : undecided,
    'annex-told-count': isTold ? counted(content['toldCount']) : isOwed ? open : undecided,
  };
}

function elsewhereAnswers({ content, speech }: FilingSource): Answers {
  const supplied = content['suppliesOthers'] === true;
  const listed = (value: JsonValue | undefined): readonly string[] =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  const countries = listed(content['otherCountries']);
  const authorities = listed(content['otherAuthorities']);
  return {
    'annex-providers': supplied
      ? said(
          `${speech.word('options', 'providers-supplied')}: ${counted(content['suppliedCount']).text}`,
        )
      : notApplicable,
    'annex-countries':
      countries.length === 0 ? notApplicable : said(speech.terms('countries', countries)),
    'annex-authorities': authorities.length === 0 ? notApplicable : said(authorities.join(', ')),
  };
}

function counted(value: JsonValue | undefined): FilingAnswer {
  return typeof value === 'number' ? said(String(value)) : open;
}

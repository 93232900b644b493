/** Section 3 of the common template: when it happened, what happened, whose and which data. */
import {
  chosen,
  chosenBy,
  notApplicable,
  notVisible,
  open,
  partOf,
  said,
  type Answers,
  type FilingAnswer,
  type FilingSource,
} from './filing-answer.ts';
import type { FactName } from '../domain/facts.ts';
import { isUnknown } from './compose-common.ts';

/** Answers about the breach itself. */
export function breachAnswers(source: FilingSource): Answers {
  return { ...timeAnswers(source), ...natureAnswers(source), ...scopeAnswers(source) };
}

/** A fact in words with its certainty; open while nobody knows it. */
function fact({ facts, speech }: FilingSource, name: FactName): FilingAnswer {
  const known = facts.said(name);
  return isUnknown(known) ? open : said(speech.say(known));
}

function timeAnswers(source: FilingSource): Answers {
  const { content, file, facts, track, speech } = source;
  const { awareness } = track;
  const ongoing = facts.said('duration.ongoing').value;
  const hours = facts.said('duration.exposureHours');
  const isLate = content['late'] === true;
  const occurrence =
    ongoing === true
      ? chosen(speech, 'still-running-since-a-date')
      : ongoing === false && !isUnknown(hours)
        ? chosen(speech, 'between-two-dates')
        : chosen(speech, 'to-be-determined');
  const at = (instant: string): string =>
    speech.localInstant(instant, awareness.zone, awareness.offsetMinutes);
  return {
    '3.1-occurrence': occurrence,
    '3.1-estimated': hours.certainty === 'confirmed' ? chosen(speech, 'no') : open,
    '3.1-start': open,
    '3.1-end': ongoing === true ? notApplicable : open,
    '3.1-awareness': said(at(awareness.awareAt)),
    '3.1-late-reason': isLate ? said(content['addition']) : notApplicable,
    '3.1-discovery': open,
    '3.1-discovery-detail': open,
    '3.1-informed-on': open,
    '3.1-comments': fact(source, 'duration.exposureHours'),
    'detected-at': file.detectedAt === null ? open : said(at(file.detectedAt)),
  };
}

const taken = {
  confirmed: 'disclosed-or-taken',
  likely: 'probably-disclosed-or-taken-no-proof',
  ruled_out: 'not-disclosed-or-taken-supported-by-reasonable-evidence',
  none: 'not-disclosed-or-taken-supported-by-reasonable-evidence',
  not_ruled_out: 'to-be-determined',
};
const altered = {
  altered_restored: 'altered-and-wrongly-used-can-be-restored',
  altered_not_restored: 'altered-and-wrongly-used-cannot-be-restored',
};
const incidents = {
  malicious_external: 'hacking-or-malware',
  malicious_internal: 'staff-misused-access-rights',
  thief_opportunistic: 'device-lost-or-stolen',
};
const causes = {
  accidental: 'internal-not-malicious',
  malicious_external: 'external-malicious',
  malicious_internal: 'internal-malicious',
  thief_opportunistic: 'external-malicious',
  unknown: 'to-be-determined',
};

function natureAnswers(source: FilingSource): Answers {
  const { content, facts, speech } = source;
  const value = (name: FactName) => facts.said(name).value;
  const isOf = {
    confidentiality: facts.is('confidentiality.state', 'not_ruled_out', 'likely', 'confirmed'),
    integrity: facts.is('integrity.state', 'altered_restored', 'altered_not_restored'),
    availability: facts.is('availability.state', 'temporary', 'permanent'),
  };
  const kinds = Object.entries(isOf).flatMap(([key, is]) => (is ? [key] : []));
  const noneOr = (name: FactName, options: Readonly<Record<string, string>>): FilingAnswer =>
    value(name) === 'none' ? notApplicable : chosenBy(speech, value(name), options);
  return {
    '3.2-nature': chosen(speech, ...kinds),
    '3.2-confidentiality': chosenBy(speech, value('confidentiality.state'), taken),
    '3.2-unintelligible': unintelligible(source),
    '3.2-integrity': noneOr('integrity.state', altered),
    '3.2-availability': noneOr('availability.state', {
      temporary: 'temporary',
      permanent: 'permanent',
    }),
    '3.2-incident': chosenBy(speech, value('actor'), incidents),
    '3.2-cause': chosenBy(speech, value('actor'), causes),
    '3.2-description': said(content['description']),
    '3.2-systems': open,
    recovery: fact(source, 'availability.restorationHours'),
    'data-whereabouts': fact(source, 'recipients.class'),
  };
}

function unintelligible({ facts, speech }: FilingSource): FilingAnswer {
  if (facts.is('protection.encryption', 'none')) return chosen(speech, 'no');
  if (facts.is('protection.keyCompromised', 'yes') || facts.is('protection.encryption', 'weak'))
    return chosen(speech, 'protected-but-protection-can-probably-be-defeated');
  return facts.is('protection.encryption', 'state_of_the_art') &&
    facts.is('protection.keyCompromised', 'no')
    ? chosen(speech, 'yes-protection-still-holds')
    : open;
}

function scopeAnswers(source: FilingSource): Answers {
  const { content, facts, processing, speech } = source;
  const people = partOf(content, 'processing')['people'];
  const types = fact(source, 'subjects.types');
  const general =
    Array.isArray(people) && people.length > 0
      ? said(speech.terms('people', people as readonly string[]))
      : open;
  const count = facts.said('subjects.count');
  const exact =
    count.certainty === 'confirmed' && facts.said('subjects.countIsEstimate').value !== true;
  return {
    '3.3-categories': types.state === 'known' ? types : general,
    '3.3-precision': isUnknown(count) ? open : chosen(speech, exact ? 'exact' : 'approximate'),
    '3.3-number': fact(source, 'subjects.count'),
    // Without an own processing the data are our customers': what they hold we do not see.
    '3.4-types': processing === null ? notVisible : fact(source, 'data.categories'),
    '3.4-precision': open,
    '3.4-number': open,
    '3.5-measures': open,
    '3.5-description': fact(source, 'protection.encryption'),
    'special-categories': fact(source, 'data.specialCategories'),
    'criminal-data': fact(source, 'data.criminalConvictions'),
    vulnerable: fact(source, 'subjects.vulnerable'),
  };
}

/** Sections 1 and 2 of the common template: what kind of notice this is, and who makes it. */
import { isInEea } from '../law/regimes.ts';
import {
  byFiler,
  chosen,
  notApplicable,
  open,
  partOf,
  said,
  type Answers,
  type FilingSource,
} from './filing-answer.ts';

/** Answers about the notification, the controller, the one who files and the DPO. */
export function partyAnswers(source: FilingSource): Answers {
  return { ...notificationAnswers(source), ...controllerAnswers(source), ...peopleAnswers(source) };
}

function notificationAnswers(source: FilingSource): Answers {
  const { notice, content, previousReference, obligation, speech } = source;
  const isFirst = notice.phase === 'initial';
  const isWithdrawal = notice.phase === 'withdrawal';
  const unknown = content['unknown'];
  const isComplete =
    notice.phase === 'final' || (Array.isArray(unknown) && unknown.length === 0 && isFirst);
  const subtype = isWithdrawal ? 'withdrawal' : isComplete ? 'complete' : 'incomplete';
  return {
    '1-type': chosen(speech, isFirst ? 'new-notification' : 'follow-up-notification'),
    '1-subtype': chosen(speech, subtype),
    '1-withdrawal-reason': isWithdrawal ? said(content['addition']) : notApplicable,
    '1-previous-id': isFirst ? notApplicable : said(previousReference),
    '1-internal-ref': said(content['reference']),
    'legal-basis': said(obligation.citation),
  };
}

function controllerAnswers({ affiliate, speech }: FilingSource): Answers {
  const outside = isInEea(affiliate.country) ? notApplicable : byFiler;
  const country = speech.terms('countries', affiliate.country);
  return {
    '2.1-id-type': byFiler,
    '2.1-id': byFiler,
    '2.1-name': said(affiliate.name),
    '2.1-contact': said(`${affiliate.name}, ${country}, ${affiliate.senderAddress}`),
    '2.1-sector': chosen(speech, 'private'),
    '2.1-org-type': byFiler,
    '2.1-activity': byFiler,
    '2.1-eea-rep-name': outside,
    '2.1-eea-rep-contact': outside,
  };
}

function peopleAnswers({ affiliate, content, track, filerName, speech }: FilingSource): Answers {
  const us = partOf(content, 'us');
  const isJoint = track.role === 'joint-controller';
  const contact = [us['dpoEmail'], us['dpoPhone']].filter((one) => typeof one === 'string');
  return {
    '2.2-name': filerName === null ? byFiler : said(filerName),
    '2.2-contact': byFiler,
    '2.2-function': byFiler,
    '2.3-designated': chosen(speech, affiliate.dpoName === '' ? 'no' : 'yes'),
    '2.3-dpo-name': said(us['dpoName']),
    '2.3-dpo-contact': said(contact.join(', ')),
    '2.3-contact-point': chosen(speech, 'data-protection-officer'),
    '2.4-involved': isJoint ? chosen(speech, 'yes') : open,
    '2.4-role': isJoint ? chosen(speech, 'joint-controller') : open,
    '2.4-name': open,
    '2.4-contact': open,
  };
}

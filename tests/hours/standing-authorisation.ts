/** A standing authorisation for authorities, signed by two people over reviewed wording. */
import { randomUUID } from 'node:crypto';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { reviewWording } from '../../src/commands/review-wording.ts';
import {
  proposeAuthorisation,
  signAuthorisation,
} from '../../src/commands/standing-authorisation.ts';
import { by, type TestHouse } from '../support/house.ts';

/** How long before a due an unapproved initial notice leaves, or people are called to file it. */
export const actsHoursBeforeDue = 2;

/** Has every template reviewed and the authorisation in force; gives its id. */
export async function standingAuthorisation(home: TestHouse): Promise<string> {
  const { leo, lena, eva } = home.people;
  const wording = handlebarsWording();
  for (const words of wording.templates()) {
    const input = { ...words, verdict: 'reviewed', note: 'read' } as const;
    const answer = await reviewWording(home.house, wording, by(lena), input);
    if (!answer.ok) throw new Error(answer.problem.detail);
  }
  const authorisationId = randomUUID();
  const proposed = await proposeAuthorisation(home.house, by(leo), {
    authorisationId,
    title: 'Nights and weekends',
    recipientKinds: ['authority'],
    affiliateKeys: [],
    maxRecipients: 1,
    withinHoursOfDue: 6,
    unapprovedMinutesBeforeDue: actsHoursBeforeDue * 60,
    validFrom: '2020-01-01T00:00:00.000Z',
    validUntil: '2090-01-01T00:00:00.000Z',
    reason: 'a notice on time matters more than a fresh approval',
  });
  const signed = await signAuthorisation(home.house, by(eva), { authorisationId });
  if (!proposed.ok || !signed.ok || !signed.value.inForce) throw new Error('it is not in force');
  return authorisationId;
}

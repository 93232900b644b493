/** A drill without a notice: a stolen laptop whose data nobody can read and nobody lacks. */
import { confirmed } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const stolenLaptop: Scenario = {
  name: 'stolen-laptop',
  summary:
    'a stolen laptop, encrypted to the state of the art: documented, nobody is owed a notice',
  title: 'Laptop stolen from a service van',
  description:
    'A technician reports that a laptop was taken from a locked van. Its disk is encrypted, it was switched off, and its data are backed up.',
  hits: [{ kind: 'asset', key: 'laptop-0417' }],
  firstFacts: confirmed({
    personalDataInvolved: true,
    breachOfSecurity: true,
    actor: 'thief_opportunistic',
    'confidentiality.state': 'not_ruled_out',
    exfiltration: 'not_ruled_out',
    'integrity.state': 'none',
    'duration.ongoing': true,
    misuseObserved: false,
  }),
  acts: [
    {
      by: 'rita',
      atMinutes: 25,
      says: 'records the encryption, where the key is, and the backup',
      kind: 'facts',
      facts: confirmed(
        {
          'availability.state': 'temporary',
          'availability.backup': 'full',
          'availability.restorationHours': 4,
          'availability.effectOnSubjects': 'none',
          'data.categories': ['name', 'contact', 'photo_video'],
          'data.specialCategories': 'none',
          'protection.encryption': 'state_of_the_art',
          'protection.keyCompromised': 'no',
          'subjects.count': 40,
          'subjects.countIsEstimate': true,
          'subjects.types': ['customer contacts'],
          'subjects.vulnerable': false,
          'subjects.safetyCritical': false,
          'mitigation.measures': [
            'the account and the certificates of the laptop were locked',
            'the theft was reported to the police',
          ],
        },
        'site-visits-de',
      ),
    },
    {
      by: 'leo',
      atMinutes: 40,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Report of the technician and the record of the disk encryption',
    },
    {
      by: 'leo',
      atMinutes: 45,
      says: 'determines: a personal data breach without a likely risk',
      kind: 'determination',
      determination: 'breach',
      reason: 'A device with personal data is lost; without its key nobody can read them',
    },
  ],
  expected: {
    authorities: [],
    controllers: 0,
    dataSubjects: 0,
    notOwed: ['gdpr/33/1', 'gdpr/34/1'],
  },
};

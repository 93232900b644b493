/** A drill as processor only: a managed host is encrypted, and its customers lack their services for hours. */
import { confirmed } from './scenario.ts';
import type { Scenario } from './scenario.ts';

export const managedRansomware: Scenario = {
  name: 'managed-ransomware',
  summary: 'processor for 8 customers of one managed host that is encrypted; restored from backup',
  title: 'Managed host encrypted by ransomware',
  description:
    'The machines of hypervisor-03 stop at night; a note demands money. The host is cut off and rebuilt from the backup of the evening before.',
  hits: [{ kind: 'asset', key: 'hypervisor-03' }],
  firstFacts: confirmed({
    personalDataInvolved: true,
    breachOfSecurity: true,
    actor: 'malicious_external',
    'availability.state': 'temporary',
    'duration.ongoing': true,
  }),
  acts: [
    {
      by: 'rita',
      atMinutes: 60,
      says: 'records how the host comes back',
      kind: 'facts',
      facts: confirmed({
        'integrity.state': 'none',
        'availability.backup': 'full',
        'availability.restorationHours': 9,
        'availability.effectOnSubjects': 'minor',
        'protection.encryption': 'none',
        'protection.keyCompromised': 'not_applicable',
        'duration.exposureHours': 9,
        'duration.ongoing': false,
        'mitigation.measures': [
          'the host was cut off and rebuilt',
          'its machines were restored from the backup of the evening before',
          'the way in, an unpatched management interface, is closed',
        ],
      }),
    },
    {
      by: 'rita',
      atMinutes: 70,
      says: 'proposes that nothing left the host, dora agrees, eva confirms',
      kind: 'lowering',
      claims: confirmed({ 'confidentiality.state': 'ruled_out', exfiltration: 'ruled_out' }),
      reason: 'The attacker encrypted and copied nothing',
      evidence: 'Flow records show no transfer out of hypervisor-03',
      logs: ['flow records', 'log of the management interface'],
    },
    {
      by: 'leo',
      atMinutes: 80,
      says: 'fixes the instant of awareness',
      kind: 'awareness',
      evidence: 'Note of the attacker on hypervisor-03; flow records show no transfer out',
    },
    {
      by: 'leo',
      atMinutes: 90,
      says: 'determines: a personal data breach, of availability',
      kind: 'determination',
      determination: 'breach',
      reason:
        'Personal data of customers could not be reached for hours, Art. 4(12): loss of access',
    },
  ],
  expected: { authorities: [], controllers: 8, dataSubjects: 0, notOwed: ['gdpr/33/1'] },
};

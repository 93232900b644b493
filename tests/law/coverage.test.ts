/** What was not assessed is said by the countries a case touches. */
import { expect, it } from 'vitest';
import { coverageOf } from '../../src/law/coverage.ts';

const union = [
  'DORA, Regulation (EU) 2022/2554 (financial entities and their ICT providers)',
  'eIDAS, Regulation (EU) No 910/2014 (trust services)',
  'Cyber Resilience Act, Regulation (EU) 2024/2847 (products with digital elements)',
  'CER, Directive (EU) 2022/2557 (critical entities)',
  'Directive (EU) 2016/680 (law enforcement) and Regulation (EU) 2018/1725 (bodies of the Union)',
];
const kingdom = 'NIS Regulations 2018 and Communications Act 2003 (United Kingdom)';
const switzerland =
  'Information Security Act, ISG (Switzerland): cyberattacks on critical infrastructure, 24 hours';
const everywhere = [
  'national criminal law, sector law and employment law of the countries touched',
  'duties under contracts other than to tell a customer, and insurance',
];

it('names the laws of each country that was assessed, and those of countries that are not carried', () => {
  expect(coverageOf(['US', 'CH', 'JP', 'DE', 'GB', 'DE', 'FR'])).toEqual({
    assessed: ['Swiss FADP', 'GDPR', 'UK GDPR'],
    notAssessed: [
      ...[...union, kingdom, switzerland, ...everywhere],
      ...['data protection law of JP', 'data protection law of US'],
    ],
  });
});
it.each([
  ['DE', ['GDPR'], [...union, ...everywhere]],
  ['NO', ['GDPR'], [...union, ...everywhere]],
  ['GB', ['UK GDPR'], [kingdom, ...everywhere]],
  ['CH', ['Swiss FADP'], [switzerland, ...everywhere]],
  ['GI', ['Gibraltar GDPR'], everywhere],
  ['US', [], [...everywhere, 'data protection law of US']],
])(
  'of a case that touches %s alone names what was not assessed',
  (country, assessed, notAssessed) => {
    expect(coverageOf([country])).toEqual({ assessed, notAssessed });
  },
);

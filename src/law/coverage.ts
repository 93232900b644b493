/** What a case was not assessed under: named, so that nobody takes the obligations for the whole of the law. */
import { isInEea, regimeOf, regimeNames } from './regimes.ts';

interface Unassessed {
  readonly name: string;
  /** Whether it may apply where these countries are touched. */
  readonly mayApply: (countries: readonly string[]) => boolean;
}

const inEea = (countries: readonly string[]): boolean => countries.some(isInEea);
const inCountry =
  (country: string) =>
  (countries: readonly string[]): boolean =>
    countries.includes(country);

const unassessed: readonly Unassessed[] = [
  {
    name: 'DORA, Regulation (EU) 2022/2554 (financial entities and their ICT providers)',
    mayApply: inEea,
  },
  { name: 'eIDAS, Regulation (EU) No 910/2014 (trust services)', mayApply: inEea },
  {
    name: 'Cyber Resilience Act, Regulation (EU) 2024/2847 (products with digital elements)',
    mayApply: inEea,
  },
  { name: 'CER, Directive (EU) 2022/2557 (critical entities)', mayApply: inEea },
  {
    name: 'Directive (EU) 2016/680 (law enforcement) and Regulation (EU) 2018/1725 (bodies of the Union)',
    mayApply: inEea,
  },
  {
    name: 'NIS Regulations 2018 and Communications Act 2003 (United Kingdom)',
    mayApply: inCountry('GB'),
  },
  {
    name: 'Information Security Act, ISG (Switzerland): cyberattacks on critical infrastructure, 24 hours',
    mayApply: inCountry('CH'),
  },
  {
    name: 'national criminal law, sector law and employment law of the countries touched',
    mayApply: () => true,
  },
  {
    name: 'duties under contracts other than to tell a customer, and insurance',
    mayApply: () => true,
  },
];

export interface Coverage {
  /** Laws the obligations of the case were worked out under, by name. */
  readonly assessed: readonly string[];
  readonly notAssessed: readonly string[];
}

/** By the countries of affiliates and of people affected; a country without a law of its own here is named. */
export function coverageOf(countries: readonly string[]): Coverage {
  const touched = [...new Set(countries)].toSorted();
  const known = touched.filter((country) => isInEea(country) || regimeOf(country) !== 'eu-gdpr');
  const others = touched.filter((country) => !known.includes(country));
  return {
    assessed: [...new Set(known.map((country) => regimeNames[regimeOf(country)]))],
    notAssessed: [
      ...unassessed.filter(({ mayApply }) => mayApply(touched)).map(({ name }) => name),
      ...others.map((country) => `data protection law of ${country}`),
    ],
  };
}

/** Notices of a provider of communications: Annex I to authorities, Annex II to subscribers, Art. 5 to who has the contract with them. Pure. */
import type { Exposure } from '../domain/case.ts';
import type { FactName } from '../domain/facts.ts';
import type { Instant } from '../domain/instant.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Obligation } from '../domain/obligation.ts';
import { authorityNamed } from '../law/telecom-authorities.ts';
import { composeAuthority } from './compose-authority.ts';
import {
  clearedOf,
  composeController,
  serviceOf,
  type ControllerSource,
} from './compose-controller.ts';
import {
  adviceOn,
  consequencesOf,
  factReader,
  isUnknown,
  type Composed,
  type NoticeSource,
} from './compose-common.ts';

/** How a provider's obligation is worded; null for one under another law, also where it stands on a provider's track. */
type ProviderForm = 'authority' | 'second' | 'subscriber' | 'wholesale';

const forms: Readonly<Record<string, ProviderForm>> = {
  'eprivacy-611/2/2': 'authority',
  'uk-pecr/5a/2': 'authority',
  'eprivacy-611/2/3': 'second',
  'eprivacy-611/3/1': 'subscriber',
  'uk-pecr/5a/3': 'subscriber',
  'eprivacy-611/5': 'wholesale',
  'uk-pecr/611/5': 'wholesale',
};

export function providerForm(provision: string): ProviderForm | null {
  return forms[provision] ?? null;
}

/** The first notice to the same authority, as a second one quotes it. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type FirstNotice = {
  readonly reference: string;
  readonly sentAt: Instant;
  readonly fileNumber: string | null;
};

export interface ServiceReach {
  /** Engagements on the provider's track, wholesale ones among them. */
  readonly exposures: readonly Exposure[];
  readonly productNames: ReadonlyMap<string, string>;
  /** Countries of the subscribers. */
  readonly countries: readonly string[];
  /** All that is owed in the case. */
  readonly owed: readonly Obligation[];
  /** Null on a first notice, and where none is on record. */
  readonly firstNotice: FirstNotice | null;
}

/** The notice to a national authority: everything Annex I asks, with what is missing said to be missing. */
export function composeProviderAuthority(source: NoticeSource, reach: ServiceReach): Composed {
  const { obligation, notice } = source;
  const isSecond = providerForm(obligation.provision) === 'second';
  const part = notice.phase === 'initial' && isSecond ? 'second' : notice.phase;
  const template = `provider/authority-${part}`;
  const whole = composeAuthority(source, null, null);
  const authorityId = obligation.authority?.authorityId ?? '';
  const unknown = whole.content['unknown'] as readonly FactName[];
  const measures = whole.content['measures'];
  const isComplete = unknown.length === 0 && Array.isArray(measures) && measures.length > 0;
  return {
    template,
    groupKey: `${template} ${authorityId}`,
    content: {
      ...whole.content,
      ...provided(source),
      authority: {
        name: obligation.authority?.name ?? '',
        nativeName: authorityNamed(authorityId)?.nativeName ?? obligation.authority?.name ?? '',
        role: 'competent',
        languages: obligation.authority?.languages ?? [],
      },
      firstNotice: reach.firstNotice,
      incomplete: !isComplete,
      ...reached(source, reach),
    },
  };
}

/** What every notice of a provider says: under which law, and when it was detected. */
function provided({ affiliate, file, track }: NoticeSource): JsonObject {
  const { awareness } = track;
  const { detection } = file;
  return {
    kingdom: affiliate.country === 'GB',
    detection: {
      at: detection?.detectedAt ?? awareness.awareAt,
      zone: detection?.zone ?? awareness.zone,
      offsetMinutes: detection?.offsetMinutes ?? awareness.offsetMinutes,
      isRecorded: detection !== null,
    },
  };
}

function reached({ obligation, affiliate }: NoticeSource, reach: ServiceReach): JsonObject {
  const { exposures, owed, productNames, countries } = reach;
  const open = exposures.filter(({ grade }) => grade !== 'excluded');
  const [supplied, lines] = [
    open.filter((one) => one.wholesale),
    open.filter((one) => !one.wholesale),
  ];
  const products = [...new Set(open.flatMap(({ productKey }) => productKey ?? []))].sort();
  const notices = owed.filter(
    (one) => one.trackId === obligation.trackId && providerForm(one.provision) === 'subscriber',
  );
  const told = notices.filter(({ dispatchedAt }) => dispatchedAt !== null).length;
  const others = owed.filter(
    ({ authority, state, dispatchedAt }) =>
      authority !== null &&
      authority.authorityId !== obligation.authority?.authorityId &&
      (dispatchedAt !== null || state === 'owed'),
  );
  return {
    services: products.map((key) => productNames.get(key) ?? key),
    lineCount: lines.length,
    subscriberCount: distinctCustomers(lines),
    suppliedCount: distinctCustomers(supplied),
    suppliesOthers: supplied.length > 0,
    toldCount: told,
    subscribersTold: told > 0,
    subscribersPlanned: notices.some(({ state }) => state === 'owed'),
    subscribersUndecided: notices.some(({ state }) => state === 'to-decide'),
    otherAuthorities: [...new Set(others.flatMap(({ authority }) => authority?.name ?? []))].sort(),
    otherCountries: countries.filter((country) => country !== affiliate.country),
  };
}

function distinctCustomers(exposures: readonly Exposure[]): number {
  return new Set(exposures.flatMap(({ customerKey }) => customerKey ?? [])).size;
}

const natureFacts: readonly FactName[] = [
  'confidentiality.state',
  'exfiltration',
  'integrity.state',
  'availability.state',
  'actor',
  'data.categories',
];

/** The notice to one subscriber, about its own lines only: Annex II. */
export function composeSubscriber(source: ControllerSource): Composed {
  const whole = composeController(source);
  const facts = factReader(source.facts);
  const consequences = consequencesOf(facts);
  const template = `provider/subscriber-${source.notice.phase}`;
  const told = source.exposures.filter(({ grade }) => grade !== 'excluded');
  return {
    template,
    groupKey: template,
    content: {
      ...whole.content,
      ...provided(source),
      kind: 'data-subject',
      sections: told.map((exposure) => ({
        engagement: exposure.key,
        service: serviceOf(source, exposure),
        grade: exposure.grade,
      })),
      cleared: clearedOf(source),
      nature: natureFacts
        .map((name) => facts.said(name))
        .filter((fact) => !isUnknown(fact) && fact.value !== 'none'),
      consequences: consequences.length > 0 ? consequences : ['confidentiality-general'],
      advice: adviceOn(consequences),
    },
  };
}

/** The notice of a supplier to the provider that has the contract: its own services, as far as we see them. */
export function composeWholesale(source: ControllerSource): Composed {
  const whole = composeController(source);
  const template = `provider/wholesale-${source.notice.phase}`;
  return {
    template,
    groupKey: template,
    content: {
      ...whole.content,
      ...provided(source),
      isIncident: whole.content['standing'] === 'not-excluded',
    },
  };
}

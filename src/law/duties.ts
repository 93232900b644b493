/** Which provision of a regime carries each duty, so that a further regime is a row of data. */
import type { Instant } from '../domain/instant.ts';
import type { RecipientKind } from '../domain/obligation.ts';
import type { Provision, ProvisionId } from './provision.ts';
import { provisionInForce } from './provisions.ts';
import { regimeOf } from './regimes.ts';
import type { GeneralRegime } from './regimes.ts';

const duties: Readonly<Record<GeneralRegime, Readonly<Record<RecipientKind, ProvisionId>>>> = {
  'eu-gdpr': {
    authority: 'gdpr/33/1',
    controller: 'gdpr/33/2',
    'data-subject': 'gdpr/34/1',
    register: 'gdpr/33/5',
  },
  'uk-gdpr': {
    authority: 'uk-gdpr/33/1',
    controller: 'uk-gdpr/33/2',
    'data-subject': 'uk-gdpr/34/1',
    register: 'uk-gdpr/33/5',
  },
  'ch-fadp': {
    authority: 'ch-fadp/24/1',
    controller: 'ch-fadp/24/3',
    'data-subject': 'ch-fadp/24/4',
    register: 'ch-dpo/15/4',
  },
  'gi-gdpr': {
    authority: 'gi-gdpr/33/1',
    controller: 'gi-gdpr/33/2',
    'data-subject': 'gi-gdpr/34/1',
    register: 'gi-gdpr/33/5',
  },
  'im-gdpr': {
    authority: 'im-gdpr/33/1',
    controller: 'im-gdpr/33/2',
    'data-subject': 'im-gdpr/34/1',
    register: 'im-gdpr/33/5',
  },
  'gg-dpl': {
    authority: 'gg-dpl/42/1',
    controller: 'gg-dpl/41/processor',
    'data-subject': 'gg-dpl/43/1',
    register: 'gg-dpl/42/record',
  },
  'je-dpl': {
    authority: 'je-dpl/20/1',
    controller: 'je-dpl/20/processor',
    'data-subject': 'je-dpl/20/people',
    register: 'je-dpl/20/record',
  },
};

/** The text that carries a duty for an affiliate on the day of awareness; null where none was in force. */
export function dutyInForce(
  kind: RecipientKind,
  affiliate: { readonly country: string; readonly zone: string },
  awareAt: Instant,
): Provision | null {
  return provisionInForce(duties[regimeOf(affiliate.country)][kind], awareAt, affiliate.zone);
}

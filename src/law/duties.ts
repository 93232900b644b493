/** Which provision of a regime carries each duty, so that a further regime is a row of data. */
import type { Instant } from '../domain/instant.ts';
import type { RecipientKind } from '../domain/obligation.ts';
import type { Provision, ProvisionId } from './provision.ts';
import { provisionInForce } from './provisions.ts';
import { regimeOf } from './regimes.ts';
import type { Regime } from './regimes.ts';

const duties: Readonly<Record<Regime, Readonly<Record<RecipientKind, ProvisionId>>>> = {
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
};

/** The text that carries a duty for an affiliate on the day of awareness; null where none was in force. */
export function dutyInForce(
  kind: RecipientKind,
  affiliate: { readonly country: string; readonly zone: string },
  awareAt: Instant,
): Provision | null {
  return provisionInForce(duties[regimeOf(affiliate.country)][kind], awareAt, affiliate.zone);
}

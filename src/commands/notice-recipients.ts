/** Who a version goes to: addresses as they stand when it is frozen, exact duplicates merged, unusable ones counted. */
import { assertNever } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import type { Store } from '../domain/ports.ts';
import { foldedAddress, isPlainAddress, plainText } from '../ledger/plain-text.ts';
import type { Draft } from './compose-notice.ts';

interface Recipient {
  readonly recipientKey: string;
  readonly address: string;
  /** Languages the reader takes. */
  readonly languages: readonly string[];
  readonly merge: Readonly<Record<string, string>>;
}

export interface Recipients {
  /** By recipient key. */
  readonly list: readonly Recipient[];
  /** Keys whose address no mail can carry. */
  readonly unusable: readonly string[];
  /** Exact duplicates left out. */
  readonly merged: number;
  /** True when only those are in it whom an earlier version did not reach. */
  readonly corrects: boolean;
}

interface RecipientDeps {
  /** Told now and then while many people are read. */
  readonly onProgress?: () => void;
}

const pageSize = 500;
const drillDomain = 'authorities.example';

/** The recipients by mail, or null when only a person may carry this notice to its recipient. */
export async function recipientsOf(
  store: Store,
  notice: Notice,
  draft: Draft,
  deps: RecipientDeps,
): Promise<Recipients | null> {
  if (notice.channel === 'portal') return null;
  const found = await catalogued(store, notice, draft, deps);
  if (found === null) return null;
  const corrections = await store.notices.corrections(notice.noticeId);
  // Once something has left, only those with a corrected address get anything from a further version.
  const corrects = corrections.size > 0 && (await store.notices.mayHaveLeft(notice.noticeId));
  const { list, unusable, merged } = gather(
    found.all.map((one) => ({
      ...one,
      address: corrections.get(one.recipientKey) ?? one.address,
    })),
  );
  return {
    list: corrects ? list.filter((one) => corrections.has(one.recipientKey)) : list,
    unusable,
    merged: merged + found.merged,
    corrects,
  };
}

interface Catalogued {
  readonly all: readonly Recipient[];
  /** Left out because an earlier part went to the same address. */
  readonly merged: number;
}

/** Everybody the notice is for, as the catalogue has them. */
async function catalogued(
  store: Store,
  notice: Notice,
  draft: Draft,
  deps: RecipientDeps,
): Promise<Catalogued | null> {
  if (isToThoseReached(notice)) return reachedRecipients(store, draft);
  switch (notice.recipientKind) {
    case 'authority':
      return authorityRecipient(store, draft);
    case 'controller':
      return controllerRecipient(store, draft);
    case 'data-subject':
      // A subscriber is a customer, with the contact of its contract.
      if (draft.exposures.length > 0) return controllerRecipient(store, draft);
      return subjectRecipients(store, notice, draft, deps);
    default:
      return assertNever(notice.recipientKind);
  }
}

/** The languages of the one who reads what a person carries to a portal. */
export function portalLanguages({ obligation, exposures }: Draft): readonly string[] {
  const contact = exposures.find((row) => row.contact !== null)?.contact ?? null;
  return obligation.authority?.languages ?? (contact === null ? [] : [contact.language]);
}

async function authorityRecipient(
  store: Store,
  { obligation, file }: Draft,
): Promise<Catalogued | null> {
  const { authority } = obligation;
  if (authority === null) return null;
  const drillAddress = `${authority.authorityId.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}@${drillDomain}`;
  const address =
    file.mode === 'drill'
      ? drillAddress
      : await store.readiness.confirmedAddress(authority.authorityId);
  if (address === null) return null;
  const { authorityId: recipientKey, languages } = authority;
  return { all: [{ recipientKey, address, languages, merge: {} }], merged: 0 };
}

async function controllerRecipient(store: Store, draft: Draft): Promise<Catalogued | null> {
  const { obligation, file, exposures } = draft;
  const contact = exposures.find((row) => row.contact !== null)?.contact ?? null;
  if (contact === null) return null;
  const customer = await store.notices.customer(
    obligation.recipientKey,
    file.catalogueVersion ?? 0,
  );
  if (file.mode === 'real' && customer?.confirmed !== true) return null;
  const { recipientKey } = obligation;
  const languages = [contact.language];
  return { all: [{ recipientKey, address: contact.email, languages, merge: {} }], merged: 0 };
}

// A later notice to people, and any withdrawal, goes where the earlier one went: to nobody else, by the same address.
function isToThoseReached({ phase, recipientKind }: Notice): boolean {
  return phase === 'withdrawal' || (phase !== 'initial' && recipientKind === 'data-subject');
}

async function reachedRecipients(store: Store, { obligation }: Draft): Promise<Catalogued> {
  const rows = await store.followUps.reached(obligation.obligationId);
  const all = rows.map(({ language, ...row }) => ({ ...row, languages: [language] }));
  return { all, merged: 0 };
}

async function subjectRecipients(
  store: Store,
  notice: Notice,
  { file, obligation, processingKey }: Draft,
  { onProgress }: RecipientDeps,
): Promise<Catalogued> {
  const before =
    notice.part === 1
      ? []
      : await store.followUps.addressed(obligation.obligationId, notice.noticeId);
  const all: Recipient[] = [];
  for (let after: string | null = null; ;) {
    const page = await store.notices.subjects(file.caseId, processingKey, after, pageSize);
    onProgress?.();
    for (const person of page) {
      const merge = { name: plainText(person.name) };
      all.push({
        recipientKey: person.subjectKey,
        address: person.email,
        languages: [person.language],
        merge,
      });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return withoutTold(all, before);
    after = last.subjectKey;
  }
}

/** Whoever an earlier part went to is left out, by key and by address. */
function withoutTold(
  all: readonly Recipient[],
  told: readonly { readonly recipientKey: string; readonly address: string }[],
): Catalogued {
  const keys = new Set(told.map(({ recipientKey }) => recipientKey));
  const addresses = new Set(told.map(({ address }) => foldedAddress(address)));
  const added = all.filter(({ recipientKey }) => !keys.has(recipientKey));
  const fresh = added.filter(({ address }) => !addresses.has(foldedAddress(address.trim())));
  return { all: fresh, merged: added.length - fresh.length };
}

function gather(all: readonly Recipient[]): Omit<Recipients, 'corrects'> {
  const byAddress = new Map<string, Recipient>();
  const unusable: string[] = [];
  for (const recipient of all) {
    const address = recipient.address.trim();
    if (!isPlainAddress(address)) {
      unusable.push(recipient.recipientKey);
    } else if (!byAddress.has(foldedAddress(address))) {
      byAddress.set(foldedAddress(address), { ...recipient, address });
    }
  }
  const list = [...byAddress.values()].sort((one, other) =>
    one.recipientKey < other.recipientKey ? -1 : 1,
  );
  return { list, unusable, merged: all.length - unusable.length - list.length };
}

/** Reads what a notice is made from and composes it for its kind of recipient. */
import type { CaseFile, Exposure } from '../domain/case.ts';
import { caseTimeAt } from '../domain/instant.ts';
import { assertNever } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Affiliate, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { plainJson } from '../ledger/plain-text.ts';
import { composeAuthority } from './compose-authority.ts';
import type { Composed, NoticeSource } from './compose-common.ts';
import { composeController } from './compose-controller.ts';
import { composeDataSubject } from './compose-data-subject.ts';
import { knownFacts } from './known-facts.ts';

/** A composed notice with what freezing it needs besides. */
export interface Draft {
  readonly composed: Composed;
  readonly file: CaseFile;
  readonly obligation: Obligation;
  readonly affiliate: Affiliate;
  /** The own processing a controller's track is about; empty for none. */
  readonly processingKey: string;
  /** Of this customer, excluded ones left out; empty for other recipients. */
  readonly exposures: readonly Exposure[];
  /** Texts of other customers, none of which may stand in a notice to this one. */
  readonly foreign: readonly string[];
}

/** Composes a notice from the rows as they stand; refused where the case or the catalogue lacks what it needs. */
export async function composeNotice(
  store: Store,
  notice: Notice,
  addition: string | null,
): Promise<Outcome<Draft>> {
  const file = await store.cases.read(notice.caseId);
  const obligation = await store.obligations.lock(notice.obligationId);
  if (file === null || obligation === null) return refuse('not-found', 'No such notice.');
  if (obligation.state !== 'owed') {
    return refuse(
      'conflict',
      `The obligation is "${obligation.state}", not owed: decide it first.`,
    );
  }
  const version = file.catalogueVersion ?? 0;
  const tracks = await store.cases.tracks(file.caseId);
  const track = tracks.find((row) => row.trackId === obligation.trackId);
  const affiliates = await store.cases.affiliates(version);
  const affiliate = affiliates.find((row) => row.key === obligation.affiliateKey);
  if (track === undefined || affiliate === undefined) {
    return refuse('conflict', 'The catalogue does not know the affiliate of this obligation.');
  }
  const source: NoticeSource = {
    notice,
    file,
    obligation,
    track,
    affiliate,
    facts: await knownFacts(store, file, track),
    writtenAt: caseTimeAt(file.clock, await store.house.now()),
    addition,
  };
  const kind = await composeFor(store, source, version);
  if (!kind.ok) return kind;
  const { composed, ...rest } = kind.value;
  const content = plainJson(composed.content);
  const processingKey = track.processingKey;
  return done({
    composed: { ...composed, content },
    file,
    obligation,
    affiliate,
    processingKey,
    ...rest,
  });
}

type OfKind = Pick<Draft, 'composed' | 'exposures' | 'foreign'>;

async function composeFor(
  store: Store,
  source: NoticeSource,
  version: number,
): Promise<Outcome<OfKind>> {
  const { recipientKind } = source.notice;
  if (source.notice.phase !== 'initial') {
    return refuse('conflict', `There is no wording yet for the phase "${source.notice.phase}".`);
  }
  const processings = await store.cases.processings(version);
  const processing = processings.find((row) => row.key === source.track.processingKey) ?? null;
  switch (recipientKind) {
    case 'authority':
      if (source.obligation.authority === null) {
        return refuse('conflict', 'No authority is named for this obligation yet.');
      }
      return done({ composed: composeAuthority(source, processing), exposures: [], foreign: [] });
    case 'data-subject':
      if (processing === null) {
        return refuse(
          'conflict',
          'The catalogue holds no people for this obligation: tell them by another channel.',
        );
      }
      return done({ composed: composeDataSubject(source, processing), exposures: [], foreign: [] });
    case 'controller':
      return forController(store, source, version);
    default:
      return assertNever(recipientKind);
  }
}

async function forController(
  store: Store,
  source: NoticeSource,
  version: number,
): Promise<Outcome<OfKind>> {
  const customerKey = source.obligation.recipientKey;
  const all = await store.cases.exposures(source.file.caseId);
  const keys = new Set(source.obligation.engagementKeys);
  const exposures = all.filter(
    (row) => row.customerKey === customerKey && keys.has(row.key) && row.grade !== 'excluded',
  );
  const contact = exposures.find((row) => row.contact !== null)?.contact ?? null;
  const customer = await store.notices.customer(customerKey, version);
  if (contact === null || customer === null) {
    return refuse('conflict', 'No exposed engagement of this customer has a breach contact.');
  }
  const products = exposures.flatMap((row) => row.productKey ?? []);
  const composed = composeController({
    ...source,
    customerName: customer.name,
    contactName: contact.name,
    exposures,
    productNames: await store.notices.productNames(products, version),
  });
  return done({
    composed,
    exposures,
    foreign: await foreignTexts(store, all, customerKey, version),
  });
}

async function foreignTexts(
  store: Store,
  all: readonly Exposure[],
  customerKey: string,
  version: number,
): Promise<string[]> {
  const others = all.filter((row) => row.customerKey !== null && row.customerKey !== customerKey);
  const keys = [...new Set(others.flatMap((row) => row.customerKey ?? []))];
  const names = await store.cases.customerNames(keys, version);
  const own = new Set(
    all
      .filter((row) => row.customerKey === customerKey)
      .flatMap((row) => [row.contact?.email, row.contact?.name, row.serviceReference]),
  );
  const rest = others.flatMap((row) => [
    row.contact?.email,
    row.contact?.name,
    row.serviceReference,
  ]);
  return [...new Set([...names.values(), ...rest])].filter(
    (text): text is string => typeof text === 'string' && text.length >= 4 && !own.has(text),
  );
}

/** The first text of another customer that stands, as words of its own, in a notice; null for none. */
export function findForeign(
  text: string,
  foreign: readonly string[],
  own: readonly string[],
): string | null {
  const shown = own.reduce((rest, mine) => rest.replaceAll(mine, ' '), text);
  const found = foreign.find((other) => {
    for (let at = shown.indexOf(other); at !== -1; at = shown.indexOf(other, at + 1)) {
      const before = at === 0 ? ' ' : shown.charAt(at - 1);
      const after = shown.charAt(at + other.length) || ' ';
      if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
    }
    return false;
  });
  return found ?? null;
}

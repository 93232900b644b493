/** Reads what a notice is made from and composes it for its kind of recipient. */
import type { CaseFile, Exposure } from '../domain/case.ts';
import { caseTimeAt } from '../domain/instant.ts';
import { assertNever } from '../domain/json.ts';
import { mayLeaveUnder, type Notice } from '../domain/notice.ts';
import type { Obligation } from '../domain/obligation.ts';
import type { Affiliate, Processing, Store } from '../domain/ports.ts';
import { done, refuse, type Outcome } from '../domain/problem.ts';
import { plainJson } from '../ledger/plain-text.ts';
import { composeAuthority, type GroupSaid } from './compose-authority.ts';
import { referenceOf, type Composed, type Earlier, type NoticeSource } from './compose-common.ts';
import { composeController, type ControllerSource } from './compose-controller.ts';
import { composeDataSubject } from './compose-data-subject.ts';
import { withChanges } from './compose-follow-up.ts';
import {
  composeProviderAuthority,
  composeSubscriber,
  composeWholesale,
  providerForm,
} from './compose-provider.ts';
import { composeWithdrawal } from './compose-withdrawal.ts';
import { knownFacts } from './known-facts.ts';
import { serviceReach } from './service-reach.ts';

/** A composed notice with what freezing it needs besides. */
export interface Draft {
  readonly composed: Composed;
  readonly file: CaseFile;
  readonly obligation: Obligation;
  readonly affiliate: Affiliate;
  /** The own processing a controller's track is about; empty for none. */
  readonly processingKey: string;
  /** Of this customer; in the first notice excluded ones are left out. Empty for other recipients. */
  readonly exposures: readonly Exposure[];
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
  if (!mayLeaveUnder(notice, obligation.state)) {
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
    finding: await store.followUps.finding(file.caseId),
    earlier: await earlierOf(store, notice, file, obligation),
  };
  if (notice.phase !== 'initial' && source.earlier === null) {
    return refuse('conflict', 'Nothing that this notice could follow has left.');
  }
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

type OfKind = Pick<Draft, 'composed' | 'exposures'>;

async function composeFor(
  store: Store,
  source: NoticeSource,
  version: number,
): Promise<Outcome<OfKind>> {
  const { recipientKind, phase } = source.notice;
  const processings = await store.cases.processings(version);
  const processing = processings.find((row) => row.key === source.track.processingKey) ?? null;
  switch (recipientKind) {
    case 'authority':
      if (source.obligation.authority === null) {
        return refuse('conflict', 'No authority is named for this obligation yet.');
      }
      return done(alone(await toAuthority(store, source, processing)));
    case 'data-subject':
      if (providerForm(source.obligation.provision) === 'subscriber')
        return forCustomer(store, source, version);
      if (processing === null) {
        return refuse(
          'conflict',
          'The catalogue holds no people for this obligation: tell them by another channel.',
        );
      }
      return done(
        alone(
          phase === 'withdrawal'
            ? composeWithdrawal(source, {})
            : followed(source, composeDataSubject(source, processing)),
        ),
      );
    case 'controller':
      return forCustomer(store, source, version);
    default:
      return assertNever(recipientKind);
  }
}

/** The first notice that still stands; null before it has left. */
async function earlierOf(
  store: Store,
  notice: Notice,
  file: CaseFile,
  { obligationId, dispatchedAt }: Obligation,
): Promise<Earlier | null> {
  if (notice.phase === 'initial' || dispatchedAt === null) return null;
  const told = await store.followUps.told(obligationId);
  if (told === null) return null;
  const reference = referenceOf(file.reference, told.firstNoticeId);
  return { told, reference, sentAt: dispatchedAt };
}

function followed(source: NoticeSource, composed: Composed): Composed {
  const { notice, earlier, finding } = source;
  return earlier === null ? composed : withChanges(composed, notice, earlier, finding);
}

function alone(composed: Composed): OfKind {
  return { composed, exposures: [] };
}

async function toAuthority(
  store: Store,
  source: NoticeSource,
  processing: Processing | null,
): Promise<Composed> {
  const { caseId } = source.file;
  const people =
    processing === null ? null : await store.cases.subjectCount(caseId, processing.key);
  const whole =
    providerForm(source.obligation.provision) === null
      ? composeAuthority(
          source,
          processing,
          people === 0 ? null : people,
          await groupsSaid(store, source),
        )
      : composeProviderAuthority(source, await serviceReach(store, source));
  if (source.notice.phase !== 'withdrawal') return followed(source, whole);
  return composeWithdrawal(source, { authority: whole.content['authority'] ?? null });
}

/** The groups of the newest assessment of the notice's track. */
async function groupsSaid(
  store: Store,
  { file, track }: NoticeSource,
): Promise<readonly GroupSaid[]> {
  const newest = (await store.assessments.ofCase(file.caseId)).find(
    ({ trackId }) => trackId === track.trackId,
  );
  return (newest?.groups ?? []).map(({ name, people, result }) => ({
    ...{ name, people, risk: result.riskLevel ?? 'unlikely' },
  }));
}

async function forCustomer(
  store: Store,
  source: NoticeSource,
  version: number,
): Promise<Outcome<OfKind>> {
  const customerKey = source.obligation.recipientKey;
  const theirs = await store.cases.exposures(source.file.caseId, customerKey);
  const exposures = exposuresOf(source, theirs);
  const contact = exposures.find((row) => row.contact !== null)?.contact ?? null;
  const customer = await store.notices.customer(customerKey, version);
  if (contact === null || customer === null) {
    return refuse('conflict', 'No exposed engagement of this customer has a breach contact.');
  }
  const products = exposures.flatMap((row) => row.productKey ?? []);
  const to = { customer: { name: customer.name, contactName: contact.name } };
  const composed =
    source.notice.phase === 'withdrawal'
      ? composeWithdrawal(source, to, 'controller')
      : followed(
          source,
          composeForCustomer(source)({
            ...source,
            customerName: customer.name,
            contactName: contact.name,
            exposures,
            productNames: await store.notices.productNames(products, version),
          }),
        );
  return done({ composed, exposures });
}

function composeForCustomer({ obligation }: NoticeSource): (source: ControllerSource) => Composed {
  switch (providerForm(obligation.provision)) {
    case 'subscriber':
      return composeSubscriber;
    case 'wholesale':
      return composeWholesale;
    case 'authority':
    case 'second':
    case null:
      return composeController;
  }
}

// What left stays as it was; a later notice takes in every engagement this customer has in the case by now.
function exposuresOf(source: NoticeSource, theirs: readonly Exposure[]): readonly Exposure[] {
  const { affiliateKey, engagementKeys, provision } = source.obligation;
  const form = providerForm(provision);
  if (source.earlier !== null && form !== null) {
    const isSupplied = form === 'wholesale';
    return theirs.filter((row) => row.providerKey === affiliateKey && row.wholesale === isSupplied);
  }
  if (source.earlier !== null) {
    return theirs.filter((row) => row.affiliateKey === affiliateKey && row.role === 'processor');
  }
  return theirs.filter((row) => engagementKeys.includes(row.key) && row.grade !== 'excluded');
}

/** The first text of another customer that stands, as words of its own, in a notice; null for none. */
export function findForeign(text: string, foreign: readonly string[]): string | null {
  const found = foreign.find((other) => {
    for (let at = text.indexOf(other); at !== -1; at = text.indexOf(other, at + 1)) {
      const before = at === 0 ? ' ' : text.charAt(at - 1);
      const after = text.charAt(at + other.length) || ' ';
      if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) return true;
    }
    return false;
  });
  return found ?? null;
}

/** Makes the documents of a filing pack when its notice is frozen: JSON, text, HTML and, where there is a printer, PDF. */
import type { NamedBytes } from '../domain/documents.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Notice } from '../domain/notice.ts';
import type { Wording } from '../domain/notice-ports.ts';
import type { Store } from '../domain/ports.ts';
import type { StandingReadiness } from '../domain/readiness.ts';
import { canonicalJson } from '../register/canonical.ts';
import { factReader } from './compose-common.ts';
import type { Draft } from './compose-notice.ts';
import { packOf } from './filing-pack.ts';
import { languageFor } from './notice-languages.ts';
import { portalLanguages } from './notice-recipients.ts';

/** Prints a filing pack; the only place that knows how a PDF is made. */
type PackPrinter = (pack: JsonObject) => Promise<Uint8Array>;

export interface PackDeps {
  readonly wording: Wording;
  /** Absent: packs have no PDF. */
  readonly printPack?: PackPrinter;
}

const packTemplate = 'filing/pack';

/** The documents of a pack, in the language of the notice. */
export async function freezePack(
  store: Store,
  { wording, printPack }: PackDeps,
  notice: Notice,
  draft: Draft,
): Promise<readonly NamedBytes[]> {
  const worded = wording.languages(packTemplate);
  const language = languageFor({ languages: portalLanguages(draft) }, worded);
  const pack = await composePack(store, wording, notice, draft, language);
  const { text, html } = wording.render(packTemplate, language, pack);
  const documents = [
    named('filing-pack.json', 'application/json', canonicalJson(pack)),
    named('filing-pack.txt', 'text/plain', text),
    named('filing-pack.html', 'text/html', html),
  ];
  if (printPack === undefined) return documents;
  const bytes = await printPack(pack);
  return [...documents, { name: 'filing-pack.pdf', mediaType: 'application/pdf', bytes }];
}

function named(name: string, mediaType: string, text: string): NamedBytes {
  return { name, mediaType, bytes: Buffer.from(text, 'utf8') };
}

async function composePack(
  store: Store,
  wording: Wording,
  notice: Notice,
  { file, obligation, affiliate, processingKey, composed }: Draft,
  language: string,
): Promise<JsonObject> {
  const authorityId = obligation.authority?.authorityId ?? '';
  const track = (await store.cases.tracks(file.caseId)).find(
    (one) => one.trackId === obligation.trackId,
  );
  if (track === undefined) throw new Error('the obligation has no track');
  const processings = await store.cases.processings(file.catalogueVersion ?? 0);
  const facts = await store.cases.currentFacts(file.caseId);
  const record = standingOf(await store.readiness.standing(), authorityId, affiliate.key);
  const source = {
    notice,
    file,
    obligation,
    track,
    affiliate,
    processing: processings.find(({ key }) => key === processingKey) ?? null,
    facts: factReader(facts, ...(processingKey === '' ? [] : [processingKey])),
    content: composed.content,
    owed: await store.obligations.ofCase(file.caseId),
    previousReference: await store.notices.authorityReference(file.caseId, authorityId),
    plan: await store.readiness.plan(authorityId, affiliate.key),
    filerName: record?.eidHolderName ?? record?.accountHolderName ?? null,
    speech: wording.speech(language),
  };
  return packOf(source, record, language);
}

function standingOf(
  records: readonly StandingReadiness[],
  authorityId: string,
  affiliateKey: string,
): StandingReadiness | null {
  const ofAuthority = records.filter((one) => one.authorityId === authorityId);
  return (
    ofAuthority.find((one) => one.affiliateKey === affiliateKey) ??
    ofAuthority.find((one) => one.affiliateKey === null) ??
    null
  );
}

/** Renders a draft once and fixes its bytes: segments, each row's digest, and the one digest an approval covers. */
import { createHash } from 'node:crypto';
import type { NamedBytes } from '../domain/documents.ts';
import type { Instant } from '../domain/instant.ts';
import type { JsonObject } from '../domain/json.ts';
import type {
  FrozenRecipient,
  FrozenVariant,
  NewVersion,
  Wording,
} from '../domain/notice-ports.ts';
import type { Notice } from '../domain/notice.ts';
import { messageIdOf } from '../ledger/message-id.ts';
import { assemble, encodeVariant, encoderName, mimeSha256, showSlots } from '../ledger/mime.ts';
import { canonicalJson } from '../register/canonical.ts';
import { leafHash, merkleRoot } from '../register/merkle.ts';
import type { Draft } from './compose-notice.ts';
import { countLanguages, languageFor, type LanguageCount } from './notice-languages.ts';
import { portalLanguages, type Recipients } from './notice-recipients.ts';

/** The policy of approvals a digest was made under. */
const policyVersion = 'approval-policy/1';

export interface FreezeInput {
  readonly notice: Notice;
  readonly draft: Draft;
  /** Null when a person carries the notice to a portal. */
  readonly recipients: Recipients | null;
  readonly author: string;
  /** A subject a person wrote instead of the template's; already checked. */
  readonly subject: string | null;
  /** The filing pack, where a person files at an authority. */
  readonly documents: readonly NamedBytes[];
  /** Wall time of the freeze. */
  readonly frozenAt: Instant;
}

/** Everything of a new version, ready to be stored. Throws if the wording lacks a value or the sender cannot send. */
export function freezeVersion(
  input: FreezeInput,
  wording: Wording,
  noticeIdKey: Uint8Array,
): { readonly version: NewVersion; readonly languages: LanguageCount } {
  const { notice, draft, recipients, author } = input;
  const { composed, file, obligation, affiliate } = draft;
  const readers = recipients?.list ?? [{ languages: portalLanguages(draft) }];
  const worded = wording.languages(composed.template);
  const used = [...new Set(readers.map((reader) => languageFor(reader, worded)))].sort();
  const { variants, content } = renderVariants(input, wording, used);
  const languages = countLanguages(readers, worded);
  const words = { variants, worded, noticeIdKey };
  const rows = recipients === null ? [] : freezeRows(input, recipients, words);
  const recipientRoot = merkleRoot(
    recipients === null
      ? [leafHash(bytesOf({ channel: 'portal', recipientKey: obligation.recipientKey }))]
      : rows.map(leafOf),
  );
  const recipientCount = recipients === null ? 1 : rows.length;
  const transport = file.mode === 'drill' ? 'sandbox' : 'relay';
  const digestInput = canonicalJson({
    v: 1,
    noticeId: notice.noticeId,
    version: notice.version + 1,
    phase: notice.phase,
    caseId: notice.caseId,
    variants: Object.fromEntries(
      variants.map((variant) => [variant.language, variantSha256(variant)]),
    ),
    from: `${affiliate.name} <${affiliate.senderAddress}>`,
    replyTo: affiliate.dpoEmail,
    recipients: { count: recipientCount, root: hex(recipientRoot) },
    channel: notice.channel,
    transport: recipients === null ? 'portal' : transport,
    encoder: encoderName,
    policyVersion,
    ...(input.documents.length === 0 ? {} : { documents: documentDigests(input.documents) }),
  });
  const version: NewVersion = {
    notice,
    author,
    sender: affiliate.senderAddress,
    subject: subjectOf(variants),
    content: {
      ...content,
      recipients: {
        merged: recipients?.merged ?? 0,
        unusable: recipients?.unusable.length ?? 0,
        ...languages,
      },
    },
    groupKey: `${composed.groupKey} ${used.join('+')}`,
    digest: createHash('sha256').update(digestInput, 'utf8').digest(),
    digestInput,
    recipientRoot,
    factsVersion: file.factsVersion,
    encoder: encoderName,
    transport,
    variants,
    recipientCount,
    recipients: rows,
    documents: input.documents,
    corrects: recipients?.corrects ?? false,
  };
  return { version, languages };
}

/** A list shows one subject: the English one where there is one. */
function subjectOf(variants: readonly FrozenVariant[]): string {
  const shown = variants.find(({ language }) => language === 'en') ?? variants[0];
  if (shown === undefined) throw new Error('a version has no words');
  return shown.subject;
}

// A subject or an addition that a person wrote stands in every language as written; the reviewers see them all.
function renderVariants(
  { notice, draft, subject: edited, frozenAt }: FreezeInput,
  wording: Wording,
  languages: readonly string[],
): { variants: FrozenVariant[]; content: JsonObject } {
  const { template, content } = draft.composed;
  const worded = languages.map((language) => wording.render(template, language, content));
  const variants = worded.map(({ language, templateSha256, text, html, ...words }) => {
    const subject = edited ?? words.subject;
    const head = {
      fromName: draft.affiliate.name,
      fromAddress: draft.affiliate.senderAddress,
      replyTo: draft.affiliate.dpoEmail,
      subject,
      date: frozenAt,
      noticeId: notice.noticeId,
      language,
    };
    const segments = encodeVariant(head, text, html);
    return { language, template, templateSha256, subject, textBody: showSlots(text), segments };
  });
  return { variants, content: { ...content, subjectEdited: edited } };
}

function freezeRows(
  { notice, draft }: FreezeInput,
  recipients: Recipients,
  words: {
    readonly variants: readonly FrozenVariant[];
    readonly worded: readonly string[];
    readonly noticeIdKey: Uint8Array;
  },
): FrozenRecipient[] {
  const byLanguage = new Map(
    words.variants.map((variant) => {
      const content = { version: notice.version + 1, variant: variantSha256(variant) };
      return [variant.language, { variant, contentSha256: hex(sha256(bytesOf(content))) }];
    }),
  );
  const domain = draft.affiliate.senderAddress.replace(/^.*@/, '');
  return recipients.list.map(({ languages, ...recipient }) => {
    const language = languageFor({ languages }, words.worded);
    const own = byLanguage.get(language);
    if (own === undefined) throw new Error(`there is no variant in ${language}`);
    const { noticeId } = notice;
    const { recipientKey, merge, address } = recipient;
    const row = { noticeId, recipientKey, contentSha256: own.contentSha256, resendNo: 0 };
    const messageId = messageIdOf(words.noticeIdKey, row, domain);
    const mime = assemble(own.variant.segments, merge, address, messageId);
    const mimeBytes = mime.length;
    return { ...recipient, language, messageId, mimeSha256: mimeSha256(mime), mimeBytes };
  });
}

// The Message-ID is a MAC nobody can guess: it salts the leaf, so the root gives no address away.
function leafOf(row: FrozenRecipient): Uint8Array {
  const { recipientKey, address, language, messageId, mimeSha256: digest, mimeBytes } = row;
  return leafHash(
    bytesOf({ recipientKey, address, language, messageId, mimeSha256: hex(digest), mimeBytes }),
  );
}

function documentDigests(documents: readonly NamedBytes[]): JsonObject {
  return Object.fromEntries(documents.map(({ name, bytes }) => [name, hex(sha256(bytes))]));
}

function variantSha256({ subject, textBody, segments }: FrozenVariant): string {
  return hex(sha256(bytesOf({ subject, textBody, segments })));
}

function bytesOf(value: JsonObject): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

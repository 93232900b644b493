/** Renders a draft once and fixes its bytes: segments, each row's digest, and the one digest an approval covers. */
import { createHash } from 'node:crypto';
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
import type { Recipients } from './notice-recipients.ts';

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
  /** Wall time of the freeze. */
  readonly frozenAt: Instant;
}

/** Everything of a new version, ready to be stored. Throws if the wording lacks a value or the sender cannot send. */
export function freezeVersion(
  input: FreezeInput,
  wording: Wording,
  noticeIdKey: Uint8Array,
): NewVersion {
  const { notice, draft, recipients, author } = input;
  const { composed, file, obligation, affiliate } = draft;
  const rendered = renderVariant(input, wording);
  const { variant, content } = rendered;
  const rows = recipients === null ? [] : freezeRows(input, recipients, variant, noticeIdKey);
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
    variants: { [variant.language]: variantSha256(variant) },
    from: `${affiliate.name} <${affiliate.senderAddress}>`,
    replyTo: affiliate.dpoEmail,
    recipients: { count: recipientCount, root: hex(recipientRoot) },
    channel: notice.channel,
    transport: recipients === null ? 'portal' : transport,
    encoder: encoderName,
    policyVersion,
  });
  return {
    notice,
    author,
    sender: affiliate.senderAddress,
    subject: variant.subject,
    content,
    groupKey: `${composed.groupKey} ${variant.language}`,
    digest: createHash('sha256').update(digestInput, 'utf8').digest(),
    digestInput,
    recipientRoot,
    factsVersion: file.factsVersion,
    encoder: encoderName,
    transport,
    variants: [variant],
    recipientCount,
    recipients: rows,
  };
}

// English is the only language there is: who asked for another one is noted for the reviewer.
function renderVariant(
  input: FreezeInput,
  wording: Wording,
): { variant: FrozenVariant; content: JsonObject } {
  const { notice, draft, recipients } = input;
  const { template, content } = draft.composed;
  const wanted = recipients?.list[0]?.language ?? 'en';
  const words = wording.render(template, wanted, content);
  const subject = input.subject ?? words.subject;
  const head = {
    fromName: draft.affiliate.name,
    fromAddress: draft.affiliate.senderAddress,
    replyTo: draft.affiliate.dpoEmail,
    subject,
    date: input.frozenAt,
    noticeId: notice.noticeId,
    language: words.language,
  };
  return {
    variant: {
      language: words.language,
      template,
      templateSha256: words.templateSha256,
      subject,
      textBody: showSlots(words.text),
      segments: encodeVariant(head, words.text, words.html),
    },
    content: {
      ...content,
      subjectEdited: input.subject,
      wordingReviewed: words.reviewed,
      recipients: {
        merged: recipients?.merged ?? 0,
        unusable: recipients?.unusable.length ?? 0,
        languagesWanted: countLanguages(recipients),
        languageUsed: words.language,
      },
    },
  };
}

function countLanguages(recipients: Recipients | null): JsonObject {
  const counts: Record<string, number> = {};
  for (const { language } of recipients?.list ?? []) counts[language] = (counts[language] ?? 0) + 1;
  return counts;
}

function freezeRows(
  { notice, draft }: FreezeInput,
  recipients: Recipients,
  variant: FrozenVariant,
  noticeIdKey: Uint8Array,
): FrozenRecipient[] {
  const contentSha256 = hex(
    sha256(bytesOf({ version: notice.version + 1, variant: variantSha256(variant) })),
  );
  const domain = draft.affiliate.senderAddress.replace(/^.*@/, '');
  return recipients.list.map((recipient) => {
    const row = {
      noticeId: notice.noticeId,
      recipientKey: recipient.recipientKey,
      contentSha256,
      resendNo: 0,
    };
    const messageId = messageIdOf(noticeIdKey, row, domain);
    const mime = assemble(variant.segments, recipient.merge, recipient.address, messageId);
    return {
      ...recipient,
      language: variant.language,
      messageId,
      mimeSha256: mimeSha256(mime),
      mimeBytes: mime.length,
    };
  });
}

// The Message-ID is a MAC nobody can guess: it salts the leaf, so the root gives no address away.
function leafOf(row: FrozenRecipient): Uint8Array {
  const { recipientKey, address, language, messageId, mimeSha256: digest, mimeBytes } = row;
  return leafHash(
    bytesOf({ recipientKey, address, language, messageId, mimeSha256: hex(digest), mimeBytes }),
  );
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

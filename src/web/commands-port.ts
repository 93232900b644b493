/** The commands as the edge asks for them; each runs in one transaction with rights and key checked first. */
import type { Answer, Request } from '../commands/command.ts';
import type { CaseState, Certainty, Determination, Grade, HitKind } from '../domain/case.ts';
import type { Instant } from '../domain/instant.ts';
import type { JsonValue } from '../domain/json.ts';
import type { NoticeState } from '../domain/notice.ts';
import type { ObligationState } from '../domain/obligation.ts';
import type { House } from '../domain/ports.ts';

export interface Hit {
  readonly kind: HitKind;
  readonly key: string;
}

export interface FactInput {
  readonly about: string;
  readonly name: string;
  readonly value: JsonValue;
  readonly certainty: Certainty;
  readonly source: string;
  readonly observedAt: Instant | null;
}

export interface OpenCaseInput {
  readonly caseId: string;
  readonly title: string;
  readonly description: string;
  readonly mode: 'real' | 'drill' | null;
  readonly speed: number;
  readonly unit: string | null;
  readonly receivedAt: Instant | null;
  readonly detectedAt: Instant | null;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly source: string;
  readonly externalId: string | null;
  readonly hits: readonly Hit[];
  readonly facts: readonly FactInput[];
}

export interface OpenedCase {
  readonly caseId: string;
  readonly reference: string;
  readonly state: CaseState;
  readonly awareAt: Instant;
  readonly reportedLate: boolean;
  readonly created: boolean;
}

export interface ExposureEntry {
  readonly select: 'engagement' | 'processing' | 'product' | 'asset' | 'customer';
  readonly key: string;
  readonly grade: Grade;
  readonly evidence: string;
}

export interface ApprovedSet {
  readonly approved: number;
  readonly released: number;
  readonly setRoot: string | null;
  readonly results: readonly {
    readonly noticeId: string;
    readonly state: NoticeState;
    readonly approvals: { readonly counted: number; readonly needed: number };
  }[];
}

type Command<Input, Value> = (
  house: House,
  request: Request,
  input: Input,
) => Promise<Answer<Value>>;
type ReceiptKind = 'reference' | 'reply' | 'file';

export interface Commands {
  readonly openCase: Command<OpenCaseInput, OpenedCase>;
  readonly recordFacts: Command<
    { caseId: string; facts: readonly FactInput[]; hits: readonly Hit[] },
    { factsVersion: number }
  >;
  readonly setExposure: Command<
    { caseId: string; entries: readonly ExposureEntry[] },
    { changed: number }
  >;
  readonly fixAwareness: Command<
    { caseId: string; awareAt: Instant; zone: string; offsetMinutes: number; evidence: string },
    { awareAt: Instant }
  >;
  readonly determineCase: Command<
    { caseId: string; determination: Determination; reason: string },
    { state: CaseState }
  >;
  readonly askScope: Command<{ caseId: string }, { revision: number }>;
  readonly closeCase: Command<{ caseId: string; reason: string }, { state: CaseState }>;
  readonly decideObligation: Command<
    { obligationId: string; owed: boolean; reason: string },
    { state: ObligationState }
  >;
  readonly completeTask: Command<{ taskId: string; outcome: string }, { state: 'done' }>;
  readonly answerAlarm: Command<{ subject: string; step: string }, { answered: true }>;
  readonly approveNotices: Command<
    {
      notices: readonly { noticeId: string; digest: string }[];
      recipientCount: number | null;
    },
    ApprovedSet
  >;
  readonly returnNotice: Command<{ noticeId: string; reason: string }, { state: NoticeState }>;
  readonly cancelNotice: Command<{ noticeId: string; reason: string }, { state: NoticeState }>;
  readonly giveOpinion: Command<{ noticeId: string; text: string }, unknown>;
  readonly reviseNotice: Command<
    { noticeId: string; digest: string; subject: string | null; addition: string | null },
    { version: number; digest: string }
  >;
  readonly recordReceipt: Command<
    { noticeId: string; kind: ReceiptKind; evidence: string; receivedAt: Instant | null },
    unknown
  >;
  readonly resolveDelivery: Command<
    { deliveryId: string; how: 'sent' | 'abandoned'; reason: string },
    unknown
  >;
}

/** What the page of one notice is drawn from. */
import type { DocumentView } from '../../domain/documents.ts';
import type { Emergency, ReleaseBasis } from '../../domain/barrier-ports.ts';
import type { NoticeBarrier, StandingPlan } from '../../domain/release-ports.ts';
import type { NoticeCompleteness } from '../../domain/completeness.ts';
import type { CaseView, NoticeView } from '../../domain/views.ts';
import type { FrozenPack } from '../filing-pack.ts';
import type { Session } from '../who.ts';
import type { RefusedForm } from './layout.ts';

/** What a notice's page shows besides the notice itself. */
export interface ReleaseState {
  readonly basis: ReleaseBasis | null;
  readonly emergency: Emergency | null;
  readonly barrier: NoticeBarrier | null;
  readonly plan: StandingPlan | null;
}

/** The page of a notice being drawn. */
export interface NoticePage {
  readonly notice: NoticeView;
  readonly view: CaseView;
  /** Null where no person files at an authority. */
  readonly pack: FrozenPack | null;
  readonly files: readonly DocumentView[];
  readonly release: ReleaseState;
  /** Null for a withdrawal. */
  readonly completeness: NoticeCompleteness | null;
  readonly session: Session;
  readonly refused: RefusedForm | null;
}

/** What the page of one notice is drawn from. */
import type { CaseView, NoticeView } from '../../domain/views.ts';
import type { Session } from '../who.ts';
import type { RefusedForm } from './layout.ts';

/** The page of a notice being drawn. */
export interface NoticePage {
  readonly notice: NoticeView;
  readonly view: CaseView;
  readonly session: Session;
  readonly refused: RefusedForm | null;
}

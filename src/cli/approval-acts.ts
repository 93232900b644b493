/** An approval over a set of notices as the API takes it: one act, or several where the set is larger than an act may be. */
import type { JsonObject } from '../domain/json.ts';
import { mostInOneApproval } from '../domain/notice.ts';
import type { Api } from './api.ts';

interface Bound extends JsonObject {
  readonly noticeId: string;
  readonly digest: string;
}

export interface ActAnswer {
  readonly approved: number;
  readonly released: number;
  readonly engine: string;
}

/** Approves them act by act, each bound to its digest; what an earlier act approved stays when a later one is refused. */
export async function* approvalActs(
  api: Api,
  notices: readonly Bound[],
): AsyncGenerator<ActAnswer, void> {
  for (let from = 0; from < notices.length; from += mostInOneApproval) {
    const act = notices.slice(from, from + mostInOneApproval);
    yield await api.post<ActAnswer>('/approvals', { notices: act });
  }
}

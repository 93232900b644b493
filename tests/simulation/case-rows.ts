/** Cases and obligations over the fake database, as far as the simulated commands need them. */
import type { CaseStore, ObligationStore } from '../../src/domain/ports.ts';
import type { CaseFile } from '../../src/domain/case.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import type { LedgerParts } from './notice-rows.ts';

/** The simulation does not know what a command asked for: it cannot say what would become of the act. */
export class MissingPort extends Error {}

/** A port of which the simulation knows a part: a command that asks for more is what the night is judged by, not its faults. */
export function only<T extends object>(known: Partial<T>): T {
  return new Proxy(known, {
    get(target, name, receiver): unknown {
      if (!(name in target)) throw new MissingPort(`the simulation has no port "${String(name)}"`);
      return Reflect.get(target, name, receiver);
    },
    // The rest of T throws when touched, which is the point.
  }) as T;
}

export function caseRows({ world, db }: LedgerParts): CaseStore {
  const read = (caseId: string): Promise<CaseFile | null> =>
    Promise.resolve(db.tables.cases.get(caseId) ?? null);
  const change = (caseId: string, next: (file: CaseFile) => Partial<CaseFile>): Promise<void> => {
    const file = db.tables.cases.get(caseId);
    if (file !== undefined) db.put('cases', caseId, { ...file, ...next(file) });
    return Promise.resolve();
  };
  return only<CaseStore>({
    lock: read,
    read,
    async bump(caseId) {
      await change(caseId, ({ revision }) => ({ revision: revision + 1 }));
      return 0;
    },
    determine: (caseId, { determination }) =>
      change(caseId, ({ revision }) => ({
        ...{ determination, state: 'determined', determinedAt: world.now() },
        revision: revision + 1,
      })),
    fixAwareness: (caseId, awareness) =>
      change(caseId, ({ revision }) => ({ awareness, revision: revision + 1 })),
    scope: () =>
      Promise.resolve({
        ...{ engagements: 1, customers: 1, processings: 0, subjects: 0, catalogueVersion: 1 },
      }),
    markScoped: (caseId, revision) => change(caseId, () => ({ scopedRevision: revision })),
    markObliged: (caseId, revision) => change(caseId, () => ({ obligationsRevision: revision })),
  });
}

export function obligationRows({ world, db }: LedgerParts): ObligationStore {
  const of = (caseId: string): Obligation[] =>
    [...db.tables.obligations.values()].filter((one) => one.caseId === caseId);
  const change = (id: string, next: (one: Obligation) => Partial<Obligation>): Promise<void> => {
    const one = db.tables.obligations.get(id);
    if (one !== undefined) db.put('obligations', id, { ...one, ...next(one) });
    return Promise.resolve();
  };
  const hasLiveNotice = (obligationId: string): boolean =>
    [...db.tables.notices.values()].some(
      (notice) => notice.obligationId === obligationId && notice.state !== 'cancelled',
    );
  return only<ObligationStore>({
    ofCase: (caseId) => Promise.resolve(of(caseId)),
    lock: (id) => Promise.resolve(db.tables.obligations.get(id) ?? null),
    insert(caseId, rows) {
      const ids = rows.map((row) => {
        const obligationId = db.newId('o');
        const unsent = { dispatchedAt: null, receiptAt: null, dischargedAt: null, late: false };
        db.put('obligations', obligationId, { ...row, ...unsent, obligationId, caseId });
        return obligationId;
      });
      return Promise.resolve(ids);
    },
    async changeAll(changes) {
      for (const { obligationId, dueAt, dueBasis } of changes)
        await change(obligationId, () => ({ dueAt, dueBasis }));
      return new Set(changes.map(({ obligationId }) => obligationId));
    },
    markDispatched: (id, dispatchedAt, late) =>
      change(id, (one) => (one.dispatchedAt === null ? { dispatchedAt, late } : {})),
    discharge: (id, receiptAt) =>
      change(id, () => ({ state: 'discharged', receiptAt, dischargedAt: world.now() })),
    awaitingSecond: () => Promise.resolve(0),
    undrafted: (caseId) =>
      Promise.resolve(
        of(caseId).filter((one) => one.state === 'owed' && !hasLiveNotice(one.obligationId)),
      ),
  });
}

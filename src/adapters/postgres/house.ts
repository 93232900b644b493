/** The house over a pool: one transaction for one actor, with every store in it. */
import type pg from 'pg';
import type { Actor } from '../../domain/actor.ts';
import type { House, Store } from '../../domain/ports.ts';
import { inParts } from '../../register/parts.ts';
import { assessmentStore } from './assessment-store.ts';
import { alarmStore, taskStore } from './alarm-store.ts';
import { barrierStore } from './barrier-store.ts';
import { caseStore } from './case-store.ts';
import { documentStore } from './document-store.ts';
import { eventStore } from './event-store.ts';
import { fanOutStore } from './fan-out-store.ts';
import { followUpStore } from './follow-up-store.ts';
import { houseStore } from './house-store.ts';
import { loweringStore } from './lowering-store.ts';
import { noticeStore } from './notice-store.ts';
import { releaseStore } from './release-store.ts';
import { obligationStore } from './obligation-store.ts';
import { peopleStore } from './people-store.ts';
import { readinessStore } from './readiness-store.ts';
import { appendEntries, appendEntry } from './register.ts';
import type { OpeningKey } from './register-opening.ts';
import type { Sql } from './sql.ts';
import { inTransaction } from './transaction.ts';
import { resendStore } from './resend-store.ts';
import { views } from './views.ts';

/** `openingKey` seals what the register keeps of personal data outside its leaves. */
export function houseOver(pool: pg.Pool, openingKey: OpeningKey): House {
  return {
    as: <T>(actor: Actor, fn: (store: Store) => Promise<T>): Promise<T> =>
      inTransaction(pool, actor, (sql) => fn(storeOver(sql, openingKey))),
  };
}

function storeOver(sql: Sql, openingKey: OpeningKey): Store {
  return {
    house: houseStore(sql),
    cases: caseStore(sql),
    obligations: obligationStore(sql),
    assessments: assessmentStore(sql),
    lowerings: loweringStore(sql),
    notices: noticeStore(sql),
    releases: { ...releaseStore(sql), ...barrierStore(sql) },
    fanOuts: fanOutStore(sql),
    followUps: followUpStore(sql),
    resends: resendStore(sql),
    alarms: alarmStore(sql),
    tasks: taskStore(sql),
    events: eventStore(sql),
    people: peopleStore(sql),
    readiness: readinessStore(sql),
    documents: documentStore(sql, openingKey),
    register: {
      async append(entry) {
        await appendEntry(sql, entry, openingKey);
      },
      async appendInParts(entry) {
        const parts = inParts(entry.data);
        await appendEntries(
          sql,
          parts.map((data) => ({ ...entry, data })),
        );
      },
    },
    views: views(sql),
  };
}

/** The people of the simulation: they act at random, through the product's own commands, and repeat what failed. */
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { cancelNotice } from '../../src/commands/cancel-notice.ts';
import type { Request } from '../../src/commands/command.ts';
import { determineCase, fixAwareness } from '../../src/commands/determine-case.ts';
import { resolveDelivery } from '../../src/commands/resolve-delivery.ts';
import { returnNotice } from '../../src/commands/return-notice.ts';
import type { Person } from '../../src/domain/actor.ts';
import { fromMs, toMs } from '../../src/domain/instant.ts';
import type { NoticeState } from '../../src/domain/notice.ts';
import type { House } from '../../src/domain/ports.ts';
import { freeze, type Plan } from './freeze.ts';
import type { LedgerParts } from './notice-rows.ts';
import type { Process } from './world.ts';

interface Crowd extends LedgerParts {
  readonly process: Process;
  readonly plan: Plan;
  /** The house as the web process that runs now reaches it. */
  readonly house: () => House;
}

type Act = (house: House, request: Request) => Promise<unknown>;

const names = ['p1', 'p2', 'p3'] as const;

function person(personId: string): Person {
  return {
    ...{ kind: 'person', personId, issuer: 'i', subject: personId, name: personId },
    ...{ roles: ['legal', 'executive'], units: ['*'] },
  };
}

/** Lets somebody do something that is possible now, if anything is. */
export async function actAtRandom(crowd: Crowd): Promise<void> {
  const acts = possibleActs(crowd);
  const [first, ...others] = acts;
  if (first === undefined) return;
  await perform(crowd, crowd.world.random.pick(names), crowd.world.random.pick([first, ...others]));
}

/** Answers everything that waits for a person, so that each notice can come to its end. */
export async function answerAll(crowd: Crowd): Promise<void> {
  const { db } = crowd;
  for (const personId of names) db.tables.approvers.set(personId, { mayApprove: true });
  for (const { caseId, determination } of db.tables.cases.values()) {
    if (determination === null) await perform(crowd, 'p1', decide(caseId));
  }
  for (const { deliveryId, state } of db.tables.deliveries.values())
    if (state === 'in-doubt') await perform(crowd, 'p1', resolve(deliveryId, 'abandoned'));
  for (const { noticeId, state } of db.tables.notices.values()) {
    if (state === 'returned') await perform(crowd, 'p1', cancel(noticeId));
    if (state !== 'in-review') continue;
    for (const personId of names) await perform(crowd, personId, approve(crowd, noticeId));
    // Whose approval was counted while another one's right was gone cannot give it anew: a new version can.
    if (db.tables.notices.get(noticeId)?.state === 'in-review')
      await perform(crowd, 'p1', revise(crowd, noticeId));
  }
}

// A person whose page answers with an error presses the button again: the same key, so the same act.
async function perform(crowd: Crowd, personId: string, act: Act): Promise<void> {
  const { world, db, process } = crowd;
  const key = db.newId('key-');
  const request = { actor: person(personId), key, bodySha256: key };
  for (let tries = 0; tries < 8; tries++) {
    try {
      await act(crowd.house(), request);
      return;
    } catch {
      await world.sleep(process, world.random.int(500, 10_000));
    }
  }
}

function possibleActs(crowd: Crowd): Act[] {
  const { world, db } = crowd;
  const { random } = world;
  const acts: Act[] = [];
  for (const { noticeId, state } of db.tables.notices.values())
    acts.push(...noticeActs(crowd, noticeId, state));
  for (const { deliveryId, state } of db.tables.deliveries.values()) {
    if (state === 'in-doubt') acts.push(resolve(deliveryId, random.pick(['sent', 'abandoned'])));
  }
  for (const file of db.tables.cases.values()) {
    if (file.determination === null) acts.push(decide(file.caseId));
    acts.push(newFacts(file.caseId));
    if (random.chance(0.3)) {
      const earlierMs = toMs(file.awareness.awareAt) - random.spread(60_000, 36_000_000);
      acts.push(fix(file.caseId, fromMs(earlierMs)));
    }
  }
  for (const { subject, step, handedMs, isAnswered } of db.tables.rings.values()) {
    if (handedMs !== null && !isAnswered)
      acts.push((house, { actor }) =>
        house.as(actor, (store) => store.alarms.answer(subject, step, 'person/p1')),
      );
  }
  return acts;
}

function noticeActs(crowd: Crowd, noticeId: string, state: NoticeState): Act[] {
  const { random } = crowd.world;
  switch (state) {
    case 'in-review':
      return [
        ...Array.from({ length: 4 }, () => approve(crowd, noticeId)),
        ...(random.chance(0.2) ? [revise(crowd, noticeId), giveBack(noticeId)] : []),
      ];
    case 'returned':
      return [revise(crowd, noticeId)];
    case 'released':
      return random.chance(0.3) ? [cancel(noticeId), giveBack(noticeId)] : [];
    case 'drafting':
      return random.chance(0.05) ? [cancel(noticeId)] : [];
    case 'dispatched':
    case 'cancelled':
      return [];
  }
}

function approve({ db }: Crowd, noticeId: string): Act {
  // What the approver has on the page; by the time it arrives it may be stale.
  const live = [...db.tables.versions.values()].find((v) => v.noticeId === noticeId && v.isLive);
  const notices = [{ noticeId, digest: live?.digest ?? '' }];
  return (house, request) => approveNotices(house, request, { notices, recipientCount: null });
}

function revise(crowd: Crowd, noticeId: string): Act {
  return (house, { actor }) =>
    house.as(actor, async (store) => {
      const notice = await store.notices.lock(noticeId);
      if (notice?.state !== 'in-review' && notice?.state !== 'returned') return;
      freeze(crowd, notice, 'person/p1', crowd.plan);
      await store.house.wake('notice', noticeId);
    });
}

function newFacts(caseId: string): Act {
  return (house, { actor }) =>
    house.as(actor, async (store) => {
      await store.cases.bump(caseId, 'facts');
      await store.house.wake('breach-case', caseId);
    });
}

const reason = 'simulated';

function cancel(noticeId: string): Act {
  return (house, request) => cancelNotice(house, request, { noticeId, reason });
}

function giveBack(noticeId: string): Act {
  return (house, request) => returnNotice(house, request, { noticeId, reason });
}

function resolve(deliveryId: string, how: 'sent' | 'abandoned'): Act {
  return (house, request) => resolveDelivery(house, request, { deliveryId, how, reason });
}

function decide(caseId: string): Act {
  return (house, request) =>
    determineCase(house, request, { caseId, determination: 'breach', reason });
}

function fix(caseId: string, awareAt: string): Act {
  const place = { zone: 'UTC', offsetMinutes: 0, evidence: reason };
  return (house, request) => fixAwareness(house, request, { caseId, awareAt, ...place });
}

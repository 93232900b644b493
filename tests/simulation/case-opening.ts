/** How a simulated night begins: a case that somebody has just opened. */
import { caseAlarms } from '../../src/domain/alarm.ts';
import type { CaseFile } from '../../src/domain/case.ts';
import { fromMs } from '../../src/domain/instant.ts';
import type { LedgerParts } from './notice-rows.ts';
import { storeOver } from './store.ts';

/** Opens a case on a clock of its own, with the alarms and the wake that every opening writes. */
export async function openCase(parts: LedgerParts, caseId: string): Promise<void> {
  const { world, db } = parts;
  const { random } = world;
  const startMs = world.nowMs - random.int(0, 400) * 86_400_000;
  const speed = random.pick([1, 60, 360, 1_440]);
  const receivedAt = fromMs(startMs);
  const file: CaseFile = {
    ...{ caseId, reference: `B-${caseId}`, title: '', description: '', unit: 'u', mode: 'drill' },
    ...{ state: 'investigating', determination: null, determinedAt: null, closedAt: null },
    clock: { wallStartAt: world.now(), caseStartAt: receivedAt, speed },
    ...{
      detectedAt: null,
      detection: null,
      receivedAt,
      reportedLate: false,
      source: 's',
      catalogueVersion: 1,
    },
    ...{ factsVersion: 0, revision: 0, scopedRevision: 0, obligationsRevision: 0 },
    awareness: {
      ...{ awareAt: receivedAt, zone: 'UTC', offsetMinutes: 0, state: 'provisional', basis: '' },
    },
  };
  const store = storeOver(parts);
  await db.begin('person/p1', async () => {
    db.put('cases', caseId, file);
    await store.alarms.set(caseAlarms(caseId, file.reference, receivedAt, file.clock));
    await store.house.wake('breach-case', caseId);
  });
}

/** Records when we, as provider of a communications service, detected the breach: Art. 2(2) Regulation (EU) No 611/2013. */
import { actorLabel } from '../domain/actor.ts';
import { detectionAlarm } from '../domain/alarm.ts';
import { caseTimeAt, type Instant } from '../domain/instant.ts';
import type { House } from '../domain/ports.ts';
import { done, refuse } from '../domain/problem.ts';
import { runCommand, type Answer, type Request } from './command.ts';
import { lockOpenCase } from './lock-case.ts';

export interface DetectionSaid {
  readonly caseId: string;
  readonly detectedAt: Instant;
  readonly zone: string;
  readonly offsetMinutes: number;
  readonly evidence: string;
}

/**
 * Detection is neither the first sign nor awareness: enough was known for a meaningful notice. An earlier one than the
 * hours run from now is free; a later one lowers what is owed, as a later awareness does, and is refused.
 */
export function recordDetection(
  house: House,
  request: Request,
  input: DetectionSaid,
): Promise<Answer<{ detectedAt: Instant }>> {
  return runCommand(house, request, 'fix-awareness', async (store) => {
    const locked = await lockOpenCase(store, input.caseId);
    if (!locked.ok) return locked;
    const file = locked.value;
    const { detectedAt, zone, offsetMinutes, evidence } = input;
    const caseNow = caseTimeAt(file.clock, await store.house.now());
    if (detectedAt > caseNow) {
      return refuse('invalid', 'Detection cannot lie after now.', [
        { pointer: '/detectedAt', detail: `is after now (${caseNow})` },
      ]);
    }
    const standing = file.detection?.detectedAt ?? file.awareness.awareAt;
    if (detectedAt > standing) {
      return refuse(
        'conflict',
        `A later detection than ${standing}, from which the hours of a provider run, lowers what is owed and needs the governed act with the DPO's opinion.`,
      );
    }
    await store.cases.recordDetection(file.caseId, {
      detectedAt,
      zone,
      offsetMinutes,
      basis: evidence,
    });
    if (file.state === 'investigating') await store.alarms.set([detectionAlarm(file, detectedAt)]);
    await store.register.append({
      stream: `case/${file.caseId}`,
      type: 'detection.recorded',
      actor: actorLabel(request.actor),
      data: { detectedAt, zone, before: file.detection?.detectedAt ?? null },
      personal: { reason: evidence },
    });
    await store.house.wake('breach-case', file.caseId);
    return done({ detectedAt });
  });
}

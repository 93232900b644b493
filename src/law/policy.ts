/** Policy as installed: numbers the law leaves open; a house keeps its own in a table. */
import type { Policy } from '../domain/policy.ts';

export type { Policy } from '../domain/policy.ts';

/** Policy as installed; the published cases do not fix the first three numbers. */
export const defaultPolicy: Policy = {
  largeScale: 10_000,
  manyKnown: 100,
  availabilityHoursNoRisk: 24,
  controllerTargetHours: 24,
  authorityTargetHours: 48,
  subjectTargetHours: 72,
  providerTargetHours: 20,
  wholesaleTargetHours: 2,
};

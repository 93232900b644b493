/** Numbers the law leaves open: our policy, never law, and to be shown as policy. */

export interface Policy {
  /** People, from which a find by an unknown finder counts as high risk for tier 2 data. */
  readonly largeScale: number;
  /** Recipients, above which a known circle counts as the public. */
  readonly manyKnown: number;
  /** Hours, up to which an outage without loss or effect is no risk. */
  readonly availabilityHoursNoRisk: number;
  /** Hours from awareness by which we aim to tell a controller, Art. 33(2) giving none. */
  readonly controllerTargetHours: number;
  /** Hours from awareness by which we aim to file with an authority. */
  readonly authorityTargetHours: number;
  /** Hours from awareness by which we aim to tell people, or to have decided whether to. */
  readonly subjectTargetHours: number;
  /** Hours from detection by which we aim to have notified as provider of communications. */
  readonly providerTargetHours: number;
  /** Hours within which we aim to tell a contracting provider, the law saying "immediately". */
  readonly wholesaleTargetHours: number;
}

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

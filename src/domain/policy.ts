/** Numbers the law leaves open: the house's policy, never law, kept in a table and shown as policy. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type Policy = {
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
};

/** A row of `case_file` as the domain's CaseFile. */
import type {
  AwarenessState,
  CaseFile,
  CaseMode,
  CaseState,
  Determination,
} from '../../domain/case.ts';
import type { Instant } from '../../domain/instant.ts';

export interface CaseRow {
  id: string;
  reference: string;
  title: string;
  description: string;
  unit: string;
  mode: CaseMode;
  state: CaseState;
  determination: Determination | null;
  determined_at: Instant | null;
  wall_start_at: Instant;
  case_start_at: Instant;
  speed: number;
  detected_at: Instant | null;
  received_at: Instant;
  aware_at: Instant;
  aware_zone: string;
  aware_offset_minutes: number;
  aware_state: AwarenessState;
  aware_basis: string;
  service_detected_at: Instant | null;
  service_detected_zone: string;
  service_detected_offset_minutes: number;
  service_detected_basis: string;
  reported_late: boolean;
  source: string;
  catalogue_version: number | null;
  facts_version: number;
  revision: number;
  scoped_revision: number;
  obligations_revision: number;
  closed_at: Instant | null;
}

export const caseColumns = `id, reference, title, description, unit, mode, state, determination, determined_at,
  wall_start_at, case_start_at, speed, detected_at, received_at, aware_at, aware_zone, aware_offset_minutes, aware_state,
  aware_basis, service_detected_at, service_detected_zone, service_detected_offset_minutes, service_detected_basis,
  reported_late, source, catalogue_version, facts_version, revision, scoped_revision,
  obligations_revision, closed_at`;

export function toCase(row: CaseRow): CaseFile {
  return {
    caseId: row.id,
    reference: row.reference,
    title: row.title,
    description: row.description,
    unit: row.unit,
    mode: row.mode,
    state: row.state,
    determination: row.determination,
    determinedAt: row.determined_at,
    clock: { wallStartAt: row.wall_start_at, caseStartAt: row.case_start_at, speed: row.speed },
    detectedAt: row.detected_at,
    receivedAt: row.received_at,
    awareness: {
      awareAt: row.aware_at,
      zone: row.aware_zone,
      offsetMinutes: row.aware_offset_minutes,
      state: row.aware_state,
      basis: row.aware_basis,
    },
    detection:
      row.service_detected_at === null
        ? null
        : {
            detectedAt: row.service_detected_at,
            zone: row.service_detected_zone,
            offsetMinutes: row.service_detected_offset_minutes,
            basis: row.service_detected_basis,
          },
    reportedLate: row.reported_late,
    source: row.source,
    catalogueVersion: row.catalogue_version,
    factsVersion: row.facts_version,
    revision: row.revision,
    scopedRevision: row.scoped_revision,
    obligationsRevision: row.obligations_revision,
    closedAt: row.closed_at,
  };
}

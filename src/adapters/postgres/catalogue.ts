/** Reads the catalogue as one of its versions saw it. */
import type { HitKind } from '../../domain/case.ts';
import type { CatalogueKind } from '../../domain/catalogue.ts';
import type { Affiliate, Processing } from '../../domain/ports.ts';
import type { Sql } from './sql.ts';

/** SQL that is true for the rows of `alias` which the version named by `version` sees. */
export function seenAt(alias: string, version: string): string {
  return `(${alias}.since <= ${version} AND (${alias}.until IS NULL OR ${alias}.until > ${version}))`;
}

export interface Hit {
  readonly kind: HitKind;
  readonly key: string;
}

/** Those of the hits that the current catalogue does not know. */
export function hitsKnown(sql: Sql, hits: readonly Hit[]): Promise<Hit[]> {
  return sql.rows<Hit>(
    `SELECT DISTINCT h.kind, h.key FROM unnest($1::text[], $2::text[]) AS h (kind, key)
     WHERE NOT CASE h.kind
       WHEN 'asset' THEN EXISTS (SELECT FROM asset t WHERE t.key = h.key AND t.until IS NULL)
       WHEN 'product' THEN EXISTS (SELECT FROM product t WHERE t.key = h.key AND t.until IS NULL)
       ELSE EXISTS (SELECT FROM processing t WHERE t.key = h.key AND t.until IS NULL) END
     ORDER BY h.kind, h.key`,
    [hits.map(({ kind }) => kind), hits.map(({ key }) => key)],
  );
}

/** The affiliates at this version, by key. */
export function readAffiliates(sql: Sql, version: number): Promise<Affiliate[]> {
  return sql.rows<Affiliate>(
    `SELECT key, name, country, region, zone, main_establishment AS "mainEstablishment", unit,
       sender_address AS "senderAddress", dpo_name AS "dpoName", dpo_email AS "dpoEmail", dpo_phone AS "dpoPhone",
       provider_in AS "providerIn"
     FROM affiliate a WHERE ${seenAt('a', '$1')} ORDER BY key`,
    [version],
  );
}

/** The own processings at this version, by key. */
export function readProcessings(sql: Sql, version: number): Promise<Processing[]> {
  return sql.rows<Processing>(
    `SELECT key, affiliate_key AS "affiliateKey", name, people_categories AS "peopleCategories",
       data_categories AS "dataCategories", cross_border AS "crossBorder", countries
     FROM processing p WHERE ${seenAt('p', '$1')} ORDER BY key`,
    [version],
  );
}

export interface Customer {
  readonly key: string;
  readonly name: string;
  readonly country: string;
  readonly language: string;
  readonly contactName: string;
  readonly contactEmail: string;
  readonly contactPhone: string | null;
  /** The named person who has confirmed the address; null when nobody has. */
  readonly contactConfirmedBy: string | null;
  readonly agreementReference: string;
  readonly agreementBreachHours: number | null;
}

/** The customers with these keys at this version; keys it does not know are left out. */
export function customersByKey(
  sql: Sql,
  keys: readonly string[],
  version: number,
): Promise<Customer[]> {
  return sql.rows<Customer>(
    `SELECT key, name, country, language, contact_name AS "contactName", contact_email AS "contactEmail",
       contact_phone AS "contactPhone", contact_confirmed_by AS "contactConfirmedBy",
       agreement_reference AS "agreementReference", agreement_breach_hours AS "agreementBreachHours"
     FROM customer c WHERE c.key = ANY ($1) AND ${seenAt('c', '$2')} ORDER BY key`,
    [keys, version],
  );
}

/** A person of an own processing, with where and in which language to reach them. */
export interface Subject {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  readonly language: string;
  readonly country: string;
}

/**
 * The next people of a case under one processing after a key (null from the start), as the pinned version holds them.
 * Give the last key back for the next page; a page shorter than `limit` is the last.
 */
export function subjectsPage(
  sql: Sql,
  caseId: string,
  processingKey: string,
  afterKey: string | null,
  limit: number,
): Promise<Subject[]> {
  return sql.rows<Subject>(
    `SELECT s.key, s.name, s.email, s.language, s.country
     FROM case_file f
     JOIN case_subject x ON x.case_id = f.id AND x.processing_key = $2
     JOIN subject s ON s.key = x.subject_key AND ${seenAt('s', 'f.catalogue_version')}
     WHERE f.id = $1 AND ($3::text IS NULL OR s.key > $3)
     ORDER BY s.key LIMIT $4`,
    [caseId, processingKey, afterKey, limit],
  );
}

export interface CatalogueEntry {
  readonly key: string;
  readonly name: string;
  /** What tells entries of one name apart: a country, a kind, a visibility. */
  readonly detail: string;
}

/** Kinds that are listed on pages; data subjects are never listed by name. */
export type ListedKind = Exclude<CatalogueKind, 'subject'>;

const listing: Readonly<Record<ListedKind, { name: string; detail: string }>> = {
  affiliate: { name: 't.name', detail: 't.country' },
  processing: { name: 't.name', detail: 't.affiliate_key' },
  product: { name: 't.name', detail: 't.visibility' },
  asset: { name: 't.name', detail: `t.kind || ', ' || t.site` },
  customer: { name: 't.name', detail: 't.country' },
  engagement: { name: 't.service_reference', detail: `t.customer_key || ', ' || t.product_key` },
};

/** Current entries whose key or name contains the text, by key; an empty text gives the first ones. */
export function searchCatalogue(
  sql: Sql,
  kind: ListedKind,
  text: string,
  limit: number,
): Promise<CatalogueEntry[]> {
  const { name, detail } = listing[kind];
  return sql.rows<CatalogueEntry>(
    `SELECT t.key, ${name} AS name, ${detail} AS detail FROM ${kind} t
     WHERE t.until IS NULL AND (position(lower($1) IN lower(t.key)) > 0 OR position(lower($1) IN lower(${name})) > 0)
     ORDER BY t.key LIMIT $2`,
    [text, limit],
  );
}

/** The newest version of the catalogue; 0 while nothing has been imported. */
export async function newestVersion(sql: Sql): Promise<number> {
  const row = await sql.row<{ version: number }>(
    `SELECT coalesce(max(version), 0)::int AS version FROM catalogue_version`,
  );
  return row?.version ?? 0;
}

/** The catalogue: who we are, what we sell, to whom and on what, and whose data we hold; and how it is imported. */
import type { Actor } from './actor.ts';
import type { Party, TrackRole, Visibility } from './case.ts';
import { factFields } from './fact-fields.ts';
import type { Problem } from './problem.ts';

/** In the order they refer to each other: a kind names only kinds before it. */
export const catalogueKinds = [
  'affiliate',
  'processing',
  'product',
  'asset',
  'customer',
  'engagement',
  'subject',
] as const;
export type CatalogueKind = (typeof catalogueKinds)[number];

export type FieldType =
  | 'key'
  | 'name'
  | 'text'
  | 'country'
  | 'region'
  | 'language'
  | 'zone'
  | 'email'
  | 'phone'
  | 'flag'
  | 'hours'
  | 'business-days'
  | 'calendar'
  | 'time'
  | 'trigger'
  | 'channel'
  | 'given'
  | 'party'
  | 'date'
  | 'role'
  | 'visibility'
  | 'data-category';

/** One field of a row: a column of a CSV file or a member of an NDJSON line, under the same name. */
export interface CatalogueField {
  readonly name: string;
  readonly type: FieldType;
  /** Separated by `|` in a CSV cell, an array in NDJSON. */
  readonly list: boolean;
  /** A list that is required holds at least one item. */
  readonly required: boolean;
  /** False where a CSV file may do without the column, which then says nothing in any row. */
  readonly columnRequired: boolean;
  /** The kind whose key this field names. */
  readonly refersTo: CatalogueKind | null;
}

type Options = Partial<Pick<CatalogueField, 'list' | 'required' | 'columnRequired' | 'refersTo'>>;
function field(name: string, type: FieldType, options: Options = {}): CatalogueField {
  return {
    ...{ name, type, list: false, required: true, columnRequired: true, refersTo: null },
    ...options,
  };
}
function reference(name: string, refersTo: CatalogueKind, options: Options = {}): CatalogueField {
  return field(name, 'key', { refersTo, ...options });
}
const optional: Options = { required: false };
/** Came later than the files people have: those go on working. */
const added: Options = { required: false, columnRequired: false };
const list: Options = { list: true };
const optionalList: Options = { list: true, required: false };

/** A contract's term for telling of a breach: a number of hours or of business days, and how the notice is given. */
const termFields = (prefix: string): readonly CatalogueField[] => [
  field(`${prefix}_hours`, 'hours', optional),
  field(`${prefix}_business_days`, 'business-days', added),
  field(`${prefix}_calendar`, 'calendar', added),
  field(`${prefix}_cut_off`, 'time', added),
  field(`${prefix}_zone`, 'zone', added),
  field(`${prefix}_trigger`, 'trigger', added),
  field(`${prefix}_channel`, 'channel', added),
  field(`${prefix}_contact`, 'name', added),
  field(`${prefix}_given`, 'given', added),
];

/** The fields of each kind, in the order of a CSV file's columns. */
export const catalogueFields: Readonly<Record<CatalogueKind, readonly CatalogueField[]>> = {
  affiliate: [
    field('key', 'key'),
    field('name', 'name'),
    field('country', 'country'),
    field('region', 'region', optional),
    field('zone', 'zone'),
    field('languages', 'language', list),
    field('main_establishment', 'flag'),
    field('unit', 'key'),
    field('sender_address', 'email'),
    field('dpo_name', 'name'),
    field('dpo_email', 'email'),
    field('dpo_phone', 'phone'),
    // Where it is the national provider of public communications; nobody else is in the same country.
    field('provider_in', 'country', optionalList),
  ],
  processing: [
    field('key', 'key'),
    reference('affiliate_key', 'affiliate'),
    field('name', 'name'),
    field('purpose', 'text'),
    field('people_categories', 'name', list),
    field('data_categories', 'data-category', list),
    field('cross_border', 'flag'),
    field('countries', 'country', list),
    // The other controller, and who of the two files and tells by the arrangement of Art. 26.
    field('joint_with', 'name', added),
    field('joint_files', 'party', added),
    field('joint_tells', 'party', added),
  ],
  product: [
    field('key', 'key'),
    field('name', 'name'),
    field('kind', 'name'),
    field('visibility', 'visibility'),
    field('description', 'text', optional),
    // A publicly available electronic communications service, 611/2013; left out, it is none.
    field('public_communications', 'flag', optional),
  ],
  asset: [
    field('key', 'key'),
    field('name', 'name'),
    field('kind', 'name'),
    field('site', 'name'),
    reference('product_keys', 'product', optionalList),
    reference('processing_keys', 'processing', optionalList),
    // Our own sub-processor, who runs it for us.
    field('operated_by', 'name', added),
  ],
  customer: [
    field('key', 'key'),
    field('name', 'name'),
    field('country', 'country'),
    field('language', 'language'),
    field('contact_name', 'name'),
    field('contact_email', 'email'),
    field('contact_phone', 'phone', optional),
    field('contact_confirmed_by', 'name', optional),
    field('agreement_reference', 'name'),
    ...termFields('agreement_breach'),
  ],
  engagement: [
    field('key', 'key'),
    reference('customer_key', 'customer'),
    reference('product_key', 'product'),
    reference('affiliate_key', 'affiliate'),
    field('role', 'role'),
    field('visibility', 'visibility'),
    field('visibility_evidence', 'text'),
    field('service_reference', 'name'),
    reference('asset_keys', 'asset', optionalList),
    ...termFields('breach'),
    field('valid_from', 'date'),
    field('valid_to', 'date', optional),
    // The customer is itself the provider that has the contract with the subscribers, Art. 5.
    field('wholesale', 'flag', optional),
    field('joint_files', 'party', added),
    field('joint_tells', 'party', added),
    // The customer is processor for others, and we are its sub-processor.
    field('customer_is_processor', 'flag', added),
  ],
  subject: [
    field('key', 'key'),
    reference('processing_key', 'processing'),
    reference('asset_key', 'asset'),
    field('name', 'name'),
    field('email', 'email'),
    field('language', 'language'),
    field('country', 'country'),
  ],
};

export const trackRoles = [
  'controller',
  'processor',
  'joint-controller',
] as const satisfies readonly TrackRole[];
/** Who of joint controllers acts, by their arrangement. */
export const parties = ['us', 'them'] as const satisfies readonly Party[];
export const visibilities = ['V0', 'V1', 'V2', 'V3', 'V4'] as const satisfies readonly Visibility[];
/** Kinds of personal data a processing may hold, in the words of the breach facts. */
export const dataCategories = factFields['data.categories'].values;

/** A value as a file gives it, before it is checked: text, a list of texts, or nothing. */
export type CatalogueValue = string | readonly string[] | null;
export type CatalogueRow = Readonly<Record<string, CatalogueValue>>;
export interface StagedRow {
  /** The line of the file on which the row begins, counted from 1. */
  readonly line: number;
  readonly row: CatalogueRow;
}

/** What is wrong with a file, and where; line 0 is the file as a whole. */
export interface ImportFault {
  readonly line: number;
  readonly field: string;
  readonly detail: string;
}
export interface ImportFaults {
  /** The first faults by line; `total` counts all that were found. */
  readonly faults: readonly ImportFault[];
  readonly total: number;
}

export interface ImportSummary {
  /** The version the catalogue now stands at; unchanged when the file changed nothing. */
  readonly version: number;
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** Either every row is in, or none is and the faults say where to look. */
export type ImportOutcome =
  | { readonly ok: true; readonly value: ImportSummary }
  | ({ readonly ok: false; readonly problem: Problem } & ImportFaults);

export interface ImportOrder {
  readonly importId: string;
  readonly kind: CatalogueKind;
  /** True if rows the file does not hold are to be closed. */
  readonly replace: boolean;
}

/** The catalogue's way in; every call is a transaction of its own. */
export interface CatalogueStore {
  /** Takes rows into staging as they come, with flat memory. */
  stage(importId: string, batches: AsyncIterable<readonly StagedRow[]>): Promise<void>;
  /** What is wrong with the staged rows, set-based; nothing is changed. */
  check(order: ImportOrder, atMost: number): Promise<ImportFaults>;
  /** Checks again and enters the staged rows as one version, with its register entry; or gives the faults. */
  enter(
    actor: Actor,
    order: ImportOrder & { readonly digest: Uint8Array; readonly rows: number },
    atMost: number,
  ): Promise<ImportFaults & { readonly summary: ImportSummary | null }>;
  discard(importId: string): Promise<void>;
  /** Whose house this is; null until it is named. */
  organisationKind(): Promise<'own' | 'demo' | null>;
  /** Names the organisation, with its register entry; does nothing if it has a name. */
  nameOrganisation(actor: Actor, kind: 'own' | 'demo', name: string): Promise<void>;
}

/** What a catalogue row must be, as SQL over the staging table: one query finds every fault of an import. */
import {
  catalogueFields,
  catalogueKinds,
  dataCategories,
  parties,
  trackRoles,
  visibilities,
  type CatalogueField,
  type CatalogueKind,
  type FieldType,
} from '../../domain/catalogue.ts';
import {
  termCalendars,
  termChannels,
  termGivens,
  termTriggers,
} from '../../domain/contract-term.ts';

// ISO 3166-1 alpha-2, officially assigned codes; so EL and UK, common slips for GR and GB, are found.
const countries =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
  'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
  'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
  'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
  'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
  'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

interface Rule {
  /** SQL that is true when the text `v` will do. */
  readonly holds: (v: string) => string;
  readonly detail: string;
}

const oneOf = (values: readonly string[]): Rule => ({
  holds: (v) => `${v} IN (${values.map(quoted).join(', ')})`,
  detail: `must be one of ${values.join(', ')}`,
});
const matching = (pattern: string, detail: string): Rule => ({
  holds: (v) => `${v} ~ ${quoted(pattern)}`,
  detail,
});

// Line and paragraph separators and direction marks pass for spaces on a page and change what a reader sees.
const unseen = String.raw`\u0001-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069`;
// Lengths are checked apart: a bounded repeat makes PostgreSQL's regular expressions some ten times slower.
const label = '[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?';
const local = String.raw`[A-Za-z0-9!#$%&'*+/=?^_{}~-]+`;

const rules: Readonly<Record<FieldType, Rule>> = {
  key: {
    holds: (v) => `length(${v}) <= 100 AND ${v} ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$'`,
    detail:
      'must be a key: up to 100 letters, digits, dots, dashes and underscores, beginning with a letter or digit',
  },
  name: {
    holds: (v) => `length(${v}) <= 200 AND ${v} !~ ${quoted(`[${unseen}\\u0009\\u000a]`)}`,
    detail: 'must be one line of at most 200 characters without control characters',
  },
  text: {
    holds: (v) => `${v} !~ ${quoted(`[${unseen}]`)}`,
    detail: 'must have no control characters',
  },
  country: {
    holds: (v) => `${v} = ANY (string_to_array(${quoted(countries)}, ' '))`,
    detail: 'must be a country code of ISO 3166-1, such as EE, GB (not UK) or GR (not EL)',
  },
  region: matching('^[A-Z]{2}-[A-Z0-9]{1,3}$', 'must be a code of ISO 3166-2, such as DE-BE'),
  language: matching(
    '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$',
    'must be a language tag, such as et or pt-BR',
  ),
  zone: {
    holds: (v) =>
      `(position('/' IN ${v}) > 0 AND ${v} IN (SELECT z.name FROM pg_timezone_names z))`,
    detail: 'must be an IANA time zone, such as Europe/Tallinn',
  },
  email: {
    holds: (v) =>
      `length(${v}) <= 254 AND position('@' IN ${v}) <= 65 AND (length(${v}) <= 64 OR ${v} !~ '@.*[^.]{64}') AND ` +
      `${v} ~ ${quoted(String.raw`^${local}(\.${local})*@(${label}\.)+${label}$`)}`,
    detail: 'must be exactly one plain e-mail address, such as breach@customer.example',
  },
  phone: matching(
    '^[+]?[0-9][0-9 ()/.-]{4,29}$',
    'must be a telephone number, such as +44 20 7946 0018',
  ),
  flag: oneOf(['true', 'false']),
  hours: {
    holds: (v) => `${v} ~ '^[0-9]{1,4}([.][0-9]{1,2})?$' AND ${v} !~ '^[0.]+$'`,
    detail: 'must be a number of hours above 0 and below 10000, such as 24 or 36.5',
  },
  'business-days': matching('^[1-9][0-9]?$', 'must be a number of business days from 1 to 99'),
  calendar: oneOf(termCalendars),
  time: matching('^([01][0-9]|2[0-3]):[0-5][0-9]$', 'must be a time of day, such as 17:00'),
  trigger: oneOf(termTriggers),
  channel: oneOf(termChannels),
  given: oneOf(termGivens),
  party: oneOf(parties),
  date: {
    holds: (v) => `${v} ~ '^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$' AND pg_input_is_valid(${v}, 'date')`,
    detail: 'must be a day that exists, written as 2026-06-15',
  },
  role: oneOf(trackRoles),
  visibility: oneOf(visibilities),
  'data-category': oneOf(dataCategories),
};

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function columnType(field: CatalogueField): string {
  if (field.list) return 'text[]';
  if (field.type === 'flag') return 'boolean';
  if (field.type === 'hours') return 'numeric';
  if (field.type === 'business-days') return 'int';
  return field.type === 'date' ? 'date' : 'text';
}

/** The staged rows of import `$1`, typed, as a FROM item named `i`; only for rows in which no fault was found. */
export function stagedAs(kind: CatalogueKind): string {
  const columns = catalogueFields[kind].map((field) => `${field.name} ${columnType(field)}`);
  return `(SELECT r.* FROM catalogue_staging s CROSS JOIN LATERAL jsonb_to_record(s.cells) AS r (${columns.join(', ')})
           WHERE s.import_id = $1) i`;
}

// One scan for each field: over a VALUES list PostgreSQL would set every expression up again for every row.
function fieldFaults(field: CatalogueField): string {
  const name = quoted(field.name);
  const value = `(s.cells->>${name})`;
  const { holds, detail } = rules[field.type];
  const missing = `(${value} IS NULL${field.list ? ` OR ${value} = '[]'` : ''})`;
  const fits = field.list
    ? `NOT EXISTS (SELECT FROM jsonb_array_elements_text(s.cells->${name}) AS e (v) WHERE NOT (${holds('e.v')}))`
    : `(${holds(value)})`;
  const whenMissing = field.required ? 'true' : 'false';
  return `SELECT s.line, ${name},
      CASE WHEN ${missing} THEN 'is required' ELSE ${quoted(`${field.list ? 'each ' : ''}${detail}`)} END
    FROM catalogue_staging s
    WHERE s.import_id = $1 AND CASE WHEN ${missing} THEN ${whenMissing} ELSE NOT ${fits} END`;
}

const repeatedKeys = `SELECT d.line, 'key', format('repeats the key of line %s', d.first)
  FROM (SELECT s.line, s.cells->>'key' AS key, min(s.line) OVER (PARTITION BY s.cells->>'key') AS first
        FROM catalogue_staging s WHERE s.import_id = $1) d
  WHERE d.key IS NOT NULL AND d.line > d.first`;

function danglingReference(field: CatalogueField, target: CatalogueKind): string {
  const name = quoted(field.name);
  const items = field.list
    ? `CROSS JOIN LATERAL jsonb_array_elements_text(s.cells->${name}) AS e (v)`
    : `CROSS JOIN LATERAL (VALUES (s.cells->>${name})) AS e (v)`;
  return `SELECT s.line, ${name}, format('names the ${target} "%s", which the catalogue does not have', left(e.v, 100))
    FROM catalogue_staging s ${items}
    WHERE s.import_id = $1 AND e.v IS NOT NULL
      AND NOT EXISTS (SELECT FROM ${target} t WHERE t.key = e.v AND t.until IS NULL)`;
}

// What only makes sense across two fields of one row.
const crossFieldFaults: Partial<Record<CatalogueKind, string>> = {
  customer: termFaults('agreement_breach'),
  processing: arrangementFaults(`s.cells->>'joint_with' IS NOT NULL`, 'needs joint_with'),
  affiliate: `SELECT s.line, 'region', 'must lie in the country of the affiliate' FROM catalogue_staging s
    WHERE s.import_id = $1 AND left(s.cells->>'region', 2) <> s.cells->>'country'`,
  engagement: `SELECT s.line, 'valid_to', 'must not be before valid_from' FROM catalogue_staging s
    WHERE s.import_id = $1 AND s.cells->>'valid_to' < s.cells->>'valid_from'
    UNION ALL ${arrangementFaults(`s.cells->>'role' = 'joint-controller'`, 'goes with the role joint-controller only')}
    UNION ALL SELECT s.line, 'customer_is_processor', 'goes with the role processor only' FROM catalogue_staging s
    WHERE s.import_id = $1 AND s.cells->>'customer_is_processor' = 'true' AND s.cells->>'role' IS DISTINCT FROM 'processor'
    UNION ALL ${termFaults('breach')}`,
};

// Who files and who tells is said of joint controllers only.
function arrangementFaults(holds: string, detail: string): string {
  return `SELECT s.line, f.field, ${quoted(detail)} FROM catalogue_staging s
    CROSS JOIN LATERAL (VALUES ('joint_files'), ('joint_tells')) AS f (field)
    WHERE s.import_id = $1 AND s.cells->>f.field IS NOT NULL AND NOT coalesce(${holds}, false)`;
}

// A term has hours or business days, and what goes with each; a portal or telephone needs to be named.
function termFaults(prefix: string): string {
  const given = (name: string) => `(s.cells->>'${prefix}_${name}' IS NOT NULL)`;
  const fault = (name: string, detail: string, holds: string) =>
    `('${prefix}_${name}', ${quoted(detail)}, ${holds})`;
  const days = given('business_days');
  const dated = (name: string) =>
    fault(name, 'goes with business days only', `${given(name)} AND NOT ${days}`);
  const dayNeeds = (name: string) =>
    fault(name, 'is required with business days', `${days} AND NOT ${given(name)}`);
  const elsewhere = `coalesce(s.cells->>'${prefix}_channel' IN ('portal', 'telephone'), false)`;
  const faults = [
    fault(
      'business_days',
      'stands beside hours: give one of the two',
      `${given('hours')} AND ${days}`,
    ),
    ...['calendar', 'zone'].map(dayNeeds),
    ...['calendar', 'cut_off', 'zone'].map(dated),
    fault(
      'trigger',
      'needs hours or business days',
      `${given('trigger')} AND NOT (${given('hours')} OR ${days})`,
    ),
    fault(
      'contact',
      'is required: which portal, or which telephone number',
      `${elsewhere} AND NOT ${given('contact')}`,
    ),
    fault(
      'contact',
      'goes with a portal or the telephone; mail goes to contact_email',
      `${given('contact')} AND NOT ${elsewhere}`,
    ),
  ];
  return `SELECT s.line, f.field, f.detail FROM catalogue_staging s
    CROSS JOIN LATERAL (VALUES ${faults.join(', ')}) AS f (field, detail, holds)
    WHERE s.import_id = $1 AND f.holds`;
}

// What only makes sense beside rows of other files, or of the same one.
const crossRowFaults: Partial<Record<CatalogueKind, (replace: boolean) => string>> = {
  affiliate: oneProviderACountry,
  product: () => `SELECT s.line, 'public_communications',
      format('must stay true: the engagement "%s" says that it is supplied wholesale', min(e.key))
    FROM catalogue_staging s JOIN engagement e ON e.product_key = s.cells->>'key' AND e.until IS NULL AND e.wholesale
    WHERE s.import_id = $1 AND s.cells->>'public_communications' IS DISTINCT FROM 'true' GROUP BY s.line`,
  engagement:
    () => `SELECT s.line, 'wholesale', 'can only be true of a public communications service'
    FROM catalogue_staging s
    WHERE s.import_id = $1 AND s.cells->>'wholesale' = 'true' AND NOT EXISTS (
      SELECT FROM product p WHERE p.key = s.cells->>'product_key' AND p.until IS NULL AND p.public_communications)`,
};

// An affiliate the file leaves out still stands, unless the file replaces all.
function oneProviderACountry(replace: boolean): string {
  const standing = `UNION ALL
    SELECT 0, a.key, c.country FROM affiliate a CROSS JOIN LATERAL unnest(a.provider_in) AS c (country)
    WHERE a.until IS NULL AND a.key NOT IN (
      SELECT s.cells->>'key' FROM catalogue_staging s WHERE s.import_id = $1 AND s.cells->>'key' IS NOT NULL)`;
  return `SELECT d.line, 'provider_in', format('says %s, where "%s" is the provider', left(d.country, 10), left(d.first, 100))
    FROM (SELECT n.line, n.key, n.country, first_value(n.key) OVER (PARTITION BY n.country ORDER BY n.line) AS first
          FROM (SELECT s.line, s.cells->>'key' AS key, c.country
                FROM catalogue_staging s CROSS JOIN LATERAL jsonb_array_elements_text(s.cells->'provider_in') AS c (country)
                WHERE s.import_id = $1 ${replace ? '' : standing}) n) d
    WHERE d.line > 0 AND d.key <> d.first`;
}

function lostReferences(kind: CatalogueKind): string[] {
  return catalogueKinds.flatMap((from) =>
    catalogueFields[from]
      .filter((field) => field.refersTo === kind)
      .map((field) => {
        const items = field.list ? `unnest(t.${field.name})` : `(VALUES (t.${field.name}))`;
        return `SELECT 0, 'key', format('the file leaves out "%s", which ${from} "%s" still names', e.v, t.key)
          FROM ${from} t CROSS JOIN LATERAL ${items} AS e (v)
          WHERE t.until IS NULL AND e.v NOT IN (
            SELECT s.cells->>'key' FROM catalogue_staging s WHERE s.import_id = $1 AND s.cells->>'key' IS NOT NULL)`;
      }),
  );
}

/**
 * The query that gives the first `$2` faults of the staged import `$1` by line, with how many there are in all.
 * With `replace` it also finds rows the file leaves out although others still name them.
 */
export function faultQuery(kind: CatalogueKind, replace: boolean): string {
  const references = catalogueFields[kind].flatMap((field) =>
    field.refersTo === null ? [] : [danglingReference(field, field.refersTo)],
  );
  const crossField = crossFieldFaults[kind];
  const crossRow = crossRowFaults[kind];
  const parts = [
    ...catalogueFields[kind].map(fieldFaults),
    repeatedKeys,
    ...references,
    ...(crossField === undefined ? [] : [crossField]),
    ...(crossRow === undefined ? [] : [crossRow(replace)]),
    ...(replace ? lostReferences(kind) : []),
  ];
  return `SELECT a.line, a.field, a.detail, (count(*) OVER ())::int AS total
    FROM (${parts.join('\nUNION ALL\n')}) AS a (line, field, detail)
    ORDER BY a.line, a.field LIMIT $2`;
}

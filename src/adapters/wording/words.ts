/** The vocabulary of one language: facts, values and instants in words. No `Intl`: the same words on every machine. */
import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';

const group = z.record(z.string(), z.string());
const vocabulary = z.strictObject({
  facts: z.record(
    z.string(),
    z.strictObject({ label: z.string(), values: group.optional(), terms: z.string().optional() }),
  ),
  certainty: group,
  plain: group,
  missing: group,
  risk: group,
  consequences: group,
  advice: group,
  items: group,
  grade: group,
  withdrawal: group,
  role: group,
  awareness: group,
  people: group,
  formats: group,
  months: group,
});
type Vocabulary = z.infer<typeof vocabulary>;
type Groups = ReadonlyMap<string, Readonly<Record<string, string>>>;

const saidFact = z.looseObject({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
  certainty: z.string(),
});

/** What templates may say in one language. Every function but `terms` throws on a word the vocabulary lacks. */
export interface Words {
  label(fact: unknown): string;
  say(fact: unknown): string;
  word(group: unknown, key: unknown): string;
  /** One key or a list of them in words; what a person wrote in words of their own stays as written. */
  terms(group: unknown, keys: unknown): string;
  instant(at: unknown): string;
  localInstant(at: unknown, zone: unknown, offsetMinutes: unknown): string;
}

/** Words of filing packs: what forms ask, their choices, and the pack's own headings. */
const filingVocabulary = z.strictObject({
  sections: group,
  questions: group,
  formFields: group,
  options: group,
  answerStates: group,
  formRemarks: group,
  filing: group,
  languages: group,
});

/** Reads a language's vocabulary, names of countries (ISO 3166-1) and words of filing packs. Throws on a missing part. */
export function readWords(json: string, countriesJson: string, filingJson: string): Words {
  const words = vocabulary.parse(JSON.parse(json));
  const { facts, ...own } = words;
  const countries = group.parse(JSON.parse(countriesJson));
  const filing = filingVocabulary.parse(JSON.parse(filingJson));
  const groups: Groups = new Map(Object.entries({ ...own, ...filing, countries }));
  const instant = (at: unknown): string => format(groups, 'utc', moment(groups, text(at), 0));
  return {
    label: (name) => factWords(facts, text(name)).label,
    say: (fact) => sayFact(words, groups, fact),
    word: (name, key) => wordOf(groups, text(name), text(key)),
    terms: (name, keys) => termsOf(groups, text(name), keys),
    instant,
    localInstant(at, zone, offset) {
      if (typeof offset !== 'number') throw new Error('an offset is missing');
      const utc = instant(at);
      if (zone === 'UTC') return utc;
      if (offset === 0) return format(groups, 'localUtc', { utc, zone: text(zone) });
      const there = { zone: text(zone), offset: signed(offset), utc };
      return format(groups, 'local', { ...moment(groups, text(at), offset), ...there });
    },
  };
}

function wordOf(groups: Groups, name: string, key: string): string {
  const value = groups.get(name)?.[key];
  if (typeof value !== 'string') throw new Error(`no word for ${name}/${key}`);
  return value;
}

function termsOf(groups: Groups, name: string, keys: unknown): string {
  const known = groups.get(name);
  if (known === undefined) throw new Error(`no words of the kind ${name}`);
  const list: readonly unknown[] = Array.isArray(keys) ? keys : [keys];
  return list.map((key) => known[text(key)] ?? text(key)).join(', ');
}

/** A pattern of the language with its places filled. */
function format(groups: Groups, key: string, parts: Readonly<Record<string, string>>): string {
  return wordOf(groups, 'formats', key).replace(/\{([a-z]+)\}/g, (_place, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`the format ${key} has no ${name}`);
    return part;
  });
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a text is missing');
  return value;
}

function factWords(facts: Vocabulary['facts'], name: string): Vocabulary['facts'][string] {
  const found = facts[name];
  if (found === undefined) throw new Error(`no words for the fact ${name}`);
  return found;
}

function sayFact(words: Vocabulary, groups: Groups, fact: unknown): string {
  const { name, value, certainty } = saidFact.parse(fact);
  const plain = (key: string): string => words.plain[key] ?? key;
  if (certainty === 'unknown' || value === null) return plain('unknown');
  const { values, terms } = factWords(words.facts, name);
  const one = (item: string): string => {
    if (terms !== undefined) return termsOf(groups, terms, item);
    const said = values === undefined ? item : values[item];
    if (said === undefined) throw new Error(`no word for the value ${item} of ${name}`);
    return said;
  };
  const said = sayValue(value, { one, plain, thousands: wordOf(groups, 'formats', 'thousands') });
  if (said === '') return plain('unknown');
  const remark = words.certainty[certainty] ?? '';
  if (remark === '' || said === plain('unknown')) return said;
  return typeof value === 'number'
    ? `${plain('about')} ${said} (${remark})`
    : `${said} (${remark})`;
}

interface Saying {
  readonly one: (item: string) => string;
  readonly plain: (key: string) => string;
  readonly thousands: string;
}

function sayValue(
  value: string | number | boolean | readonly string[],
  { one, plain, thousands }: Saying,
): string {
  if (typeof value === 'string') return one(value);
  if (typeof value === 'number') {
    return String(value).replace(/^\d+/, (digits) => digits.replace(/\B(?=(\d{3})+$)/g, thousands));
  }
  if (typeof value === 'boolean') return plain(value ? 'yes' : 'no');
  return value.map(one).join(', ');
}

function moment(groups: Groups, at: string, offsetMinutes: number): Record<string, string> {
  const parsed = parseInstant(at);
  if (!parsed.ok) throw new Error('an instant is missing');
  const local = new Date(Date.parse(parsed.at) + offsetMinutes * 60_000).toISOString();
  return {
    day: String(Number(local.slice(8, 10))),
    month: wordOf(groups, 'months', local.slice(5, 7)),
    year: local.slice(0, 4),
    time: local.slice(11, 16),
  };
}

function signed(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

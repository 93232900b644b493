/** The vocabulary of one language: facts, values and instants in words. No `Intl`: the same words on every machine. */
import { z } from 'zod';
import { parseInstant } from '../../domain/instant.ts';

const group = z.record(z.string(), z.string());
const vocabulary = z.strictObject({
  facts: z.record(z.string(), z.strictObject({ label: z.string(), values: group.optional() })),
  certainty: group,
  plain: group,
  missing: group,
  consequences: group,
  advice: group,
  items: group,
  grade: group,
  role: group,
  awareness: group,
  months: group,
});
type Vocabulary = z.infer<typeof vocabulary>;

const saidFact = z.looseObject({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]),
  certainty: z.string(),
});

/** What templates may say in one language. Every function throws on a word the vocabulary lacks. */
export interface Words {
  label(fact: unknown): string;
  say(fact: unknown): string;
  word(group: unknown, key: unknown): string;
  instant(at: unknown): string;
  localInstant(at: unknown, zone: unknown, offsetMinutes: unknown): string;
}

export function readWords(json: string): Words {
  const words = vocabulary.parse(JSON.parse(json));
  const groups = new Map(Object.entries(words).filter(([name]) => name !== 'facts'));
  const word = (name: unknown, key: unknown): string => {
    const found = groups.get(text(name));
    const value = found?.[text(key)];
    if (typeof value !== 'string') throw new Error(`no word for ${text(name)}/${text(key)}`);
    return value;
  };
  const label = (name: unknown): string => factWords(words, text(name)).label;
  const say = (fact: unknown): string => sayFact(words, fact);
  const instant = (at: unknown): string => `${moment(words, text(at), 0)} UTC`;
  const localInstant = (at: unknown, zone: unknown, offset: unknown): string => {
    if (typeof offset !== 'number') throw new Error('an offset is missing');
    if (offset === 0) return `${instant(at)} (${text(zone)})`;
    return `${moment(words, text(at), offset)} (${text(zone)}, UTC${signed(offset)}), which is ${instant(at)}`;
  };
  return { label, say, word, instant, localInstant };
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a text is missing');
  return value;
}

function factWords(words: Vocabulary, name: string): Vocabulary['facts'][string] {
  const found = words.facts[name];
  if (found === undefined) throw new Error(`no words for the fact ${name}`);
  return found;
}

function sayFact(words: Vocabulary, fact: unknown): string {
  const { name, value, certainty } = saidFact.parse(fact);
  const plain = (key: string): string => words.plain[key] ?? key;
  if (certainty === 'unknown' || value === null) return plain('unknown');
  const { values } = factWords(words, name);
  const one = (item: string): string => {
    const said = values === undefined ? item : values[item];
    if (said === undefined) throw new Error(`no word for the value ${item} of ${name}`);
    return said;
  };
  const said = sayValue(value, one, plain);
  if (said === '') return plain('unknown');
  const remark = words.certainty[certainty] ?? '';
  if (remark === '' || said === plain('unknown')) return said;
  return typeof value === 'number'
    ? `${plain('about')} ${said} (${remark})`
    : `${said} (${remark})`;
}

function sayValue(
  value: string | number | boolean | readonly string[],
  one: (item: string) => string,
  plain: (key: string) => string,
): string {
  if (typeof value === 'string') return one(value);
  if (typeof value === 'number') return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
  if (typeof value === 'boolean') return plain(value ? 'yes' : 'no');
  return value.map(one).join(', ');
}

function moment(words: Vocabulary, at: string, offsetMinutes: number): string {
  const parsed = parseInstant(at);
  if (!parsed.ok) throw new Error('an instant is missing');
  const local = new Date(Date.parse(parsed.at) + offsetMinutes * 60_000).toISOString();
  const month = words.months[local.slice(5, 7)];
  if (month === undefined) throw new Error('a month has no name');
  return `${String(Number(local.slice(8, 10)))} ${month} ${local.slice(0, 4)}, ${local.slice(11, 16)}`;
}

function signed(offsetMinutes: number): string {
  const size = Math.abs(offsetMinutes);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

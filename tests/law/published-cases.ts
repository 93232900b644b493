/** The 18 published cases of EDPB Guidelines 01/2021 and the vectors of due instants, read as test data. */
import { readFileSync } from 'node:fs';
import { assembleFacts, factValues } from '../../src/domain/facts.ts';
import type { BreachFacts } from '../../src/domain/facts.ts';
import type { Regime } from '../../src/law/regimes.ts';
import type { Values } from './plain-facts.ts';

interface PublishedCase {
  readonly no: number;
  readonly title: string;
  readonly facts: BreachFacts;
  readonly expected: {
    readonly internalDocumentation: 'yes' | 'no';
    readonly notifySA: 'yes' | 'no';
    readonly notifyDataSubjects: 'yes' | 'no';
  };
}

interface DueVector {
  readonly id: string;
  readonly title: string;
  readonly zone: string;
  readonly awareAt: string;
  readonly awareLocal: string;
  readonly hours: number;
  readonly strict: { readonly local: string; readonly utc: string };
  readonly reg1182: { readonly local: string; readonly utc: string } | null;
  readonly regime: Regime;
  readonly law: boolean;
  readonly holidays: readonly string[];
  readonly contested: {
    readonly partialDays: { readonly local: string; readonly utc: string };
    readonly wholeDays: { readonly local: string; readonly utc: string };
  } | null;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8'));

export const publishedCases = (read('edpb-01-2021') as { cases: PublishedCase[] }).cases;
export const dueVectors = (read('due-vectors') as { vectors: DueVector[] }).vectors;

/** The facts of a published case. */
export function factsOfCase(no: number): BreachFacts {
  const found = publishedCases.find((item) => item.no === no);
  if (found === undefined) throw new Error(`no published case ${String(no)}`);
  return found.facts;
}

/** A published case with other values of some facts. */
export function alteredCase(no: number, values: Values): BreachFacts {
  const facts = factValues(factsOfCase(no));
  for (const [name] of facts) if (values[name] !== undefined) facts.set(name, values[name]);
  return assembleFacts(facts).facts;
}

/** Reads a whole facts document as somebody wrote it: complete, nothing in it that means nothing, nothing that cannot be true together. */
import { checkFact, contradictions, factNames } from './facts.ts';
import type { BreachFacts, FactName } from './facts.ts';
import { assembleFacts } from './fact-document.ts';
import type { JsonObject, JsonValue } from './json.ts';
import { done, refuse } from './problem.ts';
import type { FieldFault, Outcome } from './problem.ts';

/** `/subjects/count` for `subjects.count`. */
function pointerOf(name: string): string {
  return `/${name.replaceAll('.', '/')}`;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const groups = new Set(factNames.flatMap((name) => name.split('.').slice(0, -1)));

/**
 * A document in the form of breach facts v1.0. Refused with every fault at once, each with its field: a missing or unknown
 * field, a value its fact does not know, facts that contradict each other.
 */
export function readFactsDocument(value: JsonValue | undefined): Outcome<BreachFacts> {
  if (!isObject(value)) return faulty([{ pointer: '', detail: 'is not a facts document' }]);
  const said = new Map<FactName, JsonValue>();
  const faults: FieldFault[] = [];
  if (value['schemaVersion'] !== '1.0') {
    faults.push({ pointer: '/schemaVersion', detail: 'must be "1.0"' });
  }
  for (const name of factNames) {
    const found = valueAt(value, name);
    const detail = found === undefined ? `${name} is missing` : checkFact(name, found);
    if (detail !== null) faults.push({ pointer: pointerOf(name), detail });
    else if (found !== undefined) said.set(name, found);
  }
  faults.push(...strangersIn(value));
  if (faults.length > 0) return faulty(faults);
  const { facts } = assembleFacts(said);
  const clashes = contradictions(facts).map(({ names, detail }) => ({
    pointer: pointerOf(names[0] ?? ''),
    detail: `${detail} (${names.join(', ')})`,
  }));
  return clashes.length > 0 ? faulty(clashes) : done(facts);
}

function faulty(errors: readonly FieldFault[]) {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : '';
  const where = first === undefined || first.pointer === '' ? '' : `${first.pointer}: `;
  return refuse('invalid', `${where}${first?.detail ?? ''}${more}`, errors);
}

function valueAt(document: JsonObject, name: string): JsonValue | undefined {
  return name
    .split('.')
    .reduce<JsonValue | undefined>(
      (at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined),
      document,
    );
}

/** Fields no rule would read: a slip of the pen that must not pass for a fact. */
function strangersIn(document: JsonObject): FieldFault[] {
  const known = new Set<string>(['schemaVersion', ...groups, ...factNames]);
  const inGroups = Object.entries(document).flatMap(([group, inner]) =>
    groups.has(group) && isObject(inner) ? Object.keys(inner).map((key) => `${group}.${key}`) : [],
  );
  return [...Object.keys(document), ...inGroups]
    .filter((name) => !known.has(name))
    .map((name) => ({
      pointer: pointerOf(name),
      detail: `${name} is not a field of the facts document`,
    }));
}

/** A fact's value as its form sends it, turned into the JSON value its kind asks for. */
import { factChoices, isFactName } from '../../domain/facts.ts';
import type { JsonValue } from '../../domain/json.ts';

/** The same fact with its value read by kind; what does not fit is left for the command to refuse. */
export function factValue<F extends { readonly name: string; readonly value: string }>(
  fact: F,
): Omit<F, 'value'> & { readonly value: JsonValue } {
  return {
    ...fact,
    value: isFactName(fact.name) ? readValue(factChoices(fact.name).kind, fact.value) : fact.value,
  };
}

function readValue(kind: ReturnType<typeof factChoices>['kind'], text: string): JsonValue {
  switch (kind) {
    case 'choice':
      return text;
    case 'choices':
    case 'texts':
      return text
        .split('\n')
        .map((one) => one.trim())
        .filter((one) => one !== '');
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'count':
    case 'number':
      return text === '' ? null : /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'text-or-nothing':
      return text === '' ? null : text;
  }
}

/** Properties of the assessment over random facts. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { assembleFacts, factChoices, factNames, factValues } from '../../src/domain/facts.ts';
import type { BreachFacts, FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';
import { assess } from '../../src/law/assess.ts';
import { compareLevels } from '../../src/law/assessment.ts';
import { judge } from '../../src/law/judge.ts';
import { defaultPolicy } from '../../src/law/policy.ts';

/** Facts from better to worse; values outside an order (`not_applicable`) are left out of it. */
const ordered: readonly (readonly [FactName, readonly JsonValue[]])[] = [
  ['confidentiality.state', ['none', 'ruled_out', 'not_ruled_out', 'likely', 'confirmed']],
  ['exfiltration', ['ruled_out', 'not_ruled_out', 'likely', 'confirmed']],
  ['integrity.state', ['none', 'altered_restored', 'altered_not_restored']],
  ['integrity.effectOnSubjects', ['none', 'minor', 'significant', 'severe', 'unknown']],
  ['availability.state', ['none', 'temporary', 'permanent']],
  ['availability.backup', ['full', 'partial', 'none', 'unknown']],
  ['availability.restorationHours', [1, 24, 25, 500, null]],
  ['availability.effectOnSubjects', ['none', 'minor', 'significant', 'severe', 'unknown']],
  ['data.specialCategories', ['incidental', 'inferred', 'present']],
  ['data.criminalConvictions', [false, true]],
  ['protection.keyCompromised', ['no', 'unknown', 'yes']],
  ['protection.credentialStorage', ['strong_salted_hash', 'weak_hash', 'plaintext', 'unknown']],
  ['subjects.count', [0, 9_999, 10_000, 1_000_000, null]],
  ['subjects.vulnerable', [false, true]],
  ['subjects.safetyCritical', [false, true]],
  ['subjects.identifiability', ['not_reasonably', 'indirect', 'direct']],
  // "Known, many" and "one unknown finder" stand beside each other: neither is always the worse.
  ['recipients.class', ['internal_bound', 'known_limited', 'known_many', 'public']],
  ['recipients.class', ['internal_bound', 'known_limited', 'unknown', 'public']],
  ['recipients.class', ['trusted_external', 'known_limited', 'known_many', 'malicious']],
  ['recipients.count', [1, 100, 101, null]],
  ['recipients.trustDocumented', [true, false]],
  ['recipients.containment', ['confirmed', 'requested', 'none', 'impossible']],
  ['misuseObserved', [false, true]],
];

/** What mostly holds, so that most runs reach the rules behind the definition and below tier 3. */
const usual: Partial<Record<FactName, boolean>> = {
  personalDataInvolved: true,
  breachOfSecurity: true,
};

function valueOf(name: FactName): fc.Arbitrary<JsonValue> {
  const { kind, values } = factChoices(name);
  switch (kind) {
    case 'choice':
      return name === 'data.specialCategories'
        ? fc.constantFrom('none', 'none', 'none', ...values)
        : fc.constantFrom(...values);
    case 'choices':
      return fc.subarray([...values], { minLength: 1, maxLength: 6 });
    case 'flag':
      return fc.oneof(
        { weight: 4, arbitrary: fc.constant(usual[name] ?? false) },
        { weight: 1, arbitrary: fc.boolean() },
      );
    case 'count':
    case 'number':
      return fc.option(fc.integer({ min: 0, max: 200_000 }));
    case 'texts':
      return fc.constant([]);
    case 'text-or-nothing':
      return fc.constantFrom(null, 'reason');
  }
}

const anyFacts: fc.Arbitrary<BreachFacts> = fc
  .tuple(...factNames.map((name) => valueOf(name).map((value) => [name, value] as const)))
  .map((entries) => assembleFacts(new Map(entries)).facts);

const worsening = fc
  .constantFrom(...ordered)
  .chain(([name, values]) =>
    fc
      .tuple(fc.nat(values.length - 2), fc.nat(values.length - 2))
      .map(
        ([one, two]) => [name, values[Math.min(one, two)], values[Math.max(one, two) + 1]] as const,
      ),
  );

function withFact(facts: BreachFacts, name: FactName, value: JsonValue | undefined): BreachFacts {
  return assembleFacts(factValues(facts).set(name, value ?? null)).facts;
}

const rank = { no: 0, yes: 1 } as const;

describe('the assessment', () => {
  test.prop([anyFacts, worsening], { numRuns: fc.readConfigureGlobal().numRuns ?? 100_000 })(
    'is never lowered by a worse fact',
    (facts, [name, better, worse]) => {
      const controller = withFact(facts, 'role', 'controller');
      const before = judge(withFact(controller, name, better), defaultPolicy).answers;
      const after = judge(withFact(controller, name, worse), defaultPolicy).answers;
      expect(Number(after.isBreach)).toBeGreaterThanOrEqual(Number(before.isBreach));
      expect(
        compareLevels(after.riskLevel ?? 'unlikely', before.riskLevel ?? 'unlikely'),
      ).toBeGreaterThanOrEqual(0);
      expect(rank[after.notifySA ?? 'no']).toBeGreaterThanOrEqual(rank[before.notifySA ?? 'no']);
    },
    120_000,
  );
  test.prop([anyFacts, fc.subarray([...factNames])], {
    numRuns: fc.readConfigureGlobal().numRuns ?? 500,
  })(
    'is the same for the same facts, and never milder for knowing less',
    (facts, unknown) => {
      const result = assess(facts, unknown);
      expect(assess(facts, unknown)).toEqual(result);
      const known = assess(facts).riskLevel;
      if (result.riskLevel !== null && known !== null) {
        expect(compareLevels(result.riskLevel, known)).toBeGreaterThanOrEqual(0);
      }
    },
    60_000,
  );
  test.prop([anyFacts], { numRuns: fc.readConfigureGlobal().numRuns ?? 500 })(
    'tells the authority whenever it tells people, and gives every rule a citation',
    (facts) => {
      const result = assess(facts);
      if (result.notifySubjects === 'yes' || result.publicCommunication === 'yes') {
        expect(result.notifySA).toBe('yes');
      }
      expect(result.rules.every((rule) => rule.citation.length > 0)).toBe(true);
    },
    60_000,
  );
});

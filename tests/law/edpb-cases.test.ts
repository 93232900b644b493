/** The published outcomes of EDPB Guidelines 01/2021: 18 cases, 36 marks. */
import { describe, expect, it } from 'vitest';
import { checkFact, contradictions, factValues } from '../../src/domain/facts.ts';
import { assess } from '../../src/law/assess.ts';
import { defaultPolicy } from '../../src/law/policy.ts';
import { publishedCases } from './published-cases.ts';

const told = { yes: 'is told', no: 'is not told' } as const;

describe.each(publishedCases)('EDPB 01/2021 case $no, $title', ({ facts, expected }) => {
  const assessment = assess(facts);

  it('is a personal data breach and is documented', () => {
    expect(assessment.isBreach).toBe(true);
    expect(assessment.document).toBe(expected.internalDocumentation === 'yes');
  });
  it(`the authority ${told[expected.notifySA]}`, () => {
    expect(assessment.notifySA).toBe(expected.notifySA);
  });
  it(`the people ${told[expected.notifyDataSubjects].replace('is', 'are')}`, () => {
    expect(assessment.notifySubjects).toBe(expected.notifyDataSubjects);
  });
  it('rests on established facts, each rule with its citation', () => {
    expect(assessment.restsOnUnknowns).toBe(false);
    expect(assessment.rules.every((rule) => rule.citation !== '')).toBe(true);
  });
  it('has facts that may be said and do not contradict each other', () => {
    const faults = [...factValues(facts)].map(([name, value]) => checkFact(name, value));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
    expect(contradictions(facts)).toEqual([]);
  });
});

describe('the numbers that are policy', () => {
  const sweep = [
    ...[100, 1_000, 100_000].map((largeScale) => ({ ...defaultPolicy, largeScale })),
    ...[1, 1_000, 60_001].map((manyKnown) => ({ ...defaultPolicy, manyKnown })),
    ...[1, 48, 200].map((hours) => ({ ...defaultPolicy, availabilityHoursNoRisk: hours })),
  ];
  it.each(sweep)(
    'are not fixed by the published cases: $largeScale, $manyKnown, $availabilityHoursNoRisk',
    (policy) => {
      const marks = publishedCases.map(({ no, facts }) => {
        const { notifySA, notifySubjects } = assess(facts, [], policy);
        return { no, notifySA, notifySubjects };
      });
      expect(marks).toEqual(
        publishedCases.map(({ no, expected }) => ({
          no,
          notifySA: expected.notifySA,
          notifySubjects: expected.notifyDataSubjects,
        })),
      );
    },
  );
});

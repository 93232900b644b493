/** The ENISA severity: its arithmetic, its bands, and that it only ever advises. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { assess } from '../../src/law/assess.ts';
import { disagrees, severity, severityOf } from '../../src/law/enisa.ts';
import type { SeverityComponents } from '../../src/law/enisa.ts';
import { factsOfCase, publishedCases } from './published-cases.ts';

interface Scored {
  readonly components: SeverityComponents;
  readonly se: number;
  readonly band: string;
}

const data = JSON.parse(
  readFileSync(new URL('./data/enisa-vectors.json', import.meta.url), 'utf8'),
) as {
  vectors: (Scored & { id: string; description: string })[];
  edpb: (Scored & { no: number })[];
};

describe('SE = DPC x EI + CB', () => {
  it.each(data.vectors)('$id $description is $se, $band', ({ components, se, band }) => {
    expect(severityOf(components)).toEqual({ se, band });
  });
  it.each(data.edpb)(
    'EDPB case $no as scored by hand is $se, $band',
    ({ components, se, band }) => {
      expect(severityOf(components)).toEqual({ se, band });
    },
  );
  it.each([
    [1.75, 'low'],
    [2, 'medium'],
    [2.75, 'medium'],
    [3, 'high'],
    [3.75, 'high'],
    [4, 'very-high'],
  ])('%s is %s: the lower bound belongs to the band', (se, band) => {
    const rest = { ei: 1, confidentiality: 0, integrity: 0, availability: 0, malicious: 0 };
    expect(severityOf({ dpc: se, ...rest }).band).toBe(band);
  });
});

describe('the severity from facts', () => {
  it.each(publishedCases)('of EDPB case $no lies between its bounds', ({ facts }) => {
    const { dpc, ei, se } = severity(facts);
    expect([1, 2, 3, 4]).toContain(dpc);
    expect([0.25, 0.5, 0.75, 1]).toContain(ei);
    expect(se).toBeLessThanOrEqual(6);
  });
  it('counts a malicious act, an unknown recipient and a permanent loss', () => {
    const facts = factsOfCase(4);
    expect(severity(facts)).toMatchObject({ malicious: 0.5, confidentiality: 0.5 });
    const lost = { ...facts, availability: { ...facts.availability, state: 'permanent' as const } };
    expect(severity(lost).availability).toBe(0.5);
  });
  it('leaves encryption out of the formula and flags it beside', () => {
    const encrypted = factsOfCase(10);
    expect(severity(encrypted).flags).toContain('unintelligible');
  });
  it('flags more than 100 people, and a number nobody knows', () => {
    const facts = factsOfCase(2);
    const of = (count: number | null) => ({ ...facts, subjects: { ...facts.subjects, count } });
    expect(severity(of(100)).flags).not.toContain('more-than-100-people');
    expect(severity(of(101)).flags).toContain('more-than-100-people');
    expect(severity(of(null)).flags).toContain('more-than-100-people');
  });
});

describe('the severity beside the rules', () => {
  it.each(publishedCases)(
    'never moves the outcome of EDPB case $no; a difference is flagged',
    ({ facts }) => {
      const result = assess(facts);
      const isFlagged = result.humanReview.includes('HR-ENISA');
      expect(isFlagged).toBe(disagrees(severity(facts), result.riskLevel ?? 'unlikely'));
    },
  );
  it('flags nothing where the risk is not ours to assess', () => {
    expect(assess({ ...factsOfCase(2), role: 'processor' }).humanReview).not.toContain('HR-ENISA');
  });
});

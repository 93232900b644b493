/** A notice says of the facts what the law used: what follows from them is not "not yet known". */
import { describe, expect, it } from 'vitest';
import { consequencesOf, factReader } from '../../src/commands/compose-common.ts';
import type { Fact } from '../../src/domain/case.ts';
import { assembleFacts, factNames, factValues, type FactName } from '../../src/domain/facts.ts';
import type { JsonValue } from '../../src/domain/json.ts';

const fact = (
  name: FactName,
  value: JsonValue,
  certainty: Fact['certainty'] = 'confirmed',
  about = 'case',
): Fact => ({
  ...{ about, name, version: 1, value, certainty, source: 'log' },
  ...{ observedAt: '2026-06-15T10:00:00.000Z', recordedAt: '2026-06-15T10:00:00.000Z' },
  recordedBy: 'person/x',
});

const nights: readonly (readonly [string, readonly Fact[]])[] = [
  ['nothing was disclosed', [fact('confidentiality.state', 'none')]],
  ['disclosure is ruled out', [fact('confidentiality.state', 'ruled_out', 'estimated')]],
  [
    'an attacker has them',
    [fact('actor', 'malicious_external'), fact('confidentiality.state', 'confirmed')],
  ],
  ['health data are named', [fact('data.categories', ['name', 'health'])]],
  ['nothing was encrypted', [fact('protection.encryption', 'none')]],
  [
    'a person took a fact back',
    [fact('data.categories', ['name']), fact('data.specialCategories', null, 'unknown')],
  ],
  ['nobody said anything', []],
];

describe('what a notice reads', () => {
  it.each(nights)('is what the law read when %s', (_name, facts) => {
    const said = facts.filter((one) => one.certainty !== 'unknown');
    const law = assembleFacts(new Map(said.map((one) => [one.name as FactName, one.value])));
    const used = factValues(law.facts);
    const reader = factReader(facts);
    for (const name of factNames) {
      const read = reader.said(name);
      if (law.unknown.includes(name)) expect([name, read.certainty]).toEqual([name, 'unknown']);
      else if (read.certainty !== 'unknown')
        expect([name, read.value]).toEqual([name, used.get(name)]);
    }
  });

  it('says that nothing was copied out where nothing was disclosed, no surer than that', () => {
    const reader = factReader([fact('confidentiality.state', 'ruled_out', 'estimated')]);
    expect(reader.said('exfiltration')).toMatchObject({
      value: 'ruled_out',
      certainty: 'estimated',
    });
    expect(reader.said('recipients.class')).toMatchObject({
      value: 'none',
      certainty: 'estimated',
    });
    expect(reader.said('misuseObserved')).toMatchObject({ value: false, certainty: 'estimated' });
  });

  it('claims no exemption that nobody claimed', () => {
    const reader = factReader([]);
    expect(reader.said('data.alreadyPublic').certainty).toBe('unknown');
    expect(reader.said('mitigation.highRiskNeutralised').certainty).toBe('unknown');
  });

  it('takes the categories of the processing from the catalogue, unless a person said others', () => {
    const held = fact('data.categories', ['credentials'], 'confirmed', 'catalogue');
    const exposed = fact('confidentiality.state', 'likely');
    expect(consequencesOf(factReader([exposed, held], 'portal'))).toEqual(['account-misuse']);
    const said = fact('data.categories', ['bank_account']);
    expect(consequencesOf(factReader([held, exposed, said], 'portal'))).toEqual(['fraud']);
  });
});

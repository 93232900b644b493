/** What a notice to a customer states at each visibility, as counsel reads the table. */
import { describe, expect, it } from 'vitest';
import type { Visibility } from '../../src/domain/case.ts';
import { mayState, noticeItems, statementRule } from '../../src/law/visibility.ts';
import type { NoticeItem } from '../../src/law/visibility.ts';

const letters = { must: 'M', may: 'P', ask: 'R', 'must-not': 'N' } as const;
const levels: readonly Visibility[] = ['V0', 'V1', 'V2', 'V3', 'V4'];

/** M must, P may if known, R the recipient is asked, N must not; from V0 to V4. */
const table: readonly (readonly [NoticeItem, string])[] = [
  ['breach-touched-service', 'MMMMM'],
  ['times', 'MMMMM'],
  ['type-of-breach', 'MMMMM'],
  ['affected-assets', 'MMMMM'],
  ['cause', 'PPPMM'],
  ['encryption-and-keys', 'PPMMM'],
  ['categories', 'RPRPM'],
  ['counts', 'RPRPM'],
  ['likely-consequences', 'NNNPP'],
  ['measures', 'MMMMM'],
  ['evidence', 'PPPMM'],
  ['contact-and-next-update', 'MMMMM'],
  ['other-customers', 'NNNNN'],
  ['whether-to-notify', 'NNNNN'],
  ['draft-33-3-text', 'NPPPM'],
];

describe('a notice to a customer', () => {
  it.each(table)('states %s as %s from V0 to V4', (item, row) => {
    expect(levels.map((level) => letters[statementRule(level, item).rule]).join('')).toBe(row);
  });
  it('has no item beyond the table', () => {
    expect([...noticeItems].toSorted()).toEqual(table.map(([item]) => item).toSorted());
  });
  it('never guesses at data we cannot see', () => {
    for (const item of ['categories', 'counts', 'likely-consequences'] as const) {
      expect(mayState('V0', item)).toBe(false);
      expect(mayState('V2', item)).toBe(false);
    }
    expect(statementRule('V1', 'counts').note).toBe('connections, not people');
  });
  it('never speaks of other customers, nor tells the controller what to decide', () => {
    for (const level of levels) {
      expect(mayState(level, 'other-customers')).toBe(false);
      expect(mayState(level, 'whether-to-notify')).toBe(false);
    }
  });
});

/** What a drill says at its end, also of thousands: nothing that went wrong is left out, and no screen is flooded. */
import { describe, expect, it } from 'vitest';
import { reportLines } from '../../src/cli/drill/report-page.ts';
import type { DrillReport } from '../../src/cli/drill/report.ts';
import { shortened } from '../../src/cli/drill/shortened.ts';

type Told = DrillReport['obligations'][number];
const plain = (_colour: unknown, text: string): string => text;
const told = (number: number, changes: Partial<Told> = {}): Told => ({
  ...{
    provision: 'gdpr/33/2',
    recipientKind: 'controller',
    recipient: `Customer ${String(number)}`,
  },
  ...{ latestStartAt: null, dueBasis: 'contract', receiptAt: null, marginSeconds: 86_400 },
  dueAt: '2026-03-03T10:00:00.000Z',
  dispatchedAt: '2026-03-02T10:00:00.000Z',
  late: false,
  ...changes,
});
const linesOf = (obligations: readonly Told[]): string[] =>
  reportLines({ obligations } as DrillReport, plain);

describe('the table of a drill', () => {
  it('shows each of a few', () => {
    const lines = linesOf([told(1), told(2), told(3, { dueAt: null })]);
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).not.toContain('more');
  });

  it('shows of three thousand what is late or untold, some that are well, and how many more', () => {
    const many = Array.from({ length: 3_000 }, (_, number) => told(number));
    many[2_998] = told(2_998, { late: true });
    many[2_999] = told(2_999, { dispatchedAt: null });
    const lines = linesOf(many);
    expect(lines.length).toBeLessThan(80);
    expect(lines.find((line) => line.includes('Customer 2998'))).toContain('LATE');
    expect(lines.find((line) => line.includes('Customer 2999'))).toContain('NOT TOLD');
    const shown = lines.filter((line) => line.includes('Customer ')).length;
    expect(lines.at(-1)).toContain(`${String(3_000 - shown)} more, told in time`);
  });
});

it('a list that is cut short says by how much', () => {
  expect(shortened(['a', 'b'], 2)).toEqual(['a', 'b']);
  expect(shortened(['a', 'b', 'c', 'd'], 2)).toEqual([
    'a',
    'b',
    '… and 2 more (--json has every one)',
  ]);
});

/** Checks that a refused request changed nothing and gave nothing away. */
import { expect } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { problemIn, type ApiAnswer } from './ask.ts';
import type { Edge } from './edge.ts';

async function counts(edge: Edge): Promise<unknown> {
  const auditor = { kind: 'machine', name: 'engine' } as const;
  return inTransaction(edge.home.pool, auditor, (sql) =>
    sql.row(`SELECT (SELECT count(*) FROM case_file) AS cases, (SELECT count(*) FROM fact) AS facts,
      (SELECT count(*) FROM approval) AS approvals, (SELECT count(*) FROM register_entry) AS entries,
      (SELECT count(*) FROM idempotency) AS keys, (SELECT count(*) FROM wake) AS wakes`),
  );
}

/** Asks, and checks that nothing at all was written. */
export async function refused(edge: Edge, ask: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const before = await counts(edge);
  const answer = await ask();
  expect(await counts(edge)).toEqual(before);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(problemIn(answer).status).toBe(answer.status);
  expect(problemIn(answer).correlationId).toBe(answer.headers['x-correlation-id']);
  expect(answer.text).not.toMatch(/at \/|\.ts:|SELECT|node_modules|people\.example/);
  return answer;
}

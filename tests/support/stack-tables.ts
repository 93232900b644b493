/** Whether anything in the database changed: every row of every table, as one digest a table. */
import { setTimeout as wait } from 'node:timers/promises';
import { untilNothingIsMissing, type DemoStack } from './stack.ts';

export type Tables = Readonly<Record<string, { readonly rows: number; readonly digest: string }>>;

/** Rows and digest of every table of the house but `heartbeat`, which beats. */
export async function readTables(stack: DemoStack): Promise<Tables> {
  const names = await stack.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'tocsin' AND c.relkind = 'r' AND c.relname <> 'heartbeat' ORDER BY 1`,
  );
  const one = ({ name }: { name: string }) =>
    `SELECT '${name}' AS name, count(*) AS rows,
       coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS digest FROM tocsin."${name}" t`;
  const found = await stack.query<{ name: string; rows: number; digest: string }>(
    names.map(one).join(' UNION ALL '),
  );
  return Object.fromEntries(found.map(({ name, rows, digest }) => [name, { rows, digest }]));
}

/** Waits until the engine has taken up everything, so that what changes afterwards was asked for. */
export async function untilStill(stack: DemoStack): Promise<Tables> {
  let tables = await readTables(stack);
  await untilNothingIsMissing(async () => {
    // Longer than the pause of any loop that writes.
    await wait(2_500);
    const before = JSON.stringify(tables);
    tables = await readTables(stack);
    return JSON.stringify(tables) === before ? null : 'a still house';
  });
  return tables;
}

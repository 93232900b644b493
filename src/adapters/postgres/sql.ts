/** The one way SQL is run: a narrow face of a pg client inside a transaction. */
import pg from 'pg';

/** Runs SQL inside the transaction it was handed out for. */
export interface Sql {
  /** Rows of a query; instants come as ISO strings with milliseconds, bigint as numbers, bytea as Buffer. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Rows of a statement that is asked again and again: under its name the session plans it once. */
  prepared<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]>;
  /** The single row a query must give, or undefined. */
  row<Row>(text: string, values?: readonly unknown[]): Promise<Row | undefined>;
  /** The number of rows a statement touched. */
  run(text: string, values?: readonly unknown[]): Promise<number>;
}

const { TIMESTAMPTZ, INT8, NUMERIC } = pg.types.builtins;
pg.types.setTypeParser(TIMESTAMPTZ, (text) => new Date(text).toISOString());
pg.types.setTypeParser(INT8, Number);
pg.types.setTypeParser(NUMERIC, Number);

/** A pool that sets nothing per session: every setting is local to a transaction. */
export function openPool(connectionString: string, max: number, name: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: `tocsin-${name}`,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    options: '-c search_path=tocsin -c timezone=UTC',
  });
  // An idle client whose server went away reports here; the next checkout connects afresh.
  pool.on('error', () => undefined);
  // A client at work reports here besides failing its query; unheard, the report would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

export function sqlOver(client: pg.ClientBase): Sql {
  return {
    async rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
      return (await client.query(text, [...values])).rows as Row[];
    },
    async prepared<Row>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
      return (await client.query({ name, text, values: [...values] })).rows as Row[];
    },
    async row<Row>(text: string, values: readonly unknown[] = []): Promise<Row | undefined> {
      return (await client.query(text, [...values])).rows[0] as Row | undefined;
    },
    async run(text: string, values: readonly unknown[] = []): Promise<number> {
      return (await client.query(text, [...values])).rowCount ?? 0;
    },
  };
}

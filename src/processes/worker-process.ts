/** Builds the worker process: the house, the notice side and the engine's steps over them. */
import { openPool } from '../adapters/postgres/sql.ts';
import { houseOver } from '../adapters/postgres/house.ts';
import { beat } from '../adapters/postgres/heartbeat.ts';
import { inTransaction } from '../adapters/postgres/transaction.ts';
import { foldAllDeliveryEvents } from '../commands/fold-deliveries.ts';
import { demand, type Config } from '../config.ts';
import { every } from '../watch/every.ts';
import { engineSteps } from './engine.ts';
import { readOpeningKey } from './keys.ts';
import { faultOf, type Log } from './log.ts';
import { wireNotices } from './notices.ts';
import { runWorker } from './worker.ts';

const poolSize = 16;

/** Runs the worker until `signal` is aborted, and says every two seconds that it lives. */
export async function startWorker(config: Config, log: Log, signal: AbortSignal): Promise<void> {
  const pool = openPool(demand(config.database.app, 'DATABASE_URL'), poolSize, 'worker');
  const house = houseOver(pool, readOpeningKey(config.keysDir));
  const complain = (part: string, error: unknown): void => {
    log('warn', part, faultOf(error));
  };
  const notices = wireNotices(config);
  const stopBeat = every(2_000, 'heartbeat', complain, () =>
    inTransaction(pool, { kind: 'machine', name: 'engine' }, (sql) => beat(sql, 'worker', {})),
  );
  const stopFolding = every(2_000, 'fold', complain, () => foldAllDeliveryEvents(house));
  try {
    await runWorker(config, engineSteps(house, notices), log, signal);
  } finally {
    await stopBeat();
    await stopFolding();
    notices.wire.close();
    await pool.end();
  }
}

/** Sign-ins of the pages, kept on the server so that signing out ends them. */
import type pg from 'pg';
import type { Actor } from '../../domain/actor.ts';
import { inTransaction } from './transaction.ts';

export interface WebSessions {
  open(sessionSha256: Uint8Array, tokenSha256: Uint8Array, hours: number): Promise<void>;
  /** The digest of the token this session stands for; null when unknown, ended or expired. */
  tokenOf(sessionSha256: Uint8Array): Promise<Uint8Array | null>;
  end(sessionSha256: Uint8Array): Promise<void>;
}

// Nobody is signed in yet while a session is looked up, so this actor sees no case.
const nobody: Actor = {
  kind: 'person',
  personId: 'nobody',
  issuer: 'tocsin',
  subject: 'nobody',
  name: 'nobody',
  roles: [],
  units: [],
};

/** Sessions over a pool of the application role. */
export function webSessions(pool: pg.Pool): WebSessions {
  return {
    async open(sessionSha256, tokenSha256, hours) {
      await inTransaction(pool, nobody, (sql) =>
        sql.run(
          `INSERT INTO web_session (session_sha256, token_sha256, expires_at)
           VALUES ($1, $2, clock_timestamp() + make_interval(hours => $3))`,
          [Buffer.from(sessionSha256), Buffer.from(tokenSha256), hours],
        ),
      );
    },
    async tokenOf(sessionSha256) {
      const row = await inTransaction(pool, nobody, (sql) =>
        sql.row<{ token: Buffer }>(
          `SELECT token_sha256 AS token FROM web_session
           WHERE session_sha256 = $1 AND ended_at IS NULL AND expires_at > clock_timestamp()`,
          [Buffer.from(sessionSha256)],
        ),
      );
      return row?.token ?? null;
    },
    async end(sessionSha256) {
      await inTransaction(pool, nobody, (sql) =>
        sql.run(
          'UPDATE web_session SET ended_at = clock_timestamp() WHERE session_sha256 = $1 AND ended_at IS NULL',
          [Buffer.from(sessionSha256)],
        ),
      );
    },
  };
}

/** Makes the database roles Tocsin works with; needs a role that may create roles. */
import pg from 'pg';

/** Application, migration, signer, watch and auditor each have a role of their own. */
export const roleNames = ['owner', 'app', 'watch', 'signer', 'auditor'] as const;
export type RoleName = (typeof roleNames)[number];
export type RolePasswords = Readonly<Record<RoleName, string>>;

/**
 * Creates or re-passwords `tocsin_owner` (runs migrations, owns the schema) and the working roles, and creates the
 * database if it is missing. `adminUrl` points at any existing database of the server, such as `postgres`.
 */
export async function prepareDatabase(
  adminUrl: string,
  database: string,
  passwords: RolePasswords,
): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    for (const name of roleNames) {
      const role = pg.escapeIdentifier(`tocsin_${name}`);
      const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [
        `tocsin_${name}`,
      ]);
      const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
      const password = pg.escapeLiteral(passwords[name]);
      await client.query(`${verb} ROLE ${role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD ${password}`);
    }
    const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (exists.rowCount === 0) {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)} OWNER tocsin_owner`);
    }
  } finally {
    await client.end();
  }
}

/** The connection string of one role on the same server. */
export function roleUrl(
  adminUrl: string,
  database: string,
  name: RoleName,
  password: string,
): string {
  const url = new URL(adminUrl);
  url.username = `tocsin_${name}`;
  url.password = encodeURIComponent(password);
  url.pathname = `/${database}`;
  return url.toString();
}

/** Makes the keys of an installation once; whoever loses them loses what they protect. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** File names below the keys folder. */
export const keyFiles = {
  payload: 'payload.json',
  database: 'database.json',
  noticeId: 'notice-id.key',
  personalData: 'personal-data.key',
} as const;

const passwords = z.strictObject({
  admin: z.string(),
  owner: z.string(),
  app: z.string(),
  watch: z.string(),
  signer: z.string(),
  auditor: z.string(),
});
export type DatabasePasswords = z.infer<typeof passwords>;

/** Creates what is missing below `dir` (0600) and leaves what exists untouched. */
export function ensureKeys(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const key = () => randomBytes(32).toString('base64');
  const password = () => randomBytes(24).toString('base64url');
  writeOnce(join(dir, keyFiles.payload), () => {
    const id = `payload-${new Date().toISOString().slice(0, 10)}`;
    return JSON.stringify({ current: id, keys: { [id]: key() } }, null, 2);
  });
  writeOnce(join(dir, keyFiles.database), () => {
    const made = Object.keys(passwords.shape).map((role) => [role, password()]);
    return JSON.stringify(Object.fromEntries(made), null, 2);
  });
  writeOnce(join(dir, keyFiles.noticeId), key);
  writeOnce(join(dir, keyFiles.personalData), key);
}

/** The passwords of the embedded PostgreSQL. Throws with the file's name when it cannot be read. */
export function readPasswords(dir: string): DatabasePasswords {
  const path = join(dir, keyFiles.database);
  try {
    return passwords.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(`${path} cannot be used: restore it from a backup`, { cause: error });
  }
}

function writeOnce(path: string, make: () => string): void {
  if (existsSync(path)) return;
  const draft = `${path}.${String(process.pid)}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

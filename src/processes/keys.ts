/** Reads the keys of an installation, each from its file below the keys folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openingKey, type OpeningKey } from '../adapters/postgres/register-opening.ts';
import { keyFiles } from '../embedded/keys.ts';

/** The key that seals openings of the register. */
export function readOpeningKey(keysDir: string): OpeningKey {
  return openingKey(readFileSync(join(keysDir, keyFiles.personalData), 'utf8').trim());
}

/** The key Message-IDs are derived with: 32 bytes. */
export function readNoticeIdKey(keysDir: string): Buffer {
  const key = Buffer.from(readFileSync(join(keysDir, keyFiles.noticeId), 'utf8'), 'base64');
  if (key.length !== 32) throw new Error(`${keyFiles.noticeId} is not a key of 32 bytes`);
  return key;
}

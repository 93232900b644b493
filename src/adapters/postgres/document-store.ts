/** Documents in PostgreSQL: sealed under a key derived from the personal-data key, bound to their id, case and digest. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { DocumentStore, DocumentView } from '../../domain/documents.ts';
import type { OpeningKey } from './register-opening.ts';
import type { Sql } from './sql.ts';

const cipherName = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

interface Place {
  readonly documentId: string;
  readonly caseId: string;
  readonly sha256: string;
}

const viewText = `SELECT d.id AS "documentId", d.case_id AS "caseId", d.notice_id AS "noticeId", v.version, d.purpose,
    d.name, d.media_type AS "mediaType", d.size_bytes AS "sizeBytes", encode(d.sha256, 'hex') AS sha256, d.at,
    actor_name(d.added_by) AS by
  FROM document d LEFT JOIN notice_version v ON v.id = d.version_id`;

export function documentStore(sql: Sql, key: OpeningKey): DocumentStore {
  return {
    async add({ bytes, name, mediaType, ...row }) {
      const made = await sql.row<{ id: string }>('SELECT uuidv7() AS id');
      if (made === undefined) throw new Error('the database gave no id');
      const digest = createHash('sha256').update(bytes).digest();
      const place = { documentId: made.id, caseId: row.caseId, sha256: digest.toString('hex') };
      await sql.run(
        `INSERT INTO document (id, case_id, notice_id, version_id, purpose, added_by, name, media_type, sha256, size_bytes,
           key_id, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          made.id,
          row.caseId,
          row.noticeId,
          row.versionId,
          row.purpose,
          row.by,
          name,
          mediaType,
          digest,
          bytes.length,
          key.id,
          seal(key, place, bytes),
        ],
      );
      return made.id;
    },
    list: ({ caseId, noticeId }) =>
      sql.rows<DocumentView>(
        `${viewText} WHERE ($1::uuid IS NULL OR d.case_id = $1) AND ($2::uuid IS NULL OR d.notice_id = $2)
         ORDER BY d.id LIMIT 1000`,
        [caseId ?? null, noticeId ?? null],
      ),
    async find(documentId) {
      return (await sql.row<DocumentView>(`${viewText} WHERE d.id = $1`, [documentId])) ?? null;
    },
    async open(documentId) {
      const row = await sql.row<{ caseId: string; sha256: string; keyId: string; body: Buffer }>(
        `SELECT case_id AS "caseId", encode(sha256, 'hex') AS sha256, key_id AS "keyId", body FROM document WHERE id = $1`,
        [documentId],
      );
      if (row === undefined) return null;
      if (row.keyId !== key.id) {
        throw new Error(
          `a document is sealed under key ${row.keyId}; the key at hand is ${key.id}`,
        );
      }
      return unseal(key, { documentId, caseId: row.caseId, sha256: row.sha256 }, row.body);
    },
  };
}

function keyFor(key: OpeningKey): Uint8Array {
  return Buffer.from(hkdfSync('sha256', key.bytes, '', 'tocsin documents', 32));
}

function boundTo({ documentId, caseId, sha256 }: Place): Buffer {
  return Buffer.from(`document ${documentId} ${caseId} ${sha256}`, 'utf8');
}

/** AES-256-GCM: nonce, ciphertext, tag. */
function seal(key: OpeningKey, place: Place, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(cipherName, keyFor(key), nonce).setAAD(boundTo(place));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function unseal(key: OpeningKey, place: Place, sealed: Buffer): Uint8Array {
  const decipher = createDecipheriv(cipherName, keyFor(key), sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(boundTo(place)).setAuthTag(sealed.subarray(-tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
}

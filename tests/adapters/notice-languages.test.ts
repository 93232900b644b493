/** Several languages in one notice: each reader gets its own where there is wording, and one digest covers them all. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import { languageFor } from '../../src/commands/notice-languages.ts';
import { reviseNotice } from '../../src/commands/revise-notice.ts';
import type { Segment } from '../../src/domain/notice-ports.ts';
import type { AuthorityChoice } from '../../src/domain/obligation.ts';
import { assemble } from '../../src/ledger/mime.ts';
import { engine, freezeDeps, seed, type Seed } from '../faults/dispatch-seed.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';

let db: TestDatabase;
let s: Seed;
beforeAll(async () => {
  db = await testDatabase();
  s = await seed(db, {
    subjects: 6,
    customers: [{ visibility: 'V4', grade: 'confirmed' }],
    facts: { 'confidentiality.state': 'confirmed', 'data.categories': ['name', 'credentials'] },
  });
});
afterAll(() => db.close());

const germanAuthority: AuthorityChoice = {
  authorityId: 'de-be-blnbdi',
  name: 'Berlin Commissioner',
  role: 'competent',
  channel: 'portal',
  email: null,
  url: null,
  languages: ['de'],
  zone: 'Europe/Berlin',
  verification: 'to-verify',
  why: 'seat',
};

async function freeze(noticeId: string): Promise<string> {
  const frozen = await freezeNotice(s.house, freezeDeps, noticeId);
  if (!frozen.ok) throw new Error(frozen.problem.detail);
  return frozen.value.digest;
}
const view = async (noticeId: string) => {
  const found = await s.house.as(engine, (store) => store.views.notice(noticeId));
  if (found === null) throw new Error('the notice is gone');
  return found;
};

interface Row {
  readonly key: string;
  readonly language: string;
  readonly address: string;
  readonly merge: Record<string, string>;
  readonly messageId: string;
  readonly mimeSha256: Buffer;
  readonly segments: Segment[];
}

describe('a notice to people of several languages', () => {
  let noticeId: string;
  let digest: string;
  let rows: Row[];
  beforeAll(async () => {
    // Fixtures speak English and French: S-1 and S-4 become German, one of them as in Austria.
    await s.sql((sql) =>
      sql.run(
        `UPDATE subject SET language = CASE key WHEN 'S-000001' THEN 'de' WHEN 'S-000004' THEN 'de-AT' ELSE language END`,
      ),
    );
    noticeId = await s.notice('data-subject');
    digest = await freeze(noticeId);
    rows = await s.sql((sql) =>
      sql.rows<Row>(
        `SELECT d.recipient_key AS key, d.language, d.address, d.merge, d.message_id AS "messageId",
           d.mime_sha256 AS "mimeSha256", w.segments
         FROM delivery d JOIN notice_variant w ON w.version_id = d.version_id AND w.language = d.language
         WHERE d.notice_id = $1 ORDER BY d.recipient_key`,
        [noticeId],
      ),
    );
  });

  it('freezes one variant for each language, and a reviewer sees them all', async () => {
    const { variants } = await view(noticeId);
    expect(variants.map(({ language }) => language)).toEqual(['de', 'en']);
    expect(variants[0]?.text).toContain('Was können Sie tun?');
    expect(variants[1]?.text).toContain('What you can do');
  });

  it('gives each person their own language, English where theirs has no wording, and notes whom', async () => {
    expect(rows.map(({ language }) => language)).toEqual(['de', 'en', 'en', 'de', 'en', 'en']);
    const { content } = await view(noticeId);
    expect(content?.['recipients']).toMatchObject({
      languagesUsed: { de: 2, en: 4 },
      languagesWithoutWording: { fr: 2 },
    });
  });

  it('fixes the bytes each person gets, in that language', () => {
    for (const row of rows) {
      const mime = Buffer.from(assemble(row.segments, row.merge, row.address, row.messageId));
      expect(createHash('sha256').update(mime).digest().equals(row.mimeSha256)).toBe(true);
      expect(mime.toString('latin1')).toContain(`Content-Language: ${row.language}\r\n`);
    }
    expect(new Set(rows.map(({ mimeSha256 }) => mimeSha256.toString('hex'))).size).toBe(6);
  });

  it('covers every language with one digest', async () => {
    const version = await s.sql((sql) =>
      sql.row<{ input: string }>(
        'SELECT digest_input AS input FROM notice_version WHERE notice_id = $1 AND superseded_at IS NULL',
        [noticeId],
      ),
    );
    const input = version?.input ?? '';
    expect(createHash('sha256').update(input, 'utf8').digest('hex')).toBe(digest);
    const { variants } = JSON.parse(input) as { variants: Record<string, string> };
    expect(Object.keys(variants).sort()).toEqual(['de', 'en']);
    expect(new Set(Object.values(variants)).size).toBe(2);
  });

  it('puts what a person adds into every language', async () => {
    const change = { noticeId, digest, subject: null, addition: 'Hotline: 0800' };
    const revised = await reviseNotice(s.house, freezeDeps, s.request(s.people.legal), change);
    expect(revised.ok).toBe(true);
    const { variants } = await view(noticeId);
    expect(variants).toHaveLength(2);
    for (const { text } of variants) expect(text).toContain('Hotline: 0800');
  });
});

describe('one reader', () => {
  it('at a German portal gets German, with the name the authority has there', async () => {
    const noticeId = await s.notice('authority', {
      recipientKey: germanAuthority.authorityId,
      authority: germanAuthority,
    });
    await freeze(noticeId);
    const { variants } = await view(noticeId);
    expect(variants.map(({ language }) => language)).toEqual(['de']);
    expect(variants[0]?.text).toContain('als zuständige Aufsichtsbehörde (Art. 55 DSGVO)');
  });

  it('gets English when none of its languages has wording, and the task to approve says so', async () => {
    const noticeId = await s.notice('controller');
    await freeze(noticeId);
    expect((await view(noticeId)).variants.map(({ language }) => language)).toEqual(['en']);
    const { titles } = (await s.sql((sql) =>
      sql.row<{ titles: string }>(
        `SELECT string_agg(title, ' ') AS titles FROM task WHERE kind = 'approve' AND subject = $1`,
        [`notice/${noticeId}`],
      ),
    )) ?? { titles: '' };
    expect(titles).toContain('in English for want of wording in nl');
  });

  it.each([
    [['nl', 'fr', 'de'], 'de'],
    [['en', 'de'], 'de'],
    [['et', 'en'], 'en'],
    [['de-CH'], 'de'],
    [['fi', 'sv'], 'en'],
    [[], 'en'],
  ])('that takes %j is written to in %s', (languages, language) => {
    expect(languageFor({ languages }, ['de', 'en'])).toBe(language);
  });
});

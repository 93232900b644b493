/** The filing pack: frozen with its notice and covered by its digest, encrypted at rest, seen by those who see the case. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../src/adapters/postgres/transaction.ts';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { attachDocument } from '../../src/commands/attach-document.ts';
import { draftStep, scopeStep } from '../../src/commands/advance-case.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { freezeNotice, type FreezeDeps } from '../../src/commands/freeze-notice.ts';
import { recordReceipt } from '../../src/commands/record-receipt.ts';
import { documentBytes, type DocumentView } from '../../src/domain/documents.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

const engine = { kind: 'machine', name: 'engine' } as const;
const deps: FreezeDeps = {
  wording: handlebarsWording(),
  noticeIdKey: Buffer.alloc(32, 5),
};
let home: TestHouse;
let caseId = '';
let noticeId = '';
let digest = '';
let documents: readonly DocumentView[] = [];

const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  inTransaction(home.pool, engine, (run) => run.rows<Row>(text, values));
const bytesOf = async (documentId: string): Promise<string> => {
  const bytes = await home.house.as(engine, (store) => store.documents.open(documentId));
  return Buffer.from(bytes ?? []).toString('utf8');
};
const textOf = (mediaType: string): Promise<string> =>
  bytesOf(documents.find((one) => one.mediaType === mediaType)?.documentId ?? '');

/** A case whose authority takes only its own form. */
async function portalNotice(): Promise<{ caseId: string; noticeId: string; digest: string }> {
  const opened = await openTestCase(home, {
    hits: [{ kind: 'processing', key: 'portal-contacts' }],
    facts: highRiskFacts,
    unit: 'security-ee',
    description: 'Somebody signed in with stolen credentials',
  });
  const reason = 'Credentials were taken';
  const input = { caseId: opened.caseId, determination: 'breach', reason } as const;
  await determineCase(home.house, by(home.people.leo), input);
  await scopeStep(home.house, opened.caseId);
  await determineStep(home.house, opened.caseId);
  await sql(
    `UPDATE obligation SET authority = authority || '{"channel": "portal"}' WHERE case_id = $1 AND authority IS NOT NULL`,
    [opened.caseId],
  );
  await draftStep(home.house, opened.caseId);
  const [notice] = await sql<{ id: string }>(
    `SELECT id FROM notice WHERE case_id = $1 AND recipient_kind = 'authority'`,
    [opened.caseId],
  );
  const frozen = await freezeNotice(home.house, deps, notice?.id ?? '');
  if (!frozen.ok) throw new Error(frozen.problem.detail);
  return { caseId: opened.caseId, noticeId: frozen.value.noticeId, digest: frozen.value.digest };
}

beforeAll(async () => {
  home = await testHouse();
  ({ caseId, noticeId, digest } = await portalNotice());
  documents = await home.house.as(engine, (store) => store.documents.list({ noticeId }));
});
afterAll(() => home.close());

describe('a filing pack', () => {
  it('is JSON, text and HTML, every one named by its digest in what an approval covers', async () => {
    expect(documents.map(({ name }) => name)).toEqual([
      'filing-pack.json',
      'filing-pack.txt',
      'filing-pack.html',
    ]);
    const [version] = await sql<{ input: string }>(
      'SELECT digest_input AS input FROM notice_version WHERE notice_id = $1',
      [noticeId],
    );
    const input = version?.input ?? '';
    expect(createHash('sha256').update(input).digest('hex')).toBe(digest);
    const covered = (JSON.parse(input) as { documents: Record<string, string> }).documents;
    for (const { name, documentId, sha256 } of documents) {
      const bytes = await bytesOf(documentId);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      expect(covered[name]).toBe(sha256);
    }
  });

  it('answers each question once, says what is open and who enters the rest, and marks the exercise', async () => {
    const pack = JSON.parse(await textOf('application/json')) as {
      exercise: boolean;
      form: { basis: string };
      sections: { title: string; fields: { id: string; state: string; value: string }[] }[];
    };
    expect(pack.exercise).toBe(true);
    // Nobody read the form of this authority, and the pack says so.
    expect(pack.form.basis).toBe('form-unknown');
    const fields = pack.sections.flatMap((section) => section.fields);
    expect(new Set(fields.map(({ id }) => id)).size).toBe(85);
    const of = (id: string) => fields.find((field) => field.id === id);
    expect(of('2.1-name')).toMatchObject({ state: 'known', value: 'Nordlicht EE' });
    expect(of('3.2-description')?.value).toContain('stolen credentials');
    expect(of('3.2-nature')?.value).toBe('confidentiality');
    expect(of('3.2-incident')?.value).toBe('hacking or malware');
    expect(of('3.4-number')).toMatchObject({ state: 'open', value: 'unknown, being investigated' });
    expect(of('3.1-late-reason')).toMatchObject({ state: 'not-applicable' });
    expect(of('2.1-id')).toMatchObject({ state: 'by-filer' });
    expect(of('4.2-outcome')?.value).toBe('high risk likely');
    const text = await textOf('text/plain');
    expect(text).toContain('EXERCISE');
    expect(text).toContain('Nobody has read this form');
    expect(await textOf('text/html')).toContain('EXERCISE');
  });

  it('is not in the table as plain text, nor can it be put in the place of another', async () => {
    const rows = await sql<{ id: string; body: Buffer }>('SELECT id, body FROM document');
    for (const { body } of rows) expect(body.toString('latin1')).not.toMatch(/Nordlicht|EXERCISE/);
    const [first, second] = documents;
    await inTransaction(home.pool, engine, (run) =>
      run.run(
        `INSERT INTO document (id, case_id, name, media_type, sha256, size_bytes, key_id, body)
         SELECT '0197aaaa-0000-7000-8000-000000000000', d.case_id, d.name, d.media_type, d.sha256, d.size_bytes, d.key_id,
           e.body FROM document d, document e WHERE d.id = $1 AND e.id = $2`,
        [first?.documentId, second?.documentId],
      ),
    );
    await expect(bytesOf('0197aaaa-0000-7000-8000-000000000000')).rejects.toThrow();
  });

  it('is not there for a person of another unit, and no row of it changes', async () => {
    const seen = await home.house.as(home.people.ruben, (store) =>
      store.documents.list({ caseId }),
    );
    expect(seen).toEqual([]);
    const opened = await home.house.as(home.people.ruben, (store) =>
      store.documents.open(documents[0]?.documentId ?? ''),
    );
    expect(opened).toBeNull();
    await expect(sql('UPDATE document SET name = $1', ['other'])).rejects.toThrow(
      'permission denied',
    );
  });
});

describe('a file', () => {
  const pdf = Buffer.from('%PDF-1.7 confirmation of the authority');
  const attach = (changes: Partial<Parameters<typeof attachDocument>[2]> = {}) =>
    attachDocument(home.house, by(home.people.leo), {
      ...{ caseId, noticeId, name: 'confirmation.pdf', mediaType: 'application/pdf', bytes: pdf },
      ...changes,
    });

  it.each([
    ['too-large', { mediaType: 'text/plain', bytes: Buffer.alloc(documentBytes + 1, 'a') }],
    ['unsupported-media', { mediaType: 'text/html', bytes: Buffer.from('<script>') }],
    ['unsupported-media', { mediaType: 'image/png' }],
    ['unsupported-media', { mediaType: 'text/plain', bytes: Buffer.from([65, 0, 66]) }],
    ['invalid', { bytes: Buffer.alloc(0) }],
    ['invalid', { name: '../../etc/passwd' }],
    ['not-found', { caseId: '0197aaaa-0000-7000-8000-00000000000f', noticeId: null }],
    ['not-found', { noticeId: '0197aaaa-0000-7000-8000-00000000000f' }],
  ])('is refused as %s', async (type, changes) => {
    expect(await attach(changes)).toMatchObject({ ok: false, problem: { type } });
  });

  it('is not taken from who may not record receipts, nor from who does not see the case', async () => {
    const input = { caseId, name: 'a.pdf', mediaType: 'application/pdf', bytes: pdf };
    const { rita, ruben } = home.people;
    expect(await attachDocument(home.house, by(rita), { ...input, noticeId })).toMatchObject({
      problem: { type: 'forbidden' },
    });
    expect(await attachDocument(home.house, by(ruben), { ...input, noticeId: null })).toMatchObject(
      { problem: { type: 'not-found' } },
    );
  });

  it('that is the receipt settles the filing at the instant it bears, and its number serves later notices', async () => {
    const approved = await approveNotices(home.house, by(home.people.leo), {
      notices: [{ noticeId, digest }],
      recipientCount: null,
    });
    expect(approved).toMatchObject({ ok: true, value: { released: 1 } });
    const record = (changes: Partial<Parameters<typeof recordReceipt>[2]>) =>
      recordReceipt(home.house, by(home.people.leo), {
        ...{ noticeId, kind: 'file', evidence: 'PDF of the form', receivedAt: null },
        ...changes,
      });
    const noFile = await record({});
    expect(noFile).toMatchObject({ problem: { errors: [{ pointer: '/documentId' }] } });
    const pack = documents[0]?.documentId ?? '';
    expect(await record({ documentId: pack })).toMatchObject({ problem: { type: 'invalid' } });
    const other = await portalNotice();
    const elsewhere = await attach({ caseId: other.caseId, noticeId: other.noticeId });
    if (!elsewhere.ok) throw new Error(elsewhere.problem.detail);
    expect(await record({ documentId: elsewhere.value.documentId })).toMatchObject({
      problem: { type: 'invalid' },
    });
    const old = await record({ kind: 'reference', receivedAt: '2001-01-01T00:00:00.000Z' });
    expect(old).toMatchObject({ problem: { errors: [{ pointer: '/receivedAt' }] } });

    const kept = await attach();
    if (!kept.ok) throw new Error(kept.problem.detail);
    const done = await record({ documentId: kept.value.documentId, reference: 'AKI-2026-77' });
    expect(done).toMatchObject({ ok: true, value: { state: 'dispatched' } });
    const found = await home.house.as(engine, async (store) => ({
      reference: await store.notices.authorityReference(caseId, 'ee-aki'),
      owed: (await store.obligations.ofCase(caseId)).find((one) => one.authority !== null),
      none: await store.notices.authorityReference(other.caseId, 'ee-aki'),
    }));
    expect(found).toMatchObject({
      reference: 'AKI-2026-77',
      none: null,
      owed: { state: 'discharged' },
    });
  });
});

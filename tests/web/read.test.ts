/** What is read through the API: complete, shaped as declared, and only by those who may see it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  AlarmView,
  CaseSummary,
  CaseView,
  NoticeSummary,
  NoticeView,
  ObligationView,
  Page,
  TimelineEntry,
} from '../../src/domain/views.ts';
import { openTestCase } from '../support/house.ts';
import { api, page, signIn } from './ask.ts';
import { casePendingApproval, testEdge, type Edge, type Login } from './edge.ts';

let edge: Edge;
let full: { caseId: string; reference: string };
beforeAll(async () => {
  edge = await testEdge();
  full = await casePendingApproval(edge, { unit: 'security-ee' });
});
afterAll(() => edge.close());

async function get<T>(path: string, as: Login = 'leo'): Promise<T> {
  const answer = await api(edge, 'GET', path, { as });
  expect([path, answer.status, answer.status === 200 ? '' : answer.text]).toEqual([path, 200, '']);
  return answer.json as T;
}

describe('a case', () => {
  it('is read by id and by reference', async () => {
    const byId = await get<CaseView>(`/cases/${full.caseId}`);
    const byReference = await get<CaseView>(`/cases/${full.reference}`);
    expect(byReference.caseId).toBe(byId.caseId);
    expect(byId).toMatchObject({ mode: 'drill', state: 'determined', subjects: 3 });
    expect(byId.hits).toHaveLength(4);
    expect(byId.exposureCounts.reduce((sum, one) => sum + one.count, 0)).toBe(5);
  });

  it('presses by its nearest due that is not dispatched', async () => {
    const view = await get<CaseView>(`/cases/${full.caseId}`);
    const { items } = await get<Page<ObligationView>>(`/cases/${full.caseId}/obligations`);
    const dues = items.flatMap((one) =>
      one.state === 'owed' && one.dueAt !== null ? [one.dueAt] : [],
    );
    expect(view.nextDueAt).toBe(dues.sort()[0]);
    expect(items.find((one) => one.recipientKey === 'alpha')?.recipientName).toBe('Customer alpha');
  });

  it('that nobody has determined presses by the 72 hours of its provisional awareness', async () => {
    const { caseId, awareAt } = await openTestCase(edge.home);
    const view = await get<CaseView>(`/cases/${caseId}`);
    expect(Date.parse(view.nextDueAt ?? '') - Date.parse(awareAt)).toBe(72 * 3_600_000);
  });

  it('of a drill is due on the wall clock sooner by its speed', async () => {
    const { caseId } = await openTestCase(edge.home, { speed: 3_600 });
    const view = await get<CaseView>(`/cases/${caseId}`);
    const wallMs = Date.parse(view.nextDueRingAt ?? '') - Date.now();
    expect(wallMs).toBeLessThanOrEqual(72_000);
    expect(Date.parse(view.caseNowAt)).toBeGreaterThan(Date.parse(view.awareAt));
  });

  it('has its alarms, tasks, exposures and a timeline that names people', async () => {
    const { items: alarms } = await get<Page<AlarmView>>(`/cases/${full.caseId}/alarms`);
    expect(alarms.some((one) => one.step === 'due')).toBe(true);
    const { items } = await get<Page<TimelineEntry>>(`/cases/${full.caseId}/timeline`);
    expect(items.at(-1)).toMatchObject({ streamSeq: 1, type: 'case.opened', actorName: 'rita' });
    const { items: earlier } = await get<Page<TimelineEntry>>(
      `/cases/${full.caseId}/timeline?limit=1&before=3`,
    );
    expect(earlier.map((one) => one.streamSeq)).toEqual([2]);
    await get(`/cases/${full.caseId}/tasks`);
    const first = await get<Page<{ key: string }>>(`/cases/${full.caseId}/exposures?limit=3`);
    const rest = await get<Page<{ key: string }>>(
      `/cases/${full.caseId}/exposures?limit=3&cursor=${first.next ?? ''}`,
    );
    expect([...first.items, ...rest.items].map((one) => one.key)).toEqual([
      'e1',
      'e2',
      'e3',
      'e4',
      'portal-contacts',
    ]);
    expect(rest.next).toBeNull();
  });
});

describe('the list of cases', () => {
  it('runs by most pressing due over all its pages, each case once', async () => {
    await openTestCase(edge.home, {
      receivedAt: new Date(Date.now() - 80 * 3_600_000).toISOString(),
    });
    const seen: CaseSummary[] = [];
    let next: string | null = '';
    while (next !== null) {
      const path = `/cases?limit=2${next === '' ? '' : `&cursor=${next}`}`;
      const listed: Page<CaseSummary> = await get(path);
      seen.push(...listed.items);
      next = listed.next;
    }
    expect(new Set(seen.map((one) => one.caseId)).size).toBe(seen.length);
    const dues = seen.map((one) => one.nextDueRingAt ?? '9999');
    expect(dues).toEqual([...dues].sort());
    expect(seen[0]?.reportedLate).toBe(true);
  });
});

describe('a notice', () => {
  it('is read with its exact words, its digest as ETag, and the bytes one recipient gets', async () => {
    const { items } = await get<Page<NoticeSummary>>(`/cases/${full.caseId}/notices`);
    const people = items.find((one) => one.recipientKind === 'data-subject');
    expect(people).toMatchObject({ recipientCount: 3, approvals: { counted: 0, needed: 1 } });
    const answer = await api(edge, 'GET', `/notices/${people?.noticeId ?? ''}`, { as: 'leo' });
    const view = answer.json as NoticeView;
    expect(answer.headers['etag']).toBe(`"${view.digest ?? ''}"`);
    expect(view.rows).toHaveLength(3);
    expect(view.variants[0]?.text).toContain('EXERCISE');
    const path = `/notices/${view.noticeId}/versions/1/sample.eml?recipient=${view.rows[0]?.recipientKey ?? ''}`;
    const sample = await api(edge, 'GET', path, { as: 'leo' });
    expect(sample.text).toContain(`To: <${view.rows[0]?.address ?? ''}>`);
  });
});

describe('the register', () => {
  it('is verified and exported line by line', async () => {
    expect(await get('/register/verification')).toMatchObject({ ok: true, faults: [] });
    const answer = await api(edge, 'GET', `/register/export?case=${full.reference}`, { as: 'aud' });
    expect(answer.headers['content-type']).toContain('text/plain');
    const lines = answer.text.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) JSON.parse(line);
  });
});

describe('someone of another unit', () => {
  it('gets for a case of ours what an unknown id gives, everywhere', async () => {
    const { items } = await get<Page<NoticeSummary>>(`/cases/${full.caseId}/notices`);
    const { items: owed } = await get<Page<ObligationView>>(`/cases/${full.caseId}/obligations`);
    const noticeId = items[0]?.noticeId ?? '';
    const reads = (caseId: string, notice: string) => [
      `/cases/${caseId}`,
      ...['obligations', 'exposures', 'notices', 'timeline', 'tasks', 'alarms'].map(
        (part) => `/cases/${caseId}/${part}`,
      ),
      `/notices/${notice}`,
      `/notices/${notice}/versions/1/sample.eml`,
    ];
    const [ours, unknown] = [reads(full.caseId, noticeId), reads(randomUUID(), randomUUID())];
    for (const [index, path] of ours.entries()) {
      const seen = await api(edge, 'GET', path, { as: 'ruben' });
      const none = await api(edge, 'GET', unknown[index] ?? '', { as: 'ruben' });
      const shown = ({ text }: { text: string }) => ({
        ...(JSON.parse(text) as object),
        correlationId: '',
      });
      expect([path, seen.status]).toEqual([path, 404]);
      expect(shown(seen)).toEqual(shown(none));
    }
    expect((await get<Page<CaseSummary>>('/cases', 'ruben')).items).toEqual([]);
    expect((await get<Page<NoticeSummary>>('/notices', 'ruben')).items).toEqual([]);
    expect(owed.length).toBeGreaterThan(0);
  });

  it('cannot act on it either', async () => {
    const body = { facts: [{ name: 'misuseObserved', value: true }] };
    for (const caseId of [full.caseId, full.reference, randomUUID(), 'D-2020-0001', 'x']) {
      const answer = await api(edge, 'POST', `/cases/${caseId}/facts`, { as: 'ruben', body });
      expect([caseId, answer.status]).toEqual([caseId, 404]);
    }
  });

  it('sees nothing of it on the pages', async () => {
    const ruben = await signIn(edge, 'ruben');
    expect((await page(edge, ruben, `/cases/${full.reference}`)).status).toBe(404);
    expect((await page(edge, ruben, '/')).html).not.toContain(full.reference);
  });
});

describe('who asks', () => {
  it('is told its roles and rights', async () => {
    expect(await get('/me', 'dora')).toMatchObject({
      name: 'dora',
      roles: ['dpo'],
      rights: [
        'read-case',
        'record-facts',
        'give-opinion',
        'revoke-authorisation',
        'return-notice',
        'complete-task',
        'read-register',
        'read-readiness',
      ],
    });
  });
});

describe('the server', () => {
  it('lives, and is ready when database, migrations and relay are', async () => {
    expect((await edge.app.inject({ url: '/healthz' })).json()).toEqual({ ok: true });
    const without = await edge.app.inject({ url: '/readyz' });
    expect(without.statusCode).toBe(503);
    expect(without.json()).toMatchObject({
      checks: [
        { name: 'database', ok: true },
        { name: 'migrations', ok: true },
        { name: 'relay', ok: false },
      ],
    });
    await edge.home.pool.query(
      `INSERT INTO tocsin.heartbeat (name, at) VALUES ('relay', clock_timestamp())`,
    );
    expect((await edge.app.inject({ url: '/readyz' })).statusCode).toBe(200);
  });
});

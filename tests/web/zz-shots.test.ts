import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { testEdge, casePendingApproval } from './edge.ts';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { loadDemo } from '../../src/intake/demo/load.ts';
import { by, highRiskFacts, openTestCase } from '../support/house.ts';
import { approveNotices } from '../../src/commands/approve-notices.ts';
import { returnNotice } from '../../src/commands/return-notice.ts';
import { giveOpinion } from '../../src/commands/give-opinion.ts';
it('shots', { timeout: 3_600_000 }, async () => {
  const edge = await testEdge({ embedded: null } as never);
  const { home } = edge;
  const q = await home.pool.query(
    'select key, kind, product_keys, processing_keys from asset where until is null',
  );
  console.log(q.rows.length);
  for (const [login, name] of Object.entries({
    rita: 'Rita Tamm',
    leo: 'Leo Saar',
    lena: 'Lena Vogt',
    dora: 'Dora Lind',
    eva: 'Eva Holm',
    ruben: 'Ruben Kask',
    aud: 'Aud Berg',
    adam: 'Adam Rand',
  })) {
    await home.pool.query('update person set name=$2 where subject=$1', [login, name]);
  }
  await loadDemo(catalogueStore(home.pool), 1);
  const assets = (
    await home.pool.query(
      "select a.key, a.kind, a.product_keys, a.processing_keys, (select count(*)::int from engagement e where e.until is null and a.key = any(e.asset_keys)) n from asset a where until is null and (a.key <> ALL(ARRAY['collector','host','cluster','portal-db']))",
    )
  ).rows;
  console.log(JSON.stringify(assets));
  const old = new Date(Date.now() - 80 * 3_600_000).toISOString();
  await openTestCase(home, {
    title: 'Backup tapes missing after courier change',
    receivedAt: old,
    zone: 'Europe/Tallinn',
  });
  await openTestCase(home, {
    title: 'Abuse complaint: phishing kit on shared web hosting',
    receivedAt: new Date(Date.now() - 60 * 3_600_000).toISOString(),
  });
  await openTestCase(home, {
    title: 'Unusual sign-ins to the customer portal',
    speed: 3600,
    zone: 'Europe/Brussels',
    description:
      'The watch saw 240 sign-ins from one network within ten minutes.\nAll used correct passwords at the first attempt.',
  });
  const picked = assets.filter((a: any) => a.n > 0 && a.n < 30).slice(0, 3);
  const portal = assets.filter((a: any) => a.processing_keys.length > 0).slice(0, 1);
  const many = await casePendingApproval(edge, {
    speed: 1,
    title: 'Credentials of a hypervisor administrator misused from outside',
    zone: 'Europe/Tallinn',
    description:
      'An administrator account was used at 03:12 from an address nobody knows. Virtual machines of several customers were opened; the portal database was copied.',
    hits: [...picked, ...portal].map((a: any) => ({ kind: 'asset' as const, key: a.key })),
  });
  await openTestCase(home, { title: 'Tiny', hits: [] });
  const small = await casePendingApproval(edge, {
    title: 'Portal database copied',
    zone: 'Europe/Tallinn',
    receivedAt: new Date(Date.now() - 20 * 3_600_000).toISOString(),
  });
  const notices = (
    await home.house.as(home.people.leo, ({ views }) =>
      views.notices({ caseId: small.caseId, limit: 50, cursor: null }),
    )
  ).items;
  const [a, b, c] = notices;
  await giveOpinion(home.house, by(home.people.dora), {
    noticeId: a!.noticeId,
    text: 'The wording is fair. Name the hotline.',
  });
  await approveNotices(home.house, by(home.people.leo), {
    notices: [{ noticeId: b!.noticeId, digest: b!.digest! }],
    recipientCount: null,
  });
  await returnNotice(home.house, by(home.people.leo), {
    noticeId: c!.noticeId,
    reason: 'Say when it began.',
  });
  const address = await edge.app.listen({ host: '127.0.0.1', port: 8099 });
  writeFileSync(
    '/tmp/shots.json',
    JSON.stringify({
      address,
      tokens: edge.tokens,
      many,
      small,
      notices: notices.map((n) => [n.noticeId, n.recipientKind, n.state]),
    }),
  );
  rmSync('/tmp/stop-shots', { force: true });
  while (!existsSync('/tmp/stop-shots')) await new Promise((r) => setTimeout(r, 500));
  await edge.close();
});

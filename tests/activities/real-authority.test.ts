/** Outside drills, an authority that takes e-mail is notified by machine once a person has confirmed its address. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { draftStep, scopeStep } from '../../src/commands/advance-case.ts';
import { confirmAddress } from '../../src/commands/confirm-address.ts';
import { determineCase } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { freezeNotice } from '../../src/commands/freeze-notice.ts';
import { engine, freezeDeps } from '../faults/dispatch-seed.ts';
import { by, highRiskFacts, openTestCase, testHouse, type TestHouse } from '../support/house.ts';

let home: TestHouse;
beforeAll(async () => {
  home = await testHouse('own');
});
afterAll(() => home.close());

/** The channel of the notice to the authority of a fresh real case, after the engine has drafted and frozen it. */
async function channelOfFrozen(): Promise<string | undefined> {
  const { caseId } = await openTestCase(home, {
    mode: 'real',
    hits: [{ kind: 'asset', key: 'portal-db' }],
    facts: highRiskFacts,
  });
  const reason = 'credentials seen on a paste site';
  await determineCase(home.house, by(home.people.leo), {
    caseId,
    determination: 'breach',
    reason,
  });
  await scopeStep(home.house, caseId);
  await determineStep(home.house, caseId);
  await draftStep(home.house, caseId);
  const ids = await home.house.as(engine, (store) => store.notices.idsOfCase(caseId, ['drafting']));
  for (const noticeId of ids) {
    const notice = await home.house.as(engine, (store) => store.notices.read(noticeId));
    if (notice?.recipientKind !== 'authority') continue;
    await freezeNotice(home.house, freezeDeps, noticeId);
    return (await home.house.as(engine, (store) => store.notices.read(noticeId)))?.channel;
  }
  return undefined;
}

it('is filed by a person while nobody has confirmed the address', async () => {
  expect(await channelOfFrozen()).toBe('portal');
});

it('goes out by machine after the address was confirmed', async () => {
  const confirmed = await confirmAddress(home.house, by(home.people.leo), {
    authorityId: 'ee-aki',
    email: 'breach@authority.example',
    evidence: 'Called back on the number of the authority',
  });
  expect(confirmed).toMatchObject({ ok: true, value: { state: 'confirmed' } });
  expect(await channelOfFrozen()).toBe('email');
});

/** A breach of the demo's voice service from report to close: two national authorities, subscribers that are companies, a carrier. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogueStore } from '../../src/adapters/postgres/catalogue-import.ts';
import { scopeStep } from '../../src/commands/advance-case.ts';
import { decideObligation } from '../../src/commands/decide-obligation.ts';
import { closeCase, determineCase } from '../../src/commands/determine-case.ts';
import { determineStep } from '../../src/commands/determine-obligations.ts';
import { listReadiness } from '../../src/commands/list-readiness.ts';
import { recordReadiness } from '../../src/commands/record-readiness.ts';
import { recordDetection } from '../../src/commands/record-detection.ts';
import { recordFacts } from '../../src/commands/record-facts.ts';
import { recordReceipt } from '../../src/commands/record-receipt.ts';
import { fromMs, plusHours } from '../../src/domain/instant.ts';
import type { Obligation } from '../../src/domain/obligation.ts';
import { loadDemo } from '../../src/intake/demo/load.ts';
import { by, highRiskFacts, openTestCase } from '../support/house.ts';
import { lower } from '../support/lowering.ts';
import { phasesHouse, type PhasesHouse } from '../support/phases.ts';

let home: PhasesHouse;
beforeAll(async () => {
  home = await phasesHouse();
  await loadDemo(catalogueStore(home.pool), 7);
});
afterAll(() => home.close());

const hits = [{ kind: 'asset' as const, key: 'call-switch-01' }];
const hoursAgo = (hours: number): string => fromMs(Date.now() - hours * 3_600_000);

const obligations = (caseId: string): Promise<readonly Obligation[]> =>
  home.house.as(home.people.leo, (store) => store.obligations.ofCase(caseId));
const under = async (caseId: string, provision: string): Promise<readonly Obligation[]> =>
  (await obligations(caseId)).filter((one) => one.provision === provision);

/** A person files at the portal of each authority that waits for it. */
async function fileAll(caseId: string): Promise<void> {
  for (const { noticeId, channel, state } of await home.notices(caseId, 'initial')) {
    if (channel !== 'portal' || state !== 'released') continue;
    const answer = await recordReceipt(home.house, by(home.people.leo), {
      ...{ noticeId, kind: 'reference', evidence: 'AZ 4711', receivedAt: null },
    });
    if (!answer.ok) throw new Error(answer.problem.detail);
  }
  await home.settle(caseId);
}

describe('a breach of a public communications service', () => {
  it('is owed to BNetzA and BfDI within 24 hours of detection, and not once more under Art. 33', async () => {
    const receivedAt = hoursAgo(2);
    const caseId = await home.draftedBreach({ hits, receivedAt });
    const first = await under(caseId, 'eprivacy-611/2/2');
    expect(first.map(({ recipientKey, state, dueAt }) => [recipientKey, state, dueAt])).toEqual([
      ['de-bfdi', 'owed', plusHours(receivedAt, 24)],
      ['de-bnetza', 'owed', plusHours(receivedAt, 24)],
    ]);
    const general = await under(caseId, 'gdpr/33/1');
    expect(general.length).toBeGreaterThan(0);
    for (const { state, reason } of general) {
      expect(state).toBe('not-owed');
      expect(reason).toContain('Regulation (EU) No 611/2013');
      expect(reason).toContain('Art. 95 GDPR');
    }
    const detectedAt = hoursAgo(5);
    const answer = await recordDetection(home.house, by(home.people.leo), {
      ...{ caseId, detectedAt, zone: 'Europe/Berlin', offsetMinutes: 60, evidence: 'switch log' },
    });
    expect(answer.ok).toBe(true);
    await home.settle(caseId);
    for (const { dueAt } of await under(caseId, 'eprivacy-611/2/2'))
      expect(dueAt).toBe(plusHours(detectedAt, 24));
  });

  it('is told to each subscriber once in its language, and to the carrier as supplier, to nobody else', async () => {
    const caseId = await home.draftedBreach({ hits });
    const [subscribers, carriers] = [
      await under(caseId, 'eprivacy-611/3/1'),
      await under(caseId, 'eprivacy-611/5'),
    ];
    expect(subscribers.map(({ state }) => state)).toEqual(subscribers.map(() => 'owed'));
    expect([subscribers.length, carriers.length]).toEqual([5, 1]);
    expect(carriers[0]?.state).toBe('owed');
    const { awareAt } = (await home.house.as(home.people.leo, ({ views }) =>
      views.case(caseId),
    )) ?? {
      awareAt: '',
    };
    expect(carriers[0]?.targetAt).toBe(plusHours(awareAt, 2));
    const alarms = await home.house.as(home.people.leo, ({ views }) => views.alarms(caseId));
    const atOnce = alarms.find(
      ({ subject, step }) =>
        subject === `obligation/${carriers[0]?.obligationId ?? ''}` && step === 'target',
    );
    expect(atOnce?.dueAt).toBe(plusHours(awareAt, 2));
    const keys = subscribers.map(({ recipientKey }) => recipientKey);
    expect(keys).not.toContain(carriers[0]?.recipientKey);
    const toSubscriber = await home.textOf(caseId, 'initial', keys[0] ?? '');
    expect(toSubscriber).toContain('Art. 3 der Verordnung (EU) Nr. 611/2013');
    expect(toSubscriber).toContain('GmbH');
    expect(toSubscriber).not.toContain('{{');
    const toCarrier = await home.textOf(caseId, 'initial', carriers[0]?.recipientKey ?? '');
    expect(toCarrier).toContain('Art. 5 der Verordnung (EU) Nr. 611/2013');
    const toAuthority = await home.textOf(caseId, 'initial', 'de-bnetza');
    expect(toAuthority).toContain('Bundesnetzagentur');
    expect(toAuthority).toContain('erste Benachrichtigung');
    expect(toAuthority).toContain('Betroffene Teilnehmer: 5');
    expect(toAuthority).toContain('Vorleistung erbringen: 1');
  });

  it('goes to each authority as a pack with the items of Annex I, at the address for providers', async () => {
    const caseId = await home.draftedBreach({ hits });
    const packs = await home.house.as(home.people.leo, async ({ documents }) =>
      Promise.all(
        (await documents.list({ caseId }))
          .filter(({ mediaType }) => mediaType === 'text/plain')
          .map(async ({ documentId }) =>
            Buffer.from((await documents.open(documentId)) ?? []).toString('utf8'),
          ),
      ),
    );
    expect(packs).toHaveLength(2);
    for (const pack of packs) {
      expect(pack).toContain('Name des Betreibers: Halden Fjord Networks Deutschland GmbH');
      expect(pack).toContain('Erste oder zweite Benachrichtigung: erste Benachrichtigung');
      expect(pack).toContain('Zahl der Teilnehmer oder Personen: 5');
      expect(pack).toContain('Betreiber, denen wir Vorleistungen erbringen: 1');
      expect(pack).not.toContain('Art. 33');
    }
    expect(packs.some((pack) => pack.includes('Datenschutzverletzungenmelden'))).toBe(true);
    expect(packs.some((pack) => pack.includes('DasVerfahrenNachParagraf109A'))).toBe(true);
  });

  it('brings a second notice within three days of what was actually submitted, to each authority, with alarms', async () => {
    const caseId = await home.sentBreach({ hits });
    expect(await under(caseId, 'eprivacy-611/2/3')).toEqual([]);
    await fileAll(caseId);
    const first = await under(caseId, 'eprivacy-611/2/2');
    const second = await under(caseId, 'eprivacy-611/2/3');
    expect(second.map(({ recipientKey, state }) => [recipientKey, state])).toEqual([
      ['de-bfdi', 'owed'],
      ['de-bnetza', 'owed'],
    ]);
    second.forEach(({ dueAt }, index) => {
      expect(dueAt).toBe(plusHours(first[index]?.dispatchedAt ?? '', 72));
    });
    const alarms = await home.house.as(home.people.leo, ({ views }) => views.alarms(caseId));
    for (const { obligationId } of second)
      expect(alarms.filter(({ subject }) => subject === `obligation/${obligationId}`).length).toBe(
        5,
      );
    const inReview = (await home.notices(caseId, 'initial')).filter(
      ({ state }) => state === 'in-review',
    );
    expect(inReview.map(({ provision }) => provision)).toEqual(
      second.map(() => 'eprivacy-611/2/3'),
    );
    const text = await home.textOf(caseId, 'initial', 'de-bnetza');
    expect(text).toContain('zweite Benachrichtigung');
    expect(text).toContain('Ihr Aktenzeichen: AZ 4711');
  });

  it('says what is new in the second notice and not in a supplement beside it; later news supplements the second', async () => {
    const caseId = await home.sentBreach({ hits });
    await fileAll(caseId);
    const learn = async (value: number): Promise<void> => {
      const answer = await recordFacts(home.house, by(home.people.rita), {
        ...{ caseId, hits: [] },
        facts: [
          {
            ...{ about: 'case', name: 'subjects.count', value, certainty: 'confirmed' },
            ...{ source: 'billing', observedAt: null },
          },
        ],
      });
      if (!answer.ok) throw new Error(answer.problem.detail);
      await home.settle(caseId);
    };
    await learn(120);
    const isToAuthority = ({ recipientKind }: { recipientKind: string }): boolean =>
      recipientKind === 'authority';
    expect((await home.notices(caseId, 'supplementary')).filter(isToAuthority)).toEqual([]);
    expect(await home.textOf(caseId, 'initial', 'de-bnetza')).toContain('120');
    await home.approveAll(caseId);
    await fileAll(caseId);
    await learn(130);
    const later = (await home.notices(caseId, 'supplementary')).filter(isToAuthority);
    expect(later.map(({ provision }) => provision)).toEqual([
      'eprivacy-611/2/3',
      'eprivacy-611/2/3',
    ]);
  });

  it('leaves what people decided of subscribers as it is when a first notice is filed', async () => {
    const caseId = await home.draftedBreach({ hits, facts: [] });
    const undecided = await under(caseId, 'eprivacy-611/3/1');
    expect(undecided.map(({ state }) => state)).toEqual(undecided.map(() => 'to-decide'));
    const [told, spared] = undecided;
    await lower(home, caseId, {
      ...{ kind: 'not-notified', obligationId: spared?.obligationId ?? '' },
    });
    await decideObligation(home.house, by(home.people.leo), {
      ...{ obligationId: told?.obligationId ?? '', owed: true, reason: 'call lists were copied' },
    });
    await home.settle(caseId);
    await home.approveAll(caseId);
    await fileAll(caseId);
    expect(await under(caseId, 'eprivacy-611/2/3')).toHaveLength(2);
    const after = await under(caseId, 'eprivacy-611/3/1');
    const stateOf = (one: Obligation | undefined): string | undefined =>
      after.find(({ obligationId }) => obligationId === one?.obligationId)?.state;
    expect([stateOf(told), stateOf(spared)]).toEqual(['discharged', 'not-owed']);
    expect(await home.tasks(caseId, 'review-obligation')).toEqual([]);
  });

  it('can be closed once everybody is told and both notices are filed', async () => {
    const caseId = await home.sentBreach({ hits });
    const close = () =>
      closeCase(home.house, by(home.people.leo), { caseId, reason: 'all notices proven' });
    expect(await close()).toMatchObject({ ok: false });
    await fileAll(caseId);
    expect(await close()).toMatchObject({ ok: false });
    await home.approveAll(caseId);
    await fileAll(caseId);
    expect(await close()).toMatchObject({ ok: true });
    expect((await obligations(caseId)).filter(({ late }) => late)).toEqual([]);
  });

  it('that is filed late is asked for its reasons, without an article that does not bind a provider', async () => {
    const caseId = await home.sentBreach({ hits, receivedAt: hoursAgo(30) });
    await fileAll(caseId);
    const titles = (await home.tasks(caseId, 'reasons-for-delay')).map(({ title }) => title);
    expect(titles).toHaveLength(2);
    for (const title of titles) {
      expect(title).toMatch(/^It left late: record the reasons\./);
      expect(title).not.toContain('Art. 33');
    }
  });

  it('of which every line is excluded with evidence is not notified, and the reason stays', async () => {
    const { caseId } = await openTestCase(home, { hits, facts: highRiskFacts });
    const { leo } = home.people;
    await determineCase(home.house, by(leo), { caseId, determination: 'breach', reason: 'x' });
    await scopeStep(home.house, caseId);
    await lower(home, caseId, {
      ...{ kind: 'excluded', entries: [{ select: 'product', key: 'voice-access' }] },
    });
    await home.settle(caseId);
    const lines = (await obligations(caseId)).filter(({ provision }) =>
      ['eprivacy-611/2/2', 'eprivacy-611/3/1', 'eprivacy-611/5'].includes(provision),
    );
    expect(lines).toHaveLength(8);
    for (const { state, reason } of lines) {
      expect(state).toBe('not-owed');
      expect(reason).toContain('excluded');
    }
  });
});

describe('readiness', () => {
  it('lists the authorities a national provider files with, and takes a record of who files at BNetzA', async () => {
    const lines = await home.house.as(home.people.leo, (store) => listReadiness(store));
    const german = lines.filter(({ affiliateKey }) => affiliateKey === 'de');
    expect(german.map(({ authorityId }) => authorityId).sort()).toEqual([
      'de-be-blnbdi',
      'de-bfdi',
      'de-bnetza',
    ]);
    const { leo, lena, eva } = home.people;
    const answer = await recordReadiness(home.house, by(leo), {
      ...{ authorityId: 'de-bnetza', affiliateKey: 'de', account: 'exists', eid: 'held' },
      ...{ accountHolderId: leo.personId, eidHolderId: lena.personId, deputyId: eva.personId },
      ...{ testedOn: '2026-01-15', filingMinutes: 40, formVersion: null, note: null },
    });
    expect(answer).toMatchObject({ ok: true });
  });
});

describe('every engagement in scope', () => {
  it('has exactly one outcome on each track it stands on, and one filing for each provider', async () => {
    const { caseId } = await openTestCase(home, {
      hits: [...hits, 'ip-transit', 'virtual-servers', 'dns'].map((hit) =>
        typeof hit === 'string' ? { kind: 'product' as const, key: hit } : hit,
      ),
      facts: highRiskFacts,
    });
    await determineCase(home.house, by(home.people.leo), {
      ...{ caseId, determination: 'breach', reason: 'x' },
    });
    await scopeStep(home.house, caseId);
    await determineStep(home.house, caseId);
    const { tracks, exposures } = await home.house.as(home.people.leo, async ({ cases }) => ({
      tracks: await cases.tracks(caseId),
      exposures: await cases.exposures(caseId),
    }));
    const lines = await obligations(caseId);
    const engagements = exposures.filter(({ kind }) => kind === 'engagement');
    expect(engagements.length).toBeGreaterThan(200);
    expect(new Set(tracks.map(({ role }) => role))).toEqual(
      new Set(['controller', 'processor', 'provider']),
    );
    const outcomes = engagements.map(({ key, providerKey }) => {
      const named = lines.filter(
        ({ recipientKind, engagementKeys }) =>
          (recipientKind === 'controller' || recipientKind === 'data-subject') &&
          engagementKeys.includes(key),
      );
      const onTracks = new Set(named.map(({ trackId }) => trackId)).size;
      return [key, named.length, onTracks, providerKey === null ? 1 : 2];
    });
    for (const [, named, onTracks, positions] of outcomes)
      expect([named, onTracks]).toEqual([positions, positions]);
    const filings = lines.filter(
      ({ provision, state }) => provision === 'eprivacy-611/2/2' && state === 'owed',
    );
    expect(filings.map(({ recipientKey }) => recipientKey)).toEqual(['de-bfdi', 'de-bnetza']);
  });
});

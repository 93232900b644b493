/** Notices to an authority that nobody approves, for their whole 72 hours: what a standing authorisation lets out, and when. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { revokeAuthorisation } from '../../src/commands/standing-authorisation.ts';
import { toMs, type Instant } from '../../src/domain/instant.ts';
import { by } from '../support/house.ts';
import { openBreach, type Breach } from './breach.ts';
import { actsHoursBeforeDue, standingAuthorisation } from './standing-authorisation.ts';
import { hoursWorld, type World } from './world.ts';

const authority = 'ee-aki';
const actsAt = 72 - actsHoursBeforeDue;
let world: World;
/** Its instant comes while the authorisation is in force. */
let first: Breach;
/** Opened later: its instant comes after the authorisation is revoked. */
let second: Breach;
/** What the first notice was a quarter of an hour before the engine may act. */
let stateBefore: string | undefined;
let mailsBefore: number;

const noticeOf = async (breach: Breach) => {
  const found = (await breach.owed()).get(authority);
  if (found === undefined) throw new Error('nothing is owed to the authority');
  return found;
};

const mailsOf = (noticeId: string) =>
  world.mailbox.received.filter((mail) => mail.noticeId === noticeId);

beforeAll(async () => {
  world = await hoursWorld('demo');
  const authorisationId = await standingAuthorisation(world.home);
  first = await openBreach(world, ['portal-db'], 1);
  await first.settled('in-review', [authority]);
  await world.until(first.at(4), []);
  second = await openBreach(world, ['portal-db'], 1);
  await second.settled('in-review', [authority]);
  await world.until(first.at(actsAt - 0.25), []);
  stateBefore = (await noticeOf(first)).noticeState;
  mailsBefore = world.mailbox.received.length;
  await world.until(first.at(actsAt + 0.25), [first.at(actsAt)]);
  await first.settled('dispatched', [authority]);
  const input = { authorisationId, reason: 'no longer wanted' };
  const revoked = await revokeAuthorisation(world.home.house, by(world.home.people.eva), input);
  if (!revoked.ok) throw new Error(revoked.problem.detail);
  await world.until(second.at(73), [second.at(actsAt), second.at(72)]);
}, 600_000);
afterAll(() => world.close());

describe('a notice nobody approves', () => {
  it('waits for people until two hours before its due', () => {
    expect([stateBefore, mailsBefore]).toEqual(['in-review', 0]);
  });

  it('then leaves once, in time, under the authorisation two people signed', async () => {
    const { noticeId, dispatchedAt, late, dueAt } = await noticeOf(first);
    expect(dueAt).toBe(first.at(72));
    expect(mailsOf(noticeId)).toHaveLength(1);
    expect(late).toBe(false);
    const [release, ...others] = await world.read<{ basis: string; at: Instant }>(
      `SELECT r.basis, r.at FROM release r JOIN notice_version v ON v.id = r.version_id WHERE v.notice_id = $1`,
      [noticeId],
    );
    expect([release?.basis, others]).toEqual(['standing-authorisation', []]);
    const afterMs = toMs(release?.at ?? '') - toMs(first.at(actsAt));
    expect(Math.floor(afterMs / 60_000)).toBe(0);
    expect((dispatchedAt ?? '') < dueAt).toBe(true);
  });

  it('calls somebody to read what left without a fresh approval', async () => {
    const { noticeId } = await noticeOf(first);
    const tasks = await world.read(
      `SELECT kind, role FROM task WHERE subject = $1 AND state = 'open'`,
      [`notice/${noticeId}`],
    );
    expect(tasks).toContainEqual({ kind: 'read-released', role: 'executive' });
    const steps = (await world.rungs(first.caseId)).map(({ step }) => step);
    expect(steps.filter((step) => step === 'released-standing')).toHaveLength(1);
    expect(steps).not.toContain('due');
  });

  it('does not leave once the authorisation is revoked: its due rings, and it is still in review', async () => {
    const { noticeId, noticeState, dispatchedAt } = await noticeOf(second);
    expect([noticeState, dispatchedAt, mailsOf(noticeId)]).toEqual(['in-review', null, []]);
    const steps = (await world.rungs(second.caseId)).map(({ step }) => step);
    expect(steps.filter((step) => step === 'due')).toHaveLength(1);
  });
});

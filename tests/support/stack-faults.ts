/** Faults and what only time would bring, staged on a demo stack, and how a case is compared with one nobody disturbed. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { conductorOver } from '../../src/adapters/temporal/conductor.ts';
import { connectClient } from '../../src/adapters/temporal/connection.ts';
import { readKeyRing } from '../../src/adapters/temporal/payload-codec.ts';
import { keyFiles } from '../../src/embedded/keys.ts';
import { untilNothingIsMissing, type DemoStack } from './stack.ts';

/** Stops Temporal and waits until the house has noticed, so that answers say so. */
export async function withoutTemporal(stack: DemoStack): Promise<void> {
  await stack.running.stop('temporal');
  await untilNothingIsMissing(async () => {
    const rows = await stack.query<{ temporal: string }>(
      `SELECT detail ->> 'temporal' AS temporal FROM heartbeat WHERE name = 'relay'`,
    );
    return rows[0]?.temporal === 'down' ? null : 'the relay has not noticed that Temporal is gone';
  });
}

interface HeldMail {
  /** It takes what was sent to it meanwhile, though nobody may wait for its answer any more. */
  goOn(): void;
  /** It dies with what it had not yet kept, and is started again. */
  die(): void;
}

/** A mass dispatch may be over before anybody looks again: the mail server works for so long between two looks. */
const pulseMs = 5;

/**
 * Holds the mail server still in the middle of a mass dispatch: so many mails of the case are sent, and at least one is
 * at its final dot without an answer.
 */
export async function holdMailAt(
  stack: DemoStack,
  caseId: string,
  taken: number,
): Promise<HeldMail> {
  const sandbox = (signal: NodeJS.Signals) => {
    stack.running.kill('sandbox', signal);
  };
  await untilNothingIsMissing(async () => {
    const { sent, atDot } = await rowsOf(stack, caseId);
    return sent + atDot > 0 ? null : 'the beginning of the dispatch';
  }, 2);
  for (;;) {
    sandbox('SIGSTOP');
    // What was answered already is written down; what is asked now stays without an answer.
    await wait(300);
    const rows = await rowsOf(stack, caseId);
    if (rows.left === 0) {
      sandbox('SIGCONT');
      throw new Error('the dispatch was over before the fault');
    }
    if (rows.sent >= taken && rows.atDot > 0) {
      return {
        goOn: () => {
          sandbox('SIGCONT');
        },
        die: () => {
          sandbox('SIGKILL');
        },
      };
    }
    sandbox('SIGCONT');
    await wait(pulseMs);
  }
}

/** Rows of the mass notice of a case: sent, at the final dot, and not yet at an end. */
async function rowsOf(
  stack: DemoStack,
  caseId: string,
): Promise<{ sent: number; atDot: number; left: number }> {
  const [rows] = await stack.query<{ sent: number; atDot: number; left: number }>(
    `SELECT count(*) FILTER (WHERE d.state = 'sent') AS sent, count(*) FILTER (WHERE d.state = 'at-dot') AS "atDot",
       count(*) FILTER (WHERE d.state IN ('pending', 'retry', 'claimed', 'at-dot')) AS left
     FROM delivery d JOIN notice n ON n.id = d.notice_id
     WHERE d.case_id = $1 AND n.recipient_kind = 'data-subject'`,
    [caseId],
  );
  return rows ?? { sent: 0, atDot: 0, left: 0 };
}

/** Kills the worker without warning, and waits until nothing it asked of the database is under way any more. */
export async function killWorker(stack: DemoStack): Promise<void> {
  const dead = stack.running.processes.worker?.pid;
  const connections = `SELECT pid FROM pg_stat_activity WHERE application_name = 'tocsin-worker'`;
  const asked = (await stack.query<{ pid: number }>(connections)).map(({ pid }) => pid);
  stack.running.kill('worker', 'SIGKILL');
  await untilNothingIsMissing(async () => {
    if (stack.running.processes.worker?.pid === dead) return 'the end of the worker';
    const left = await stack.query<{ pid: number }>(connections);
    return left.some(({ pid }) => asked.includes(pid)) ? 'the end of its connections' : null;
  });
}

/** As two minutes before the dot, or twelve at it, would do: what a dead worker held is no longer its own. */
export async function leasesOfTheDeadEnd(stack: DemoStack, caseId: string): Promise<void> {
  await stack.query(
    `WITH ended AS (
       UPDATE delivery SET lease_until = clock_timestamp() - interval '1 second'
       WHERE case_id = $1 AND lease_until > clock_timestamp() RETURNING notice_id)
     INSERT INTO wake (workflow, subject_id) SELECT DISTINCT 'notice', notice_id FROM ended`,
    [caseId],
  );
}

interface Doubt {
  readonly id: string;
  readonly noticeId: string;
  readonly address: string;
}

/** Waits until every recipient of the case has come to an end or is in doubt and the register covers it, and gives the doubts. */
export async function atRest(stack: DemoStack, caseId: string): Promise<readonly Doubt[]> {
  await untilNothingIsMissing(async () => {
    const { left } = await rowsOf(stack, caseId);
    if (left > 0) return `${String(left)} to be sent`;
    const [unfolded] = await stack.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM delivery_event e WHERE case_id = $1 AND e.id >
         (SELECT coalesce(max(to_event), 0) FROM delivery_fold f WHERE f.case_id = e.case_id)`,
      [caseId],
    );
    return unfolded?.count === 0 ? null : `${String(unfolded?.count)} transitions to be folded`;
  });
  return stack.query<Doubt>(
    `SELECT id, notice_id AS "noticeId", address FROM delivery WHERE case_id = $1 AND state = 'in-doubt' ORDER BY id`,
    [caseId],
  );
}

/** Looks into the sink, as a person would, and says for each doubt what became of it; gives how many never arrived. */
export async function resolveDoubts(stack: DemoStack, doubts: readonly Doubt[]): Promise<number> {
  const arrived = new Set(
    (await stack.sink()).flatMap(({ to, noticeId }) => to.map((one) => `${one} ${noticeId ?? ''}`)),
  );
  let lost = 0;
  for (const { id, noticeId, address } of doubts) {
    const how = arrived.has(`${address} ${noticeId}`) ? 'sent' : 'abandoned';
    if (how === 'abandoned') lost++;
    const reason = how === 'sent' ? 'It lies in the mailbox' : 'It is not there; told by telephone';
    await stack.as('leo').post(`/deliveries/${id}/resolution`, { how, reason });
  }
  return lost;
}

/**
 * What must come out the same whatever fails meanwhile, without ids and instants: obligations, decisions, end states.
 * Whom a person told instead, after a doubt, counts as told.
 */
export async function outcomeOf(stack: DemoStack, caseId: string): Promise<readonly string[]> {
  const rows = await stack.query<{ line: string }>(
    `SELECT concat_ws(' | ', 'obligation', provision, affiliate_key, recipient_kind, recipient_key, state, due_basis,
       citation, rule_set_version, array_to_string(engagement_keys, ',')) AS line FROM obligation WHERE case_id = $1
     UNION ALL SELECT concat_ws(' | ', 'notice', o.provision, o.affiliate_key, o.recipient_key, n.channel, n.state, n.version,
       v.recipient_count, v.group_key)
     FROM notice n JOIN obligation o ON o.id = n.obligation_id
     JOIN notice_version v ON v.notice_id = n.id AND v.version = n.version WHERE n.case_id = $1
     UNION ALL SELECT concat_ws(' | ', 'delivery', o.provision, o.recipient_key, d.recipient_key, d.address,
       CASE d.state WHEN 'abandoned' THEN 'sent' ELSE d.state END)
     FROM delivery d JOIN notice n ON n.id = d.notice_id JOIN obligation o ON o.id = n.obligation_id WHERE d.case_id = $1
     UNION ALL SELECT concat_ws(' | ', 'approved', o.provision, o.recipient_key, p.subject)
     FROM approval a JOIN notice_version v ON v.id = a.version_id JOIN notice n ON n.id = v.notice_id
     JOIN obligation o ON o.id = n.obligation_id JOIN person p ON p.id = a.person_id WHERE a.case_id = $1
     UNION ALL SELECT concat_ws(' | ', 'case', state, determination, facts_version) FROM case_file WHERE id = $1
     ORDER BY line`,
    [caseId],
  );
  return rows.map(({ line }) => line);
}

/** Waits until Temporal itself runs a workflow for the case and each of its notices. */
export async function untilRebuilt(
  stack: DemoStack,
  caseId: string,
  noticeIds: readonly string[],
): Promise<void> {
  const { temporal, keysDir } = stack.running;
  const place = {
    namespace: temporal.namespace,
    connectionOptions: { address: temporal.address },
  };
  const client = connectClient(place, readKeyRing(join(keysDir, keyFiles.payload)));
  const conductor = conductorOver(client);
  try {
    await untilNothingIsMissing(async () => {
      const running = [await conductor.isRunning('breach-case', caseId)];
      for (const noticeId of noticeIds) running.push(await conductor.isRunning('notice', noticeId));
      const missing = running.filter((one) => !one).length;
      return missing === 0 ? null : `${String(missing)} workflows`;
    });
  } finally {
    await client.connection.close();
  }
}

/** A person told those whom no mail reached, and says so: with that the mass notice is proven. */
export async function tellByTelephone(stack: DemoStack, caseId: string): Promise<void> {
  await untilNothingIsMissing(async () => {
    const [notice] = await stack.query<{ id: string; state: string }>(
      `SELECT id, state FROM notice WHERE case_id = $1 AND recipient_kind = 'data-subject'`,
      [caseId],
    );
    if (notice?.state !== 'dispatched') return 'the end of the mass notice';
    const evidence = 'Those whom no mail reached were told by telephone';
    await stack.as('leo').post(`/notices/${notice.id}/receipt`, { kind: 'reference', evidence });
    return null;
  });
}

/** `tocsin delivery resolve|resolve-all|resend|bounce` and `tocsin clause …`: what follows when a copy did not simply arrive. */
import { Argument } from 'commander';
import type { Command } from 'commander';
import type { ResendClause } from '../domain/resend-ports.ts';
import type { NoticeView } from '../domain/views.ts';
import { withYes } from './case-decisions.ts';
import { examples, repeated } from './program-help.ts';
import { given, openSession, sayEngine } from './session.ts';
import type { Session, Surroundings } from './session.ts';
import { plain } from './terminal.ts';
import { utc } from './when.ts';

/** Adds the commands about single deliveries. */
export function addDeliveryCommands(parent: Command, around: Surroundings): void {
  addResolve(parent, around);
  addResolveAll(parent, around);
  addResend(parent, around);
  addBounce(parent, around);
}

function addResolve(parent: Command, around: Surroundings): void {
  const command = parent
    .command('resolve')
    .description('say how a delivery in doubt ended')
    .argument('<delivery>', 'id, as "tocsin notice show" lists it')
    .addArgument(new Argument('<how>').choices(['sent', 'abandoned']))
    .requiredOption('--reason <text>', 'how you know; kept in the register');
  examples(command, [
    'tocsin delivery resolve 0197… sent --reason "In the log of our relay"',
  ]).action(async (id: string, how: string, options: { reason: string }) => {
    const session = openSession(command, around, 'leo');
    const body = { how, reason: options.reason };
    await actOn(session, id, 'resolution', body, 'Recorded how it ended.');
  });
}

function addResolveAll(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('resolve-all'))
    .description('say how all deliveries in doubt of a notice ended, all or none')
    .argument('<notice>', 'id')
    .addArgument(new Argument('<how>').choices(['sent', 'abandoned']))
    .requiredOption('--reason <text>', 'how you know, for all of them; kept in the register')
    .option('--only <delivery>', 'just these (repeatable)', repeated);
  examples(command, [
    'tocsin delivery resolve-all 0197… sent --reason "All in the log of our relay, 10:42 UTC"',
  ]).action(
    async (
      id: string,
      how: string,
      options: { reason: string; only?: readonly string[]; yes?: boolean },
    ) => {
      const session = openSession(command, around, 'leo');
      const path = `/notices/${encodeURIComponent(id)}`;
      const { doubts } = await session.api.get<Pick<NoticeView, 'doubts'>>(path);
      const { only, reason, yes } = options;
      const count = only?.length ?? doubts.count;
      const what = `This records ${String(count)} of ${String(doubts.count)} copies in doubt as ${how}`;
      await session.confirm({ yes, what, word: 'resolve' });
      const meant = only === undefined ? { digest: doubts.digest } : { deliveryIds: [...only] };
      const answer = await session.api.post<{ resolved: number; engine?: string }>(
        `${path}/doubts/resolution`,
        { how, reason, ...meant },
      );
      session.answer(answer, () => [`Recorded how ${String(answer.resolved)} ended.`]);
      sayEngine(session, answer);
    },
  );
}

function addResend(parent: Command, around: Surroundings): void {
  const command = withYes(parent.command('resend'))
    .description('send a doubtful copy again, marked as a possible duplicate')
    .argument('<delivery>', 'id, as "tocsin notice show" lists it')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(command, ['tocsin delivery resend 0197… --reason "The authority has nothing"']).action(
    async (id: string, options: { reason: string; yes?: boolean }) => {
      const session = openSession(command, around, 'leo');
      const what =
        'The recipient may then have two copies: a second one can alarm, confuse or be counted as a second breach; ' +
        'without any, whoever must know does not. This sends a second copy';
      await session.confirm({ yes: options.yes, what, word: 'resend' });
      const body = { reason: options.reason, weighed: true };
      await actOn(session, id, 'resend', body, 'It is sent again, marked as a possible duplicate.');
    },
  );
}

function addBounce(parent: Command, around: Surroundings): void {
  const command = parent
    .command('bounce')
    .description('record that a message came back after its server had taken it')
    .argument('<delivery>', 'id, as "tocsin notice show" lists it')
    .argument('<evidence>', 'what the report says')
    .option('--at <time>', 'when it came back, RFC 3339 with offset; left out, now');
  examples(command, ['tocsin delivery bounce 0197… "550 5.1.1 unknown user"']).action(
    async (id: string, evidence: string, options: { at?: string }) => {
      const session = openSession(command, around, 'leo');
      const body = given({ evidence, bouncedAt: options.at });
      const path = `/deliveries/${encodeURIComponent(id)}/bounce`;
      const answer = await session.api.post<{ reopened: boolean; engine?: string }>(path, body);
      session.answer(answer, () => [
        answer.reopened
          ? 'Recorded. The obligation is owed again: tell the recipient another way.'
          : 'Recorded. Tell the recipient another way.',
      ]);
      sayEngine(session, answer);
    },
  );
}

async function actOn(
  session: Session,
  id: string,
  act: string,
  body: Parameters<Session['api']['post']>[1],
  line: string,
): Promise<void> {
  const path = `/deliveries/${encodeURIComponent(id)}/${act}`;
  const answer = await session.api.post<{ engine?: string }>(path, body);
  session.answer(answer, () => [line]);
  sayEngine(session, answer);
}

/** Adds `clause list|propose|sign|revoke`. */
export function addClauseCommands(parent: Command, around: Surroundings): void {
  const list = parent.command('list').description('standing clauses, newest first');
  examples(list, ['tocsin clause list']).action(async () => {
    const session = openSession(list, around, 'leo');
    const { items } = await session.api.get<{ items: ResendClause[] }>('/resend-clauses');
    session.answer({ items }, () =>
      items.length === 0
        ? ['No clause: every doubtful copy waits for a person.']
        : items.map(clauseLine),
    );
  });
  const propose = parent
    .command('propose')
    .description('let the machine send to an authority once more when a copy is in doubt')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(propose, ['tocsin clause propose --reason "A missing notice is worse"']).action(
    async (options: { reason: string }) => {
      const session = openSession(propose, around, 'leo');
      const { reason } = options;
      const answer = await session.api.post<{ clauseId: string }>('/resend-clauses', { reason });
      session.answer(answer, () => [
        `Proposed. It stands when somebody else runs "tocsin clause sign ${answer.clauseId}".`,
      ]);
    },
  );
  addSignAndRevoke(parent, around);
}

function addSignAndRevoke(parent: Command, around: Surroundings): void {
  const sign = withYes(parent.command('sign'))
    .description('sign a clause that somebody else proposed')
    .argument('<clause>', 'id');
  examples(sign, ['tocsin clause sign 0197…']).action(
    async (id: string, options: { yes?: boolean }) => {
      const session = openSession(sign, around, 'eva');
      const what = 'This lets the machine send a second copy to an authority without asking';
      await session.confirm({ yes: options.yes, what, word: 'sign' });
      const path = `/resend-clauses/${encodeURIComponent(id)}/signature`;
      const answer = await session.api.post<object>(path, {});
      session.answer(answer, () => ['Signed: the clause is in force.']);
    },
  );
  const revoke = parent
    .command('revoke')
    .description('end a clause at once')
    .argument('<clause>', 'id')
    .requiredOption('--reason <text>', 'why; kept in the register');
  examples(revoke, ['tocsin clause revoke 0197… --reason "Under review"']).action(
    async (id: string, options: { reason: string }) => {
      const session = openSession(revoke, around, 'leo');
      const path = `/resend-clauses/${encodeURIComponent(id)}/revocation`;
      const answer = await session.api.post<object>(path, { reason: options.reason });
      session.answer(answer, () => ['Revoked.']);
    },
  );
}

function clauseLine(one: ResendClause): string {
  const state =
    one.revokedBy !== null
      ? 'revoked'
      : one.signedBy === null
        ? 'one signature'
        : one.stands
          ? 'in force'
          : 'a signer may no longer sign';
  return `${one.clauseId}  ${state}  ${utc(one.proposedAt)}  ${plain(one.proposedBy)}: ${plain(one.reason)}`;
}

/** Adds `notice address`. */
export function addAddressCommand(parent: Command, around: Surroundings): void {
  const command = parent
    .command('address')
    .description('another address for a recipient who was not reached; somebody else approves it')
    .argument('<notice>', 'id')
    .argument('<recipient>', 'key of the recipient, as "tocsin notice show --json" lists it')
    .argument('<address>', 'e-mail address')
    .requiredOption('--reason <text>', 'where it comes from; kept in the register')
    .option('--weighed', 'an earlier copy may have arrived, and a second one was weighed');
  examples(command, [
    'tocsin notice address 0197… cust-0042 dpo@customer.example --reason "By telephone"',
  ]).action(
    async (
      id: string,
      recipientKey: string,
      address: string,
      options: { reason: string; weighed?: boolean },
    ) => {
      const session = openSession(command, around, 'leo');
      const { reason, weighed } = options;
      const body = given({
        recipientKey,
        address,
        reason,
        weighed: weighed === true ? true : undefined,
      });
      const path = `/notices/${encodeURIComponent(id)}/addresses`;
      const answer = await session.api.post<{ version: number; engine?: string }>(path, body);
      session.answer(answer, () => [
        `Version ${String(answer.version)} is frozen: somebody else must approve it.`,
      ]);
      sayEngine(session, answer);
    },
  );
}

/** `tocsin authorisation|wording …` and `notice emergency|second-review`: other ways to release. */
import { Option, type Command } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import type { StandingAuthorisation } from '../domain/release-ports.ts';
import { withYes } from './case-decisions.ts';
import { CliError, exitCodes } from './exit.ts';
import { examples, repeated } from './program-help.ts';
import { act, given, openSession, type Session, type Surroundings } from './session.ts';
import { cell, tableLines } from './table.ts';

/** Adds what one person may do in an emergency, and what another one says of it afterwards. */
export function addEmergencyCommands(parent: Command, around: Surroundings): void {
  const emergency = withYes(parent.command('emergency'))
    .description('release alone what is nearly due or late; a second review is owed afterwards')
    .argument('<notice>', 'id')
    .requiredOption('--digest <digest>', 'of the version you read')
    .requiredOption('--reason <text>', 'why nobody else can approve it in time');
  examples(emergency, ['tocsin notice emergency 0197… --digest 5f2c… --reason "Nobody answers"']);
  emergency.action(
    async (id: string, options: { digest: string; reason: string; yes?: boolean }) => {
      const session = openSession(emergency, around, 'leo');
      const what = `This releases notice ${id} on your word alone`;
      await session.confirm({ yes: options.yes, what, word: 'release' });
      const { digest, reason } = options;
      await act(session, `/notices/${enc(id)}/emergency`, { digest, reason }, 'Released.');
    },
  );
  const review = parent
    .command('second-review')
    .description('confirm what another person released alone, or object')
    .argument('<notice>', 'id')
    .addOption(
      new Option('--verdict <verdict>', 'what you found')
        .choices(['confirmed', 'objected'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'what you base it on');
  examples(review, ['tocsin notice second-review 0197… --verdict confirmed --reason "Read it"']);
  review.action(async (id: string, options: { verdict: string; reason: string }) => {
    const session = openSession(review, around, 'lena');
    await act(session, `/notices/${enc(id)}/second-review`, { ...options }, 'Review recorded.');
  });
}

interface Terms {
  readonly title: string;
  readonly to: readonly string[];
  readonly affiliate?: readonly string[];
  readonly maxRecipients: string;
  readonly withinHours: string;
  readonly beforeMinutes: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

/** Adds the commands about standing authorisations. */
export function addAuthorisationCommands(parent: Command, around: Surroundings): void {
  const list = parent.command('list').description('what was signed in advance, and its bounds');
  examples(list, ['tocsin authorisation list']).action(async () => {
    const session = openSession(list, around, 'leo');
    const answer = await session.api.get<{ items: StandingAuthorisation[] }>('/authorisations');
    session.answer(answer, () => authorisationLines(session, answer.items));
  });
  addPropose(parent, around);
  addOnAuthorisation(parent, around, 'sign', 'signature', 'sign as the second person', 'eva', null);
  addOnAuthorisation(parent, around, 'advise', 'opinion', "the DPO's opinion", 'dora', 'text');
  addOnAuthorisation(parent, around, 'revoke', 'revocation', 'end it at once', 'leo', 'reason');
}

function authorisationLines(session: Session, items: readonly StandingAuthorisation[]): string[] {
  return tableLines(
    ['id', 'title', 'to', 'signed by', 'in force'].map((title) => ({ title })),
    items.map((one) => [
      cell(one.authorisationId),
      cell(one.title),
      cell(one.recipientKinds.join(', ')),
      cell(one.signers.map(({ name }) => name).join(', ')),
      cell(one.fault === null ? 'yes' : `no: ${one.fault}`),
    ]),
    session.paint,
  );
}

function addPropose(parent: Command, around: Surroundings): void {
  const command = parent
    .command('propose')
    .description('write the terms and sign them as the first of two')
    .requiredOption('--title <text>')
    .requiredOption('--to <kind>', 'authority or controller (repeatable)', repeated)
    .option('--affiliate <key>', 'only these (repeatable); left out, all', repeated)
    .option('--max-recipients <n>', 'of one notice', '1')
    .option('--within-hours <n>', 'only when the due is nearer than this', '24')
    .option('--before-minutes <n>', 'it acts when nobody approved by then', '60')
    .requiredOption('--from <time>', 'RFC 3339 with offset')
    .requiredOption('--until <time>', 'RFC 3339 with offset')
    .requiredOption('--reason <text>');
  examples(command, [
    'tocsin authorisation propose --title Nights --to authority --from 2026-07-01T00:00:00Z --until 2027-07-01T00:00:00Z --reason "On time matters more"',
  ]).action(async (terms: Terms) => {
    const session = openSession(command, around, 'leo');
    const authorisationId = uuidv7();
    const body = given({
      authorisationId,
      title: terms.title,
      recipientKinds: [...terms.to],
      affiliateKeys: terms.affiliate === undefined ? undefined : [...terms.affiliate],
      maxRecipients: whole(terms.maxRecipients),
      withinHoursOfDue: whole(terms.withinHours),
      unapprovedMinutesBeforeDue: whole(terms.beforeMinutes),
      validFrom: terms.from,
      validUntil: terms.until,
      reason: terms.reason,
    });
    await act(session, '/authorisations', body, `Signed by one: ${authorisationId}`);
  });
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError(exitCodes.usage, `"${text}" is no whole number`, 'such as 60');
}

function addOnAuthorisation(
  parent: Command,
  around: Surroundings,
  name: string,
  path: string,
  description: string,
  usual: string,
  field: 'text' | 'reason' | null,
): void {
  const command = parent.command(name).description(description).argument('<authorisation>', 'id');
  if (field !== null) command.requiredOption(`--${field} <text>`);
  examples(command, [`tocsin authorisation ${name} 0197…`]).action(
    async (id: string, options: Readonly<Record<string, string>>) => {
      const session = openSession(command, around, usual);
      const body = field === null ? {} : given({ [field]: options[field] });
      await act(session, `/authorisations/${enc(id)}/${path}`, body, 'Recorded.');
    },
  );
}

interface Words {
  readonly template: string;
  readonly language: string;
  readonly sha256: string;
  readonly review: { readonly verdict: string; readonly by: string } | null;
}

/** Adds the commands about reviews of wording. */
export function addReviewCommands(parent: Command, around: Surroundings): void {
  const list = parent.command('list').description('every template, and who reviewed its words');
  examples(list, ['tocsin wording list']).action(async () => {
    const session = openSession(list, around, 'leo');
    const answer = await session.api.get<{ items: Words[] }>('/wording');
    session.answer(answer, () =>
      tableLines(
        ['template', 'language', 'sha256', 'review'].map((title) => ({ title })),
        answer.items.map(({ template, language, sha256, review }) => [
          ...[template, language, sha256].map((text) => cell(text)),
          cell(review === null ? 'nobody' : `${review.verdict} by ${review.by}`),
        ]),
        session.paint,
      ),
    );
  });
  const review = parent
    .command('review')
    .description("record a lawyer's review of exactly these words")
    .argument('<template>', 'such as authority/initial')
    .argument('<language>', 'such as en')
    .requiredOption('--sha256 <digest>', 'of the words you read, from "tocsin wording list"')
    .requiredOption('--note <text>', 'what you found')
    .option('--withdraw', 'the review no longer stands');
  examples(review, ['tocsin wording review authority/initial en --sha256 5f2c… --note "Fine"']);
  review.action(
    async (
      template: string,
      language: string,
      { sha256, note, withdraw }: { sha256: string; note: string; withdraw?: boolean },
    ) => {
      const session = openSession(review, around, 'leo');
      const verdict = withdraw === true ? 'withdrawn' : 'reviewed';
      const body = { template, language, sha256, verdict, note };
      await act(session, '/wording/reviews', body, `Recorded: ${verdict}.`);
    },
  );
}

function enc(id: string): string {
  return encodeURIComponent(id);
}

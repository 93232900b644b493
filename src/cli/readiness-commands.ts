/** `tocsin readiness list|record|address`: who can file at an authority, and what a machine may send to. */
import { Option, type Command } from 'commander';
import { CliError, exitCodes } from './exit.ts';
import { examples } from './program-help.ts';
import { openSession } from './session.ts';
import type { Session, Surroundings } from './session.ts';
import { cell, tableLines } from './table.ts';

interface Line {
  readonly authorityId: string;
  readonly affiliateKey: string;
  readonly light: 'red' | 'amber' | 'green';
  readonly reasons: readonly string[];
  readonly way: string;
  readonly plan: { readonly minutes: number; readonly isRehearsed: boolean };
}

interface Listed {
  readonly items: readonly Line[];
  readonly people: readonly { readonly personId: string; readonly name: string }[];
}

interface RecordOptions {
  readonly affiliate?: string;
  readonly account: string;
  readonly accountHolder?: string;
  readonly eid: string;
  readonly eidHolder?: string;
  readonly deputy?: string;
  readonly tested?: string;
  readonly minutes?: string;
  readonly form?: string;
  readonly note?: string;
}

/** Adds the commands about readiness. */
export function addReadinessCommands(parent: Command, around: Surroundings): void {
  addList(parent, around);
  addRecord(parent, around);
  addAddress(parent, around);
}

function addList(parent: Command, around: Surroundings): void {
  const command = parent
    .command('list')
    .description('every authority the group may have to notify; the worst first');
  examples(command, ['tocsin readiness list']).action(async () => {
    const session = openSession(command, around, 'leo');
    const listed = await session.api.get<Listed>('/readiness');
    const columns = ['STATE', 'AUTHORITY', 'AFFILIATE', 'WAY', 'MINUTES', 'WHY'].map((title) => ({
      title,
    }));
    const tones = { red: 'bad', amber: 'tight', green: 'good' } as const;
    const rows = listed.items.map((one) => [
      cell(one.light, tones[one.light]),
      cell(one.authorityId),
      cell(one.affiliateKey),
      cell(one.way),
      cell(`${String(one.plan.minutes)}${one.plan.isRehearsed ? '' : ' (policy)'}`),
      cell(one.reasons.join(' ')),
    ]);
    session.answer(listed, () =>
      rows.length === 0 ? ['No affiliate.'] : tableLines(columns, rows, session.paint),
    );
  });
}

function addRecord(parent: Command, around: Surroundings): void {
  const command = parent
    .command('record')
    .description('record who can file at an authority, and how long it takes')
    .argument('<authority>', 'id, as "readiness list" shows it')
    .option('--affiliate <key>', 'left out: for every affiliate without a record of its own')
    .addOption(
      new Option('--account <state>')
        .choices(['exists', 'missing', 'not-needed'])
        .default('missing'),
    )
    .option('--account-holder <person>', 'name or id')
    .addOption(
      new Option('--eid <state>').choices(['held', 'missing', 'not-needed']).default('missing'),
    )
    .option('--eid-holder <person>', 'name or id')
    .option('--deputy <person>', 'name or id; called when the holder does not answer')
    .option('--tested <day>', 'such as 2026-05-31')
    .option('--minutes <count>', 'how long the rehearsed filing took')
    .option('--form <text>', 'the version of the form seen')
    .option('--note <text>', 'kept with the record');
  examples(command, [
    'tocsin readiness record de-be-blnbdi --affiliate de --account exists --account-holder "Lena Vogt" --eid not-needed --tested 2026-05-31 --minutes 40',
  ]).action(async (authorityId: string, options: RecordOptions) => {
    const session = openSession(command, around, 'leo');
    const { people } = await session.api.get<Listed>('/readiness');
    const idOf = (named: string | undefined): string | null => personIdOf(people, named);
    const body = {
      authorityId,
      affiliateKey: options.affiliate ?? null,
      account: options.account,
      accountHolderId: idOf(options.accountHolder),
      eid: options.eid,
      eidHolderId: idOf(options.eidHolder),
      deputyId: idOf(options.deputy),
      testedOn: options.tested ?? null,
      filingMinutes: options.minutes === undefined ? null : Number(options.minutes),
      formVersion: options.form ?? null,
      note: options.note ?? null,
    };
    const answer = await session.api.post<object>('/readiness', body);
    session.answer(answer, () => ['Recorded.']);
  });
}

function personIdOf(people: Listed['people'], named: string | undefined): string | null {
  if (named === undefined) return null;
  const found = people.filter(({ personId, name }) => name === named || personId === named);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only.personId;
  const names = people.map(({ name }) => name).join(', ');
  throw new CliError(exitCodes.usage, `"${named}" names nobody, or several`, `one of: ${names}`);
}

function addAddress(parent: Command, around: Surroundings): void {
  const command = parent
    .command('address')
    .description('answer for the address a machine may send to; a change needs a second person')
    .argument('<authority>', 'id')
    .argument('[email]', 'left out with --withdraw')
    .option('--evidence <text>', 'how you know')
    .option('--withdraw <reason>', 'take the address out of use at once');
  examples(command, [
    'tocsin readiness address ee-aki info@aki.ee --evidence "Called back on the switchboard"',
    'tocsin readiness address ee-aki --withdraw "Mail bounced"',
  ]).action(
    async (
      authority: string,
      email: string | undefined,
      options: { evidence?: string; withdraw?: string },
    ) => {
      const session = openSession(command, around, 'leo');
      const path = `/authorities/${encodeURIComponent(authority)}/address`;
      const answer =
        options.withdraw === undefined
          ? await confirm(session, path, email, options.evidence)
          : await session.api.post<{ state: string }>(`${path}/withdrawal`, {
              reason: options.withdraw,
            });
      session.answer(answer, () => [
        answer.state === 'proposed'
          ? 'Proposed: a second person must confirm it.'
          : `${answer.state}.`,
      ]);
    },
  );
}

function confirm(
  session: Session,
  path: string,
  email: string | undefined,
  evidence: string | undefined,
): Promise<{ state: string }> {
  if (email === undefined || evidence === undefined) {
    throw new CliError(exitCodes.usage, 'an address and --evidence are needed', 'or --withdraw');
  }
  return session.api.post<{ state: string }>(path, { email, evidence });
}

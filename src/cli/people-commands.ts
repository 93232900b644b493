/** `tocsin people first|token` on the host, and `list|import|absent|deactivate|reactivate` for the administrator. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { InvalidArgumentError, type Command } from 'commander';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import type { ListedPerson } from '../domain/people.ts';
import { CliError, errorLine, exitCodes } from './exit.ts';
import type { ProgramParts } from './parts.ts';
import { examples, repeated } from './program-help.ts';
import { openSession, type Session } from './session.ts';
import { cell, tableLines } from './table.ts';
import { print, say } from './terminal.ts';
import { utc } from './when.ts';
import { withYes } from './case-decisions.ts';

/** Adds the commands about people. */
export function addPeopleCommands(parent: Command, parts: ProgramParts): void {
  addFirst(parent, parts);
  addToken(parent, parts);
  addList(parent, parts);
  addImport(parent, parts);
  addAbsent(parent, parts);
  addOutOfBand(parent, parts);
  addActive(parent, parts, 'deactivate');
  addActive(parent, parts, 'reactivate');
}

const days = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 366) return value;
  throw new InvalidArgumentError('must be whole days, 1 to 366.');
};

function addFirst(parent: Command, parts: ProgramParts): void {
  const command = parent
    .command('first')
    .description('on the host: name the organisation and enter its first administrator')
    .requiredOption('--organisation <name>', 'the group this installation serves')
    .requiredOption('--subject <subject>', 'who the person is to the issuer')
    .requiredOption('--name <name>')
    .requiredOption('--email <address>', 'where the person is called')
    .option('--issuer <issuer>', 'who vouches for the subject', 'local')
    .option('--role <role>', 'besides administrator (repeatable)', repeated)
    .option('--days <days>', 'how long the token is good', days, 90);
  examples(command, [
    'tocsin people first --organisation "Example Group" --subject ann --name "Ann Example" --email ann@example.com',
  ]).action(async (options: FirstOptions) => {
    const { organisation, role = [], days: tokenDays, ...person } = options;
    const token = await parts.firstPerson({
      organisation,
      roles: role,
      days: tokenDays,
      ...person,
    });
    giveToken(parts, command, token);
  });
}

interface FirstOptions {
  readonly organisation: string;
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly email: string;
  readonly role?: readonly string[];
  readonly days: number;
}

function addToken(parent: Command, parts: ProgramParts): void {
  const command = parent
    .command('token')
    .description('on the host: give a person a token to sign in with; it is shown once')
    .argument('<subject>', 'who the person is to the issuer')
    .option('--issuer <issuer>', 'who vouches for the subject', 'local')
    .option('--days <days>', 'how long the token is good', days, 90);
  examples(command, ['tocsin people token ann']).action(
    async (subject: string, options: { issuer: string; days: number }) => {
      giveToken(parts, command, await parts.issueToken({ subject, ...options }));
    },
  );
}

function giveToken(parts: ProgramParts, command: Command, token: string): void {
  const json = command.optsWithGlobals<{ json?: boolean }>().json === true;
  if (json) print(parts.terminal, JSON.stringify({ token }, null, 2));
  else {
    say(parts.terminal, 'The token, shown this once; give it to its owner and nobody else:');
    print(parts.terminal, token);
  }
}

function addList(parent: Command, parts: ProgramParts): void {
  const command = parent.command('list').description('everybody who may sign in, or once could');
  examples(command, ['tocsin people list']).action(async () => {
    const session = openSession(command, parts, 'adam');
    const items = await people(session);
    session.answer({ items }, () =>
      tableLines(
        [
          { title: 'PERSON' },
          { title: 'NAME', atMost: 40 },
          { title: 'ROLES' },
          { title: 'UNITS', atMost: 40 },
          { title: 'DEPUTIES', atMost: 40 },
          { title: 'OUT OF BAND' },
          { title: 'STANDS' },
        ],
        items.map((one) => [
          cell(`${one.issuer} ${one.subject}`, 'title'),
          cell(one.name),
          cell(one.roles.join(', ')),
          cell(one.units.join(', ')),
          cell(one.deputies.join(', ') || '-'),
          cell(one.outOfBand ?? 'telephone only'),
          cell(stands(one)),
        ]),
        session.paint,
      ),
    );
  });
}

function stands({ active, absentUntil }: ListedPerson): string {
  if (!active) return 'deactivated';
  return absentUntil === null ? 'active' : `away until ${utc(absentUntil)}`;
}

async function people(session: Session): Promise<readonly ListedPerson[]> {
  return (await session.api.get<{ items: ListedPerson[] }>('/people')).items;
}

function addImport(parent: Command, parts: ProgramParts): void {
  const command = parent
    .command('import')
    .description('enter or change people from CSV or NDJSON, all or none; others stay as they are')
    .argument(
      '<file>',
      'columns issuer, subject, name, email, roles, units, deputies; lists apart by |',
    );
  examples(command, ['tocsin people import people.csv']).action(async (file: string) => {
    const entries = await readEntries(file);
    const session = openSession(command, parts, 'adam');
    const answer = await session.api.post<{
      added: number;
      changed: number;
      unchanged: number;
      withoutHolder: string[];
    }>('/people', { people: entries });
    const { added, changed, unchanged } = answer;
    session.answer(answer, () => [
      `${String(added)} added, ${String(changed)} changed, ${String(unchanged)} as they were.`,
      ...missing(answer.withoutHolder),
    ]);
  });
}

function missing(roles: readonly string[]): string[] {
  return roles.length === 0
    ? []
    : [`Nobody holds: ${roles.join(', ')}. Their alarms reach nobody.`];
}

async function readEntries(file: string): Promise<JsonObject[]> {
  const hint = 'check the file: .csv with a header, or .ndjson with one JSON object a line';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
    if (/\.csv$/i.test(file)) return readCsv(text);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line) as JsonObject);
  } catch (error) {
    throw new CliError(exitCodes.usage, `${file} cannot be read: ${errorLine(error)}`, hint);
  }
}

function readCsv(text: string): JsonObject[] {
  const [head = ''] = text.split('\n', 1);
  const delimiter = head.includes(';') && !head.includes(',') ? ';' : ',';
  const rows: Record<string, string>[] = parse(text, {
    ...{ columns: true, bom: true, trim: true, skip_empty_lines: true, delimiter },
  });
  const items = (cell: string): JsonValue => (cell === '' ? [] : cell.split('|'));
  return rows.map(({ roles = '', units = '', deputy = '', deputies = deputy, ...rest }) => ({
    ...rest,
    roles: items(roles),
    units: items(units),
    deputies: items(deputies),
  }));
}

async function personNamed(
  session: Session,
  subject: string,
  issuer: string,
): Promise<ListedPerson> {
  const found = (await people(session)).find(
    (one) => one.subject === subject && one.issuer === issuer,
  );
  if (found !== undefined) return found;
  const hint = 'see "tocsin people list"';
  throw new CliError(exitCodes.refused, `nobody is "${subject}" of ${issuer}`, hint);
}

function addAbsent(parent: Command, parts: ProgramParts): void {
  const command = parent
    .command('absent')
    .description('let calls pass a person over until they are back; rights stay as they are')
    .argument('<subject>', 'who the person is to the issuer')
    .option('--until <time>', 'RFC 3339 with offset; left out: they are back')
    .option('--issuer <issuer>', 'who vouches for the subject', 'local');
  examples(command, ['tocsin people absent ann --until 2026-08-17T08:00:00+02:00']).action(
    async (subject: string, options: { issuer: string; until?: string }) => {
      const session = openSession(command, parts, 'adam');
      const found = await personNamed(session, subject, options.issuer);
      const body = { until: options.until ?? null };
      const path = `/people/${found.personId}/absence`;
      const answer = await session.api.post<{ absentUntil: string | null }>(path, body);
      session.answer(answer, () => [
        answer.absentUntil === null
          ? `${found.name} is called again.`
          : `Calls pass ${found.name} over until ${utc(answer.absentUntil)}.`,
      ]);
    },
  );
}

function addActive(parent: Command, parts: ProgramParts, act: 'deactivate' | 'reactivate'): void {
  const command = withYes(parent.command(act))
    .description(
      act === 'deactivate'
        ? 'end sign-in, tokens and calls of a person; nobody is ever deleted'
        : 'let a person sign in and be called again; a new token is needed',
    )
    .argument('<subject>', 'who the person is to the issuer')
    .option('--issuer <issuer>', 'who vouches for the subject', 'local');
  examples(command, [`tocsin people ${act} ann`]).action(
    async (subject: string, options: { issuer: string; yes?: boolean }) => {
      const session = openSession(command, parts, 'adam');
      const found = await personNamed(session, subject, options.issuer);
      await session.confirm({
        yes: options.yes,
        what: `This ${act}s ${found.name}`,
        word: act,
      });
      const path = `/people/${found.personId}/${act.replace(/e$/, 'ion')}`;
      const answer = await session.api.post<{ withoutHolder: string[] }>(path, {});
      session.answer(answer, () => [`Done: ${found.name}.`, ...missing(answer.withoutHolder)]);
    },
  );
}

function addOutOfBand(parent: Command, parts: ProgramParts): void {
  const command = parent
    .command('out-of-band')
    .description("where a person is called while mail is barred: outside the house's own mail")
    .argument('<subject>', 'who the person is to the issuer')
    .argument('[address]', 'left out with --remove')
    .option('--remove', 'take the route away: the person is telephoned')
    .option('--issuer <issuer>', 'who vouches for the subject', 'local');
  examples(command, [
    'tocsin people out-of-band ann ann@provider.example',
    'tocsin people out-of-band ann --remove',
  ]).action(
    async (
      subject: string,
      address: string | undefined,
      options: { issuer: string; remove?: boolean },
    ) => {
      if ((address === undefined) !== (options.remove === true)) {
        throw new CliError(exitCodes.usage, 'give an address, or --remove', 'one of them');
      }
      const session = openSession(command, parts, 'adam');
      const found = await personNamed(session, subject, options.issuer);
      const path = `/people/${found.personId}/out-of-band`;
      const answer = await session.api.post<object>(path, { address: address ?? null });
      session.answer(answer, () => [
        address === undefined
          ? `Taken away: ${found.name} is telephoned while mail is barred.`
          : `Set: ${found.name} is called at ${address} while mail is barred.`,
      ]);
    },
  );
}

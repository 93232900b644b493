/** What the command line does not do over HTTP: the composition root supplies it. */
import type { Environment } from './connection.ts';
import type { Terminal } from './terminal.ts';

interface StartOptions {
  /** Open one drill case on the first start and show its way. */
  readonly demo: boolean;
}

/** A stack of its own for one drill. */
export interface Stack {
  /** Base address of the API, without a slash at its end. */
  readonly api: string;
  /** Base address of the sandbox mailbox. */
  readonly mailbox: string;
  /** Base address of the sandbox mailbox for calls while mail is barred; null where they leave for a provider. */
  readonly outOfBandMailbox: string | null;
  /** Tokens by login. */
  readonly people: Readonly<Record<string, string>>;
  /** Ends every part. Safe to repeat. */
  stop(): Promise<void>;
}

/** What the outsider's verifier finds in an export. */
export interface Verdict {
  readonly ok: boolean;
  readonly entries: number;
  readonly streams: number;
  readonly faults: readonly { readonly line: number; readonly fault: string }[];
}

export interface ProgramParts {
  readonly env: Environment;
  readonly terminal: Terminal;
  /** Shown by `--version`. */
  readonly version: string;
  /** Brings the embedded stack up and stays until it is stopped. */
  start(options: StartOptions): Promise<void>;
  /** These run until they are told to stop by a signal. */
  worker(): Promise<void>;
  serve(): Promise<void>;
  watch(): Promise<void>;
  sandbox(): Promise<void>;
  /** Resolves to the names of the migrations that were applied now. */
  migrate(): Promise<readonly string[]>;
  /** Names the organisation and enters its first administrator; resolves to the token. */
  firstPerson(person: {
    readonly organisation: string;
    readonly issuer: string;
    readonly subject: string;
    readonly name: string;
    readonly email: string;
    readonly roles: readonly string[];
    readonly days: number;
  }): Promise<string>;
  /** Gives a person a token to sign in with. */
  issueToken(person: {
    readonly issuer: string;
    readonly subject: string;
    readonly days: number;
  }): Promise<string>;
  /** Prints its findings; false if a check fails. */
  doctor(options: { readonly json: boolean }): Promise<boolean>;
  /** Brings up a stack with the demo organisation below `home`, its drill of this size; `say` is told what takes long. */
  startPrivateStack(options: {
    readonly home: string;
    readonly say: (line: string) => void;
    readonly signal: AbortSignal;
    readonly size: { readonly customers: number; readonly people: number };
  }): Promise<Stack>;
  readonly verifyExport: (lines: AsyncIterable<string>) => Promise<Verdict>;
}

/** The terminal a command talks to: stdout for data, stderr for messages, colour only where a person looks. */
import { styleText } from 'node:util';
import type { Readable, Writable } from 'node:stream';

type Screen = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface Terminal {
  readonly out: Screen;
  readonly err: Screen;
  readonly in: Readable & { readonly isTTY?: boolean };
}

/** What a piece of text means; the words alone must say the same, colour only repeats it. */
export type Tone = 'plain' | 'title' | 'faint' | 'good' | 'tight' | 'bad';

const formats = {
  plain: 'reset',
  title: 'bold',
  faint: 'dim',
  good: 'green',
  tight: 'yellow',
  bad: 'red',
} as const satisfies Record<Tone, string>;

export type Paint = (tone: Tone, text: string) => string;

/** Colours for this stream; plain text when it is no terminal, or NO_COLOR is set. */
export function paintFor(stream: Screen): Paint {
  return (tone, text) => (tone === 'plain' ? text : styleText(formats[tone], text, { stream }));
}

/** Writes a line of data. */
export function print(terminal: Terminal, text: string): void {
  terminal.out.write(`${text}\n`);
}

/** Writes a message for the person at the terminal. */
export function say(terminal: Terminal, text: string): void {
  terminal.err.write(`${text}\n`);
}

/** True when a person can be asked. */
export function isInteractive(terminal: Terminal): boolean {
  return terminal.in.isTTY === true && terminal.err.isTTY === true;
}

const controls = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g; // eslint-disable-line no-control-regex -- they are what is removed

/** Text from elsewhere on one line: it can neither move the cursor nor turn the reading direction. */
export function plain(text: string): string {
  return text.replace(controls, ' ');
}

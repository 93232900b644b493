/** What `--keep DIR` leaves: every message, every document, the register export and the report. */
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import type { NoticeView } from '../../domain/views.ts';
import type { AfterAction } from './after-action.ts';
import { afterActionPage } from './after-action-page.ts';
import type { Play, Scene } from './play.ts';
import { messageBytes } from './sink.ts';
import type { SinkMessage } from './sink.ts';

const atOnce = 8;

/** Writes the messages as .eml, byte for byte as they arrived. */
export async function keepMessages(
  dir: string,
  mailbox: string,
  messages: readonly SinkMessage[],
): Promise<void> {
  const folder = made(dir, 'messages');
  const left = [...messages.entries()];
  const write = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [index, message] = next;
      const name = `${String(index + 1).padStart(4, '0')}-${fileName(message.to.join(' '))}.eml`;
      writeFileSync(join(folder, name), await messageBytes(mailbox, message.id), { mode: 0o600 });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, write));
}

/** Writes each notice as it was approved: its text in every language, and all that is known of it. */
export async function keepDocuments(dir: string, play: Play, scene: Scene): Promise<void> {
  const folder = made(dir, 'notices');
  for (const { noticeId } of scene.notices) {
    const notice = await play.as('leo').get<NoticeView>(`/notices/${noticeId}`);
    const name = fileName(`${notice.provision} ${notice.recipientName} ${noticeId.slice(-6)}`);
    keepJson(folder, `${name}.json`, notice);
    for (const { language, subject, text } of notice.variants) {
      writeFileSync(join(folder, `${name}.${fileName(language)}.txt`), `${subject}\n\n${text}\n`, {
        mode: 0o600,
      });
    }
  }
  keepJson(dir, 'case.json', { case: scene.file, obligations: scene.obligations });
}

/** Writes the after-action report, for a machine and for a reader. */
export function keepAfterAction(dir: string, report: AfterAction): void {
  keepJson(dir, 'after-action.json', report);
  writeFileSync(join(dir, 'after-action.md'), afterActionPage(report), { mode: 0o600 });
}

/** Writes any value as JSON below `dir`. */
export function keepJson(dir: string, name: string, value: unknown): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, name), `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

/** Passes the lines on and writes them to `register.ndjson` on their way. */
export async function* keepingRegister(
  dir: string,
  lines: AsyncIterable<string>,
): AsyncGenerator<string> {
  mkdirSync(dir, { recursive: true });
  const file = createWriteStream(join(dir, 'register.ndjson'), { mode: 0o600 });
  for await (const line of lines) {
    if (!file.write(`${line}\n`)) await once(file, 'drain');
    yield line;
  }
  file.end();
  await once(file, 'finish');
}

function made(dir: string, name: string): string {
  const folder = join(dir, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9@.-]+/g, '-').slice(0, 80);
}

/** Claims about the sandbox mailbox: it keeps exactly what it said it kept, over restarts, and is safe to look at. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSandboxMailbox, type SandboxMailbox } from '../../src/embedded/sandbox-mailbox.ts';
import type { StoredMessage } from '../../src/embedded/mailbox-store.ts';

let folder: string;
let mailbox: SandboxMailbox;

const open = () =>
  startSandboxMailbox({ folder, smtpPort: 0, httpPort: 0, complain: () => undefined });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-mailbox-'));
  mailbox = await open();
});

afterEach(async () => {
  await mailbox.close();
  rmSync(folder, { recursive: true, force: true });
});

async function send(raw: string, to = 'dpo@customer.example'): Promise<void> {
  const transport = nodemailer.createTransport(mailbox.smtpUrl);
  await transport.sendMail({ envelope: { from: 'tocsin@tocsin.example', to }, raw });
}

const messageOf = (lines: string) =>
  `Message-ID: <n1@tocsin.example>\r\nX-Notice-Id: n1\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n${lines}`;

const list = async (query = '') =>
  (await (await fetch(`${mailbox.url}/api/messages${query}`)).json()) as StoredMessage[];

describe('the sandbox mailbox', () => {
  it('keeps the received bytes exactly and lists what identifies them', async () => {
    const raw = messageOf('\r\n.starts with a dot\r\n..\r\nends\r\n');
    await send(raw);
    const [message] = await list();
    expect(message).toMatchObject({
      from: 'tocsin@tocsin.example',
      to: ['dpo@customer.example'],
      subject: 'Café',
      messageId: '<n1@tocsin.example>',
      noticeId: 'n1',
      size: raw.length,
      sha256: createHash('sha256').update(raw).digest('hex'),
    });
    const source = await fetch(`${mailbox.url}/api/messages/${message?.id ?? ''}.eml`);
    expect(await source.text()).toBe(raw);
  });

  it('has every message again after a restart, and drops what a crash left half written', async () => {
    for (let n = 0; n < 20; n++) await send(messageOf('\r\nbody\r\n'), `p${String(n)}@x.example`);
    const before = await list();
    await mailbox.close();
    writeFileSync(join(folder, '0196e0a0-0000-7000-8000-000000000000.part'), 'half');
    writeFileSync(join(folder, '0196e0a0-0000-7000-8000-000000000001.json'), '{}');
    mailbox = await open();
    expect(await list()).toEqual(before);
    expect(readdirSync(folder)).toHaveLength(40);
    expect(await list('?to=P7@x.example')).toHaveLength(1);
    expect(await list(`?after=${before[16]?.id ?? ''}&limit=2`)).toHaveLength(2);
  });

  it('keeps nothing of a message whose line was cut before its end', async () => {
    const socket = connect(Number(new URL(mailbox.smtpUrl).port), '127.0.0.1');
    await once(socket, 'connect');
    const commands = ['EHLO me', 'MAIL FROM:<a@x.example>', 'RCPT TO:<b@x.example>', 'DATA'];
    for (const command of commands) {
      await once(socket, 'data');
      socket.write(`${command}\r\n`);
    }
    await once(socket, 'data');
    socket.end(messageOf('\r\nhalf a body'));
    await vi.waitFor(() => {
      expect(readdirSync(folder)).toEqual([]);
    });
    expect(await list()).toEqual([]);
  });

  it('shows a message without letting it run or load anything', async () => {
    const html = '<p onclick="x()">hi</p><script>alert(1)</script><img src="http://x.example/p">';
    await send(messageOf(`Content-Type: text/html\r\n\r\n${html}\r\n`));
    await send(`Subject: <script>alert(2)</script>\r\n\r\n<b>plain</b>\r\n`);
    const [message, second] = await list();
    const page = await fetch(`${mailbox.url}/messages/${message?.id ?? ''}`);
    const text = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('<iframe');
    expect(text).toContain('sandbox=""');
    expect(text).not.toContain('<script');
    const frame = await fetch(`${mailbox.url}/messages/${message?.id ?? ''}/html`);
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    const front = await (await fetch(`${mailbox.url}/`)).text();
    expect(front).toContain('&lt;script&gt;alert(2)');
    expect(front).not.toContain('<script');
    const plain = await (await fetch(`${mailbox.url}/messages/${second?.id ?? ''}`)).text();
    expect(plain).toContain('&lt;b&gt;plain');
  });

  it('is emptied by DELETE, but not by another site, and answers to its own names only', async () => {
    await send(messageOf('\r\nbody\r\n'));
    const address = `${mailbox.url}/api/messages`;
    const foreign = { method: 'DELETE', headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await fetch(address, foreign)).status).toBe(403);
    expect(await list()).toHaveLength(1);
    expect((await fetch(`${address}/nothing`)).status).toBe(404);
    expect((await fetch(address, { method: 'POST' })).status).toBe(405);
    expect(await (await fetch(address, { method: 'DELETE' })).json()).toEqual({ deleted: 1 });
    expect(await list()).toEqual([]);
    const port = Number(new URL(mailbox.url).port);
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/messages HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 421 /);
    socket.destroy();
  });

  it('takes many senders at once', async () => {
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: Number(new URL(mailbox.smtpUrl).port),
      pool: true,
      maxConnections: 10,
    });
    const raw = messageOf('\r\nbody\r\n');
    const envelope = { from: 'a@x.example', to: 'b@x.example' };
    await Promise.all(Array.from({ length: 300 }, () => transport.sendMail({ envelope, raw })));
    transport.close();
    expect(await list()).toHaveLength(300);
  });
});

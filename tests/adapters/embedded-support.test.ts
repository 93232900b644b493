/** Claims about the ground tests stand on: a database each, leaks found, a sink that does as scripted. */
import nodemailer from 'nodemailer';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { probeDatabase } from '../../src/adapters/postgres/probe.ts';
import { testDatabase } from '../support/database.ts';
import { testMailbox, type Answer, type Stage } from '../support/mailbox.ts';

describe('a test database', () => {
  it('is migrated, reached by every role, and apart from others', async () => {
    const [one, two] = await Promise.all([testDatabase(), testDatabase()]);
    for (const url of [one.appUrl, one.ownerUrl, one.watchUrl, one.signerUrl, one.auditorUrl]) {
      const { role } = await probeDatabase(url, 5_000);
      expect(role).toMatch(/^tocsin_/);
    }
    expect((await probeDatabase(one.ownerUrl, 5_000)).migrations).toBeGreaterThan(0);
    expect(one.appUrl).not.toBe(two.appUrl);
    await Promise.all([one.close(), two.close()]);
  });

  it('fails the test that leaks a connection', async () => {
    const database = await testDatabase();
    const leaked = new pg.Client({ connectionString: database.appUrl, application_name: 'leak' });
    leaked.on('error', () => undefined);
    await leaked.connect();
    await expect(database.close()).rejects.toThrow(/leaked: tocsin_app leak/);
  });
});

describe('the scripted sink', () => {
  const raw = 'Message-ID: <m@x.example>\r\nX-Notice-Id: n\r\n\r\n.dot\r\n';
  const envelope = { from: 'a@x.example', to: 'b@x.example' };

  async function outcome(stage: Stage, answer: Answer): Promise<{ said: string; kept: number }> {
    const mailbox = await testMailbox();
    mailbox.script = (moment) => (moment.stage === stage ? answer : 'accept');
    const transport = nodemailer.createTransport({
      host: '127.0.0.1',
      port: Number(new URL(mailbox.url).port),
      socketTimeout: 300,
      greetingTimeout: 300,
    });
    const said = await transport.sendMail({ envelope, raw }).then(
      () => 'sent',
      (error: unknown) => {
        const { responseCode } = error as { responseCode?: number };
        return responseCode === undefined ? 'broken' : String(responseCode);
      },
    );
    const kept = mailbox.received.length;
    await mailbox.close();
    return { said, kept };
  }

  it('keeps the exact bytes of what it accepts', async () => {
    const mailbox = await testMailbox();
    await nodemailer.createTransport(mailbox.url).sendMail({ envelope, raw });
    expect(mailbox.received).toMatchObject([
      { from: 'a@x.example', to: ['b@x.example'], messageId: '<m@x.example>', noticeId: 'n' },
    ]);
    expect(mailbox.received[0]?.bytes.toString()).toBe(raw);
    await mailbox.close();
  });

  it.each([
    ['rcpt', { code: 550, text: 'no' }, '550', 0],
    ['dot', { code: 451, text: 'later' }, '451', 0],
    ['mail', 'cut', 'broken', 0],
    ['dot', 'cut', 'broken', 0],
    ['dot', 'keep-and-cut', 'broken', 1],
    ['greeting', 'hang', 'broken', 0],
    ['dot', 'hang', 'broken', 0],
  ] as const)('at %s: %j', async (stage, answer, said, kept) => {
    expect(await outcome(stage, answer)).toEqual({ said, kept });
  });
});

/** Wording: what a person typed stays text, and a template that is not safe or not complete is refused. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import type { JsonObject } from '../../src/domain/json.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function withTemplate(
  body: string,
  subject = 'A subject',
): () => ReturnType<typeof handlebarsWording> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-templates-'));
  folders.push(folder);
  cpSync(fileURLToPath(new URL('../../templates/', import.meta.url)), folder, { recursive: true });
  writeFileSync(
    join(folder, 'probe.en.hbs'),
    `reviewed-by: nobody\nsubject: ${subject}\n---\n${body}`,
  );
  return () => handlebarsWording(folder);
}

const said = (name: string, value: JsonObject[string], certainty = 'confirmed') => ({
  name,
  value,
  certainty,
});
const common: JsonObject = {
  exercise: true,
  reference: 'D-2026-0001-abc123',
  writtenAt: '2026-06-15T16:00:00.000Z',
  nextUpdateAt: '2026-06-16T16:00:00.000Z',
  us: {
    name: 'Nordlicht',
    country: 'DE',
    dpoName: 'D. P. Officer',
    dpoEmail: 'dpo@n.example',
    dpoPhone: '+49 0',
  },
  times: {
    awareAt: '2026-06-15T15:45:00.000Z',
    zone: 'Europe/Brussels',
    offsetMinutes: 120,
    awareState: 'provisional',
    detectedAt: null,
    ongoing: said('duration.ongoing', true),
  },
  measures: ['{{constructor}} <b>reset</b>\r\nBcc: x'],
  addition: null,
};
const authority: JsonObject = {
  ...common,
  authority: { name: 'Autorité', role: 'lead' },
  processing: null,
  description: null,
  late: false,
  nature: [said('actor', 'malicious_external', 'estimated')],
  people: [said('subjects.count', 1500, 'estimated'), said('data.categories', null, 'unknown')],
  consequences: ['phishing'],
  unknown: ['data.categories'],
};

describe('the templates', () => {
  it('give an authority what Art. 33(3) asks, say what is unknown, and show instants with their zone', () => {
    const { subject, text, html, reviewed } = handlebarsWording().render(
      'authority/initial',
      'en',
      authority,
    );
    expect(subject).toBe(
      'EXERCISE - Notification of a personal data breach under Art. 33 GDPR - D-2026-0001-abc123',
    );
    expect(text).toMatch(/^EXERCISE/);
    expect(text).toContain(
      '15 June 2026, 17:45 (Europe/Brussels, UTC+02:00), which is 15 June 2026, 15:45 UTC',
    );
    expect(text).toContain('Who or what caused it: an attacker from outside (an estimate)');
    expect(text).toContain('Approximate number of people: about 1 500 (an estimate)');
    expect(text).toContain('Categories of personal data: not yet known');
    for (const item of ['33(3)(a)', '33(3)(b)', '33(3)(c)', '33(3)(d)', '33(4)'])
      expect(text).toContain(item);
    expect(html).toContain('<li><strong>Who or what caused it:</strong>');
    expect(reviewed).toBe(false);
  });

  it('keep a value with braces, markup or line ends as text on its own line', () => {
    const { text, html } = handlebarsWording().render('authority/initial', 'en', authority);
    expect(text).toContain('- {{constructor}} <b>reset</b> Bcc: x\n');
    expect(html).toContain('&lt;b&gt;reset&lt;/b&gt;');
    expect(html).not.toContain('<b>');
  });

  it('fall back to English and say so', () => {
    expect(handlebarsWording().render('authority/initial', 'fr', authority).language).toBe('en');
  });

  it.each(['reference', 'us', 'measures', 'late', 'consequences'])(
    'refuse content without %s',
    (missing) => {
      const rest = Object.fromEntries(
        Object.entries(authority).filter(([name]) => name !== missing),
      );
      expect(() => handlebarsWording().render('authority/initial', 'en', rest)).toThrow();
    },
  );

  it('refuse a value that has no word', () => {
    const nature = [said('actor', 'space_aliens')];
    expect(() =>
      handlebarsWording().render('authority/initial', 'en', { ...authority, nature }),
    ).toThrow('space_aliens');
  });

  it('refuse a value that could be taken for a slot', () => {
    const measures = ['\uFDD0name\uFDD1'];
    expect(() =>
      handlebarsWording().render('authority/initial', 'en', { ...authority, measures }),
    ).toThrow('slot');
  });

  it('refuse a template nobody has', () => {
    expect(() => handlebarsWording().render('authority/nonsense', 'en', authority)).toThrow(
      'no template',
    );
  });
});

describe('a template is refused at load', () => {
  it.each([
    ['triple-stash', '{{#p}}{{{reference}}}{{/p}}'],
    ['ampersand', '{{#p}}{{&reference}}{{/p}}'],
    ['unknown helper', '{{lookup us "name"}}'],
    ['unknown block', '{{#with us}}{{name}}{{/with}}'],
    ['unknown partial', '{{> nowhere}}'],
    ['decorator', '{{* inline}}'],
    ['inline partial', '{{#*inline "x"}}y{{/inline}}'],
    ['syntax error', '{{#p}}'],
  ])('for %s', (_what, body) => {
    expect(withTemplate(body)).toThrow();
  });

  it('for a missing front line', () => {
    const load = withTemplate('x');
    const folder = folders.at(-1) ?? '';
    writeFileSync(join(folder, 'bare.en.hbs'), '{{#p}}x{{/p}}');
    expect(load).toThrow('reviewed-by');
  });
});

describe('a subject is refused', () => {
  it.each(['x\r\nBcc: evil@x.example', 'x\u2028y', 'x\u202ey', '', 'y'.repeat(300)])(
    'when a value makes it %j',
    (title) => {
      const load = withTemplate('{{#p}}x{{/p}}', '{{title}}');
      expect(() => load().render('probe', 'en', { title })).toThrow('subject');
    },
  );
});

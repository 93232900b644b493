/** Wording: what a person typed stays text, and a template that is not safe or not complete is refused. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  authority: { name: 'Autorité', nativeName: 'Die Autorität', role: 'lead' },
  processing: null,
  description: null,
  late: false,
  delayReasons: null,
  groups: [{ name: 'weak hashes', people: 212, risk: 'high-risk' }],
  nature: [said('actor', 'malicious_external', 'estimated')],
  people: [said('subjects.count', 1500, 'estimated'), said('data.categories', null, 'unknown')],
  consequences: ['phishing'],
  unknown: ['data.categories'],
};

describe('the templates', () => {
  it('give an authority what Art. 33(3) asks, say what is unknown, and show instants with their zone', () => {
    const { subject, text, html } = handlebarsWording().render(
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

const controller: JsonObject = {
  ...common,
  isConfirmed: true,
  customer: { name: 'Kunde & Söhne GmbH', contactName: 'K. Kontakt' },
  chain: { asSubProcessor: ['Managed hosting - MH-1'], operatedBy: ['Rack Ltd'] },
  sections: [
    {
      service: 'Managed hosting - MH-1',
      grade: 'confirmed',
      stated: true,
      assets: ['hypervisor-07'],
      facts: [said('availability.state', 'temporary')],
      asked: ['categories', 'counts'],
      consequences: ['availability'],
    },
  ],
};
const notExcluded: JsonObject = {
  ...controller,
  sections: [
    {
      service: 'Colocation - CO-1',
      grade: 'not-excluded',
      stated: false,
      assets: ['rack-row-01'],
      facts: [],
      asked: ['categories'],
      consequences: [],
    },
  ],
};
const dataSubject: JsonObject = {
  ...common,
  processing: { name: 'Kundenportal' },
  nature: [said('data.categories', ['name', 'credentials'])],
  consequences: ['account-misuse'],
  advice: ['change-password'],
};
const later: JsonObject = {
  part: 2,
  earlier: {
    reference: 'D-2026-0001-abc123',
    sentAt: '2026-06-15T17:00:00.000Z',
    fileNumber: 'AZ 12/26',
  },
  cause: 'not-a-breach',
  cleared: [{ engagement: 'e9', service: 'Backup - BK-9' }],
  endedAt: '2026-06-18T08:00:00.000Z',
  notObtainable: ['subjects.count'],
  since: {
    isListed: true,
    isAnything: true,
    aware: { before: '2026-06-15T15:45:00.000Z', after: '2026-06-15T14:00:00.000Z' },
    grades: [{ service: 'Managed hosting - MH-1', before: 'not-named', after: 'confirmed' }],
    assets: [{ service: 'Managed hosting - MH-1', before: [], after: ['hypervisor-07'] }],
    people: { before: said('subjects.count', null, 'unknown'), after: said('subjects.count', 9) },
    countries: { before: ['EE'], after: ['EE', 'DE'] },
    facts: [
      {
        name: 'data.categories',
        service: null,
        before: said('data.categories', null, 'unknown'),
        after: said('data.categories', ['name', 'credentials']),
      },
    ],
    consequences: { added: ['account-misuse'], gone: ['phishing'] },
    advice: { added: ['change-password'], gone: [] },
    measures: { added: ['reset'], gone: [] },
    delayReasons: 'Postfach ungelesen.',
  },
};
const provided: JsonObject = {
  kingdom: false,
  detection: {
    ...{ at: '2026-06-15T14:00:00.000Z', zone: 'Europe/Berlin', offsetMinutes: 120 },
    isRecorded: true,
  },
};
const annexOne: JsonObject = {
  ...authority,
  ...provided,
  ...{ late: true, firstNotice: null, incomplete: true, services: ['Voice'] },
  ...{ lineCount: 7, subscriberCount: 5, suppliedCount: 1, suppliesOthers: true, toldCount: 3 },
  ...{ subscribersTold: true, subscribersPlanned: true, subscribersUndecided: false },
  ...{ otherAuthorities: ['Bundesnetzagentur'], otherCountries: ['EE'] },
};
const subscriber: JsonObject = {
  ...controller,
  ...provided,
  ...{
    nature: dataSubject['nature'] ?? [],
    consequences: ['phishing'],
    advice: ['change-password'],
  },
};
const wholesale: JsonObject = { ...controller, ...provided, isIncident: false };
const samples: Readonly<Record<string, JsonObject>> = {
  'provider/authority-initial': annexOne,
  'provider/authority-second': {
    ...annexOne,
    firstNotice: {
      ...{ reference: 'D-2026-0001-abc123', sentAt: '2026-06-15T17:00:00.000Z' },
      fileNumber: 'AZ 12/26',
    },
  },
  'provider/authority-supplementary': { ...annexOne, ...later },
  'provider/authority-final': { ...annexOne, ...later },
  'provider/subscriber-initial': subscriber,
  'provider/subscriber-supplementary': { ...subscriber, ...later },
  'provider/subscriber-final': { ...subscriber, ...later },
  'provider/wholesale-initial': wholesale,
  'provider/wholesale-supplementary': { ...wholesale, ...later },
  'provider/wholesale-final': { ...wholesale, ...later },
  'filing/pack': {
    exercise: true,
    reference: 'D-2026-0001-abcdef',
    authority: { name: 'Authority', languages: ['de', 'en'] },
    form: { basis: 'form-unknown', url: null, remarks: ['online-only'] },
    filing: {
      minutes: 120,
      rehearsal: 'not-rehearsed',
      dueAt: '2026-06-15T15:45:00.000Z',
      latestStartAt: '2026-06-15T13:45:00.000Z',
      account: 'exists',
      eid: 'held',
    },
    sections: [
      { title: 'Section', fields: [{ label: 'Label', value: 'Value', flag: 'too-long' }] },
    ],
  },
  'authority/initial': {
    ...authority,
    late: true,
    processing: {
      name: 'Portal',
      people: ['customer contacts', 'beekeepers'],
      data: said('data.categories', ['name', 'billing']),
      countries: ['DE', 'EE'],
    },
  },
  'authority/supplementary': { ...authority, ...later },
  'authority/final': { ...authority, ...later },
  'authority/withdrawal': { ...authority, ...later },
  'controller/initial': controller,
  'controller/initial-not-excluded': notExcluded,
  'controller/supplementary': { ...controller, ...later },
  'controller/final': { ...notExcluded, ...later },
  'controller/withdrawal': { ...controller, ...later, cause: 'wrong-recipient' },
  'data-subject/initial': dataSubject,
  'data-subject/supplementary': { ...dataSubject, ...later },
  'data-subject/final': { ...dataSubject, ...later },
  'data-subject/withdrawal': { ...dataSubject, ...later, cause: 'not-affected' },
  'resend/possible-duplicate': {
    exercise: true,
    subject: 'reset',
    messageId: 'x@n.example',
    reference: 'D-2026-0001-abc123',
  },
};

/** Every path of a JSON document with the placeholders its text holds. */
function placeholders(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    const found = String(value).match(/\{[a-z]+\}/g) ?? [];
    return [`${path} ${found.sort().join(' ')}`.trim()];
  }
  return Object.entries(value).flatMap(([key, item]) => placeholders(item, `${path}/${key}`));
}

const templates = new URL('../../templates/', import.meta.url);
const languages = ['en', 'de'] as const;
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, templates), 'utf8'));
const namesIn = (language: string): string[] =>
  readdirSync(templates, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(`.${language}.hbs`))
    .map((name) => name.slice(0, -`.${language}.hbs`.length))
    .sort();

describe('German', () => {
  it.each(['words', 'countries'])('has every key of the English %s, with its places', (name) => {
    const [english, german] = languages.map((language) =>
      placeholders(read(`partials/${name}.${language}.json`)).sort(),
    );
    expect(german).toEqual(english);
  });

  it('has every template that English has, and each is tried here', () => {
    expect(namesIn('de')).toEqual(namesIn('en'));
    expect(Object.keys(samples).sort()).toEqual(
      namesIn('en').filter((name) => !name.startsWith('partials/')),
    );
  });

  it.each(Object.keys(samples))('says %s from the same content, marked as an exercise', (name) => {
    const wording = handlebarsWording();
    expect(wording.languages(name)).toEqual(['de', 'en']);
    const [english, german] = languages.map((language) =>
      wording.render(name, language, samples[name] ?? {}),
    );
    expect(german?.language).toBe('de');
    expect(german?.subject).toMatch(/^EXERCISE - ÜBUNG/);
    expect(german?.text).toMatch(/^EXERCISE - ÜBUNG/);
    expect(german?.html).toContain('<html lang="de">');
    expect(german?.text).not.toBe(english?.text);
    const shared = /D-2026-0001-abc123|dpo@n\.example|Nordlicht|reset/g;
    expect(new Set(german?.text.match(shared))).toEqual(new Set(english?.text.match(shared)));
    expect(german?.text).not.toMatch(/ (the|and|is|your|not yet) /);
  });

  it('uses the terms of the DSGVO to authorities, its own dates and numbers, and countries in words', () => {
    const { text } = handlebarsWording().render(
      'authority/initial',
      'de',
      samples['authority/initial'] ?? {},
    );
    for (const term of [
      'An: Die Autorität, als federführende Aufsichtsbehörde',
      'Verletzung des Schutzes personenbezogener Daten nach Art. 33 Abs. 1',
      'Nordlicht (Deutschland) als Verantwortlicher',
      'Ungefähre Zahl der betroffenen Personen: etwa 1.500 (Schätzung)',
      '15. Juni 2026, 17:45 Uhr (Europe/Brussels, UTC+02:00), das entspricht 15. Juni 2026, 15:45 Uhr UTC',
      'Länder dieser Personen: Deutschland, Estland',
      'Ansprechpersonen bei Kunden, beekeepers',
      'Gründe für die Verzögerung',
    ])
      expect(text).toContain(term);
  });

  it('names the law of the UK where a provider of the UK writes', () => {
    const render = (name: string, language: string): string =>
      handlebarsWording().render(name, language, { ...samples[name], kingdom: true }).text;
    for (const name of ['provider/authority-initial', 'provider/subscriber-initial']) {
      expect(render(name, 'en')).toContain('Privacy and Electronic Communications');
      expect(render(name, 'de')).toContain('Vereinigtes Königreich');
      expect(render(name, 'en')).not.toContain('611/2013.');
    }
    expect(render('provider/wholesale-initial', 'en')).toContain('forms part of UK law');
  });

  it('never gives a customer that is not excluded the confirmed text, nor tells it what to notify', () => {
    const texts = ['controller/initial', 'controller/initial-not-excluded'].map(
      (name) => handlebarsWording().render(name, 'de', samples[name] ?? {}).text,
    );
    expect(texts[0]).toContain('Auftragsverarbeiter');
    expect(texts[1]).not.toMatch(/Verletzung|Angreifer/);
    for (const text of texts) expect(text).not.toMatch(/meldepflichtig|müssen .*melden|72 Stunden/);
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

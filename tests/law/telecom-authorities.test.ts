/** Who takes the notices of a provider of electronic communications, by which channel, and where those differ from the general ones. */
import { describe, expect, it } from 'vitest';
import type { CompetentAuthority } from '../../src/law/authorities.ts';
import { choiceOf } from '../../src/law/authority-choice.ts';
import { authorityNamed, telecomAuthorities } from '../../src/law/telecom-authorities.ts';

const idsIn = (country: string) =>
  telecomAuthorities(country).map(({ role, authorityId }) => `${role} ${authorityId}`);

describe('a provider tells every competent national authority of its country', () => {
  it.each([
    ['DE', ['competent de-bfdi', 'competent de-bnetza']],
    ['HR', ['competent hr-azop', 'competent hr-hakom']],
    ['GR', ['competent gr-adae', 'competent gr-hdpa']],
    ['EE', ['competent ee-aki']],
    ['US', []],
  ])('in %s: %j', (country, expected) => {
    expect(idsIn(country)).toEqual(expected);
  });
  it('citing Art. 2(1) Regulation 611/2013: there is no one-stop-shop', () => {
    expect(telecomAuthorities('DE').map(({ why }) => why)).toEqual([
      'Art. 2(1) Regulation 611/2013: competent for providers established in DE; no one-stop-shop',
      'Art. 2(1) Regulation 611/2013: competent for providers established in DE; no one-stop-shop',
    ]);
  });
  it('in the UK the Information Commissioner, under PECR and at the page for providers', () => {
    expect(telecomAuthorities('GB')).toEqual([
      {
        authorityId: 'gb-ico',
        name: "Information Commissioner's Office (to become the Information Commission)",
        role: 'competent',
        channel: {
          kind: 'form',
          url: 'https://ico.org.uk/for-organisations/report-a-breach/data-security-breach-pecr/',
          email: null,
          note: 'The page for breaches of service providers under PECR, not the form under the UK GDPR, which such a breach then does not need.',
        },
        languages: ['en', 'cy'],
        zone: 'Europe/London',
        verification: 'source-read',
        why: 'Reg. 5A PECR 2003',
      },
    ]);
  });
});

describe('an authority by its id', () => {
  it('is found whether it takes general notices or those of providers alone', () => {
    expect(authorityNamed('pl-uodo')?.nativeName).toBe('Urząd Ochrony Danych Osobowych');
    expect(authorityNamed('fi-traficom')).toMatchObject({ id: 'fi-traficom' });
    expect(authorityNamed('nowhere')).toBeNull();
  });
  it('has its channel for general notices where it takes both', () => {
    expect(authorityNamed('gb-ico')?.channel.url).toContain('report-a-personal-data-breach');
  });
});

describe('a machine sends a notice', () => {
  const authority: CompetentAuthority = {
    ...{ authorityId: 'xx-dpa', name: 'Authority', role: 'competent', languages: ['en'] },
    channel: { kind: 'email', url: 'https://dpa.example', email: 'breach@dpa.example', note: '' },
    ...{ zone: 'UTC', verification: 'source-read', why: 'Art. 55 GDPR' },
  };
  const byChannel = (channel: Partial<CompetentAuthority['channel']>) =>
    choiceOf({ ...authority, channel: { ...authority.channel, ...channel } });

  it('where the authority takes mail at an address for breaches', () => {
    expect(choiceOf(authority)).toEqual({
      ...{ authorityId: 'xx-dpa', name: 'Authority', role: 'competent', languages: ['en'] },
      ...{ zone: 'UTC', verification: 'source-read', why: 'Art. 55 GDPR' },
      ...{ channel: 'email', email: 'breach@dpa.example', url: 'https://dpa.example' },
    });
  });
  it.each([
    ['takes mail, but no address for breaches is known', { email: null }],
    ['has a form, whatever mailbox is known', { kind: 'form' as const }],
    ['has a portal, whatever mailbox is known', { kind: 'portal' as const }],
  ])('and a person files it where the authority %s', (_, channel) => {
    expect(byChannel(channel)).toMatchObject({
      ...{ channel: 'portal', email: null, url: 'https://dpa.example' },
    });
  });
});

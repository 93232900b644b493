/** What authorities ask for: only what somebody read, each with its source, each question in words of both languages. */
import { describe, expect, it } from 'vitest';
import { handlebarsWording } from '../../src/adapters/wording/handlebars.ts';
import { ownField } from '../../src/commands/filing-pack.ts';
import { authorityById } from '../../src/law/authorities.ts';
import { annexOneItems } from '../../src/law/data/filing-annex-one.ts';
import { formBehaviours, nationalForms } from '../../src/law/data/filing-forms.ts';
import { formFields } from '../../src/law/data/filing-fields.ts';
import {
  behavioursOf,
  filingQuestions,
  formFieldOf,
  nationalFormOf,
} from '../../src/law/filing.ts';

const wording = handlebarsWording();

describe('national forms', () => {
  it.each(nationalForms.map((form) => [form.authorityId, form] as const))(
    '%s is an authority we know, and names a source and a day it was read',
    (id, form) => {
      expect(authorityById(id)).not.toBeNull();
      expect(form.source).not.toBe('');
      expect(form.readOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(form.verification).not.toBe('to-verify');
      for (const field of [...form.fields, ...(form.secondHand ?? [])]) formFieldOf(field);
    },
  );

  it('whoever nobody read has none, so that the common template stands in', () => {
    for (const id of ['it-garante', 'es-aepd', 'be-apd-gba', 'dk-datatilsynet'])
      expect(nationalFormOf(id)).toBeNull();
    expect(behavioursOf('ee-aki')).toEqual([]);
  });

  it('are found by the authority, with what was remarked of their behaviour', () => {
    expect(nationalFormOf('ie-dpc')).toEqual({
      authorityId: 'ie-dpc',
      source: 'copies of dataprotection.ie breach page',
      readOn: '2026-11-22',
      verification: 'source-read',
      fields: ['cross-border', 'second-stage-justification'],
    });
    expect(behavioursOf('ie-dpc')).toEqual(['flag-cross-border']);
  });

  it('name no field that nobody described', () => {
    expect(formFieldOf('cross-border').answeredBy).toEqual(['6.2-cross-border']);
    expect(() => formFieldOf('shoe-size')).toThrow('no form field shoe-size');
  });
});

describe.each(['en', 'de'])('the words in %s', (language) => {
  const speech = wording.speech(language);

  it('name every question, section, field and remark', () => {
    for (const { id, section } of filingQuestions) {
      expect(speech.word('questions', id)).not.toBe('');
      expect(speech.word('sections', section)).not.toBe('');
    }
    for (const { id, section } of annexOneItems) {
      expect(speech.word('questions', id)).not.toBe('');
      expect(speech.word('sections', section)).not.toBe('');
    }
    for (const { id } of formFields) expect(speech.word('formFields', id)).not.toBe('');
    for (const remark of Object.values(formBehaviours).flat())
      expect(speech.word('formRemarks', remark)).not.toBe('');
  });
});

it('what does not fit a known limit or list is flagged, what fits is not', () => {
  const speech = wording.speech('en');
  const answers = {
    '3.2-description': { state: 'known', text: 'twelve chars', choices: [] },
    '3.2-cause': { state: 'known', text: 'external', choices: ['external-malicious'] },
  } as const;
  const flagOf = (id: string, form: Parameters<typeof ownField>[3]) =>
    ownField({ speech }, answers, id, form).flag;
  expect(flagOf('description', { limits: { description: 12 } })).toBeNull();
  expect(flagOf('description', { limits: { description: 11 } })).toBe('too-long');
  expect(flagOf('cause', { choices: { cause: ['external-malicious'] } })).toBeNull();
  expect(flagOf('cause', { choices: { cause: ['other'] } })).toBe('not-a-choice');
  expect(flagOf('attachments', { limits: { attachments: 1 } })).toBeNull();
});

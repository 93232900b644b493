/** What authorities ask for when a notice is filed: the common template as the canonical structure, national forms over it. */
import { formBehaviours, nationalForms } from './data/filing-forms.ts';
import { formFields } from './data/filing-fields.ts';
import { firstQuestions } from './data/filing-questions-1-to-3.ts';
import { laterQuestions } from './data/filing-questions-4-to-7.ts';
import type { FilingQuestion, FormField, NationalForm } from './filing-form.ts';

/** Where the common template was read: a field map of it, not the template itself. */
export const commonTemplate = {
  name: 'EDPB Template [2026] for personal data breach notification, version 1.0 (draft)',
  templateUrl:
    'https://www.edpb.europa.eu/system/files/2026-06/edpb_template_2026_data_breach_notification_v1.0_en.docx',
  source:
    'https://github.com/lawve-ai/awesome-legal-skills/blob/6f4f454728fac240c3688092bf4acda0b0f14dd6/skills/gdpr-breach-sentinel-oliver-schmidt-prietz/references/edpb-template-evidence-file.md',
  readOn: '2026-11-22',
  verification: 'secondary-source',
} as const;

/** Every question of the common template that was read, in its order. */
export const filingQuestions: readonly FilingQuestion[] = [...firstQuestions, ...laterQuestions];

/** What was read of an authority's own form; null when nobody has read it. */
export function nationalFormOf(authorityId: string): NationalForm | null {
  return nationalForms.find((form) => form.authorityId === authorityId) ?? null;
}

/** Remarks on how an authority's form behaves; empty where nothing was read. */
export function behavioursOf(authorityId: string): readonly string[] {
  return formBehaviours[authorityId] ?? [];
}

/** The field with this id. Throws for one nobody described. */
export function formFieldOf(id: string): FormField {
  const field = formFields.find((one) => one.id === id);
  if (field === undefined) throw new Error(`no form field ${id}`);
  return field;
}

/** The filing pack of a notice to an authority that takes it from a person only: its fields, each ready to copy. */
import type { JsonObject } from '../domain/json.ts';
import { latestStartAt, type StandingReadiness } from '../domain/readiness.ts';
import { authorityById } from '../law/authorities.ts';
import { annexOne, annexOneItems } from '../law/data/filing-annex-one.ts';
import {
  behavioursOf,
  commonTemplate,
  filingQuestions,
  formFieldOf,
  nationalFormOf,
} from '../law/filing.ts';
import type { FilingQuestion, NationalForm } from '../law/filing-form.ts';
import { byFiler, type Answers, type FilingAnswer, type FilingSource } from './filing-answer.ts';
import { providerForm } from './compose-provider.ts';
import { breachAnswers } from './filing-breach.ts';
import { outcomeAnswers } from './filing-outcome.ts';
import { providerAnswers } from './filing-provider.ts';
import { partyAnswers } from './filing-parties.ts';

/** Every answer we have, by question of the common template and some beside it. */
function answersOf(source: FilingSource): Answers {
  return {
    ...partyAnswers(source),
    ...breachAnswers(source),
    ...outcomeAnswers(source),
    ...(isOfProvider(source) ? providerAnswers(source) : {}),
  };
}

/** True for a notice under the law of electronic communications, whose items are those of Annex I of 611/2013. */
function isOfProvider({ obligation }: FilingSource): boolean {
  return providerForm(obligation.provision) !== null;
}

/** One field as a person enters it. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type PackField = {
  readonly id: string;
  readonly label: string;
  readonly state: FilingAnswer['state'];
  /** The answer in words, or in words why there is none. */
  readonly value: string;
  /** `too-long` or `not-a-choice` where the form is known not to take it so; else null. */
  readonly flag: string | null;
  readonly limit: number | null;
  readonly citation: string | null;
};

/** The pack as JSON: what its text, its page and its PDF are made from. */
export function packOf(
  source: FilingSource,
  record: StandingReadiness | null,
  language: string,
): JsonObject {
  const { obligation, file, plan, content } = source;
  const { authority, dueAt } = obligation;
  if (authority === null) throw new Error('a filing pack needs an authority');
  const isProvider = isOfProvider(source);
  const form = isProvider ? null : nationalFormOf(authority.authorityId);
  const template = isProvider ? annexOne : commonTemplate;
  return {
    v: 1,
    exercise: file.mode === 'drill',
    reference: content['reference'] ?? '',
    language,
    authority: {
      id: authority.authorityId,
      name: authority.name,
      languages: authority.languages,
    },
    form: {
      basis: isProvider ? 'annex-one' : basisOf(form),
      source: form?.source ?? template.source,
      readOn: form?.readOn ?? template.readOn,
      verification: form?.verification ?? template.verification,
      template: template.name,
      url: isProvider
        ? authority.url
        : (authorityById(authority.authorityId)?.channel.url ?? authority.url),
      remarks: isProvider ? [] : behavioursOf(authority.authorityId),
      version: record?.formVersion ?? null,
    },
    filing: {
      minutes: plan.minutes,
      rehearsal: plan.isRehearsed ? 'rehearsed' : 'not-rehearsed',
      dueAt,
      latestStartAt: dueAt === null ? null : latestStartAt(dueAt, plan),
      account: record?.account ?? 'not-recorded',
      eid: record?.eid ?? 'not-recorded',
    },
    sections: isProvider ? annexSections(source) : sectionsOf(source, form),
  };
}

function basisOf(form: NationalForm | null): string {
  if (form === null) return 'form-unknown';
  return form.verification === 'source-read' ? 'form-read' : 'form-second-hand';
}

function annexSections(source: FilingSource): JsonObject[] {
  const { speech } = source;
  const answers = answersOf(source);
  const bySection = Map.groupBy(annexOneItems, ({ section }) => section);
  return [...bySection].map(([section, items]) => ({
    title: speech.word('sections', section),
    fields: items.map(({ id, answeredBy }): PackField => {
      const answer = joined(answeredBy.map((one) => answers[one] ?? byFiler));
      return {
        ...{ id, label: speech.word('questions', id), state: answer.state },
        ...{ value: wordsOf(speech, answer), flag: null, limit: null, citation: annexOne.name },
      };
    }),
  }));
}

function sectionsOf(source: FilingSource, form: NationalForm | null): JsonObject[] {
  const { speech } = source;
  const answers = answersOf(source);
  const ids = form === null ? [] : [...form.fields, ...(form.secondHand ?? [])];
  const own = ids.map((id) => ownField(source, answers, id, form));
  const covered = new Set(ids.flatMap((id) => formFieldOf(id).answeredBy));
  const rest = filingQuestions.filter(({ id }) => !covered.has(id));
  const bySection = Map.groupBy(rest, ({ section }) => section);
  return [
    ...(own.length === 0 ? [] : [{ title: speech.word('filing', 'own-fields'), fields: own }]),
    ...[...bySection].map(([section, questions]) => ({
      title: `${section} ${speech.word('sections', section)}`,
      fields: questions.map((question) => questionField(source, answers, question)),
    })),
  ];
}

function questionField(
  { speech }: FilingSource,
  answers: Answers,
  { id, citation, options }: FilingQuestion,
): PackField {
  const answer = answers[id] ?? byFiler;
  const isChoice = options === null || answer.choices.every((key) => options.includes(key));
  return {
    id,
    label: speech.word('questions', id),
    state: answer.state,
    value: wordsOf(speech, answer),
    flag: isChoice ? null : 'not-a-choice',
    limit: null,
    citation,
  };
}

/** A field of the authority's own, filled from the answers it corresponds to. */
export function ownField(
  { speech }: Pick<FilingSource, 'speech'>,
  answers: Answers,
  id: string,
  form: Pick<NationalForm, 'limits' | 'choices'> | null,
): PackField {
  const answer = joined(formFieldOf(id).answeredBy.map((one) => answers[one] ?? byFiler));
  const value = wordsOf(speech, answer);
  const limit = form?.limits?.[id] ?? null;
  const choices = form?.choices?.[id];
  const tooLong = answer.state === 'known' && limit !== null && Array.from(value).length > limit;
  const notAChoice = choices !== undefined && answer.choices.some((key) => !choices.includes(key));
  return {
    id,
    label: speech.word('formFields', id),
    state: answer.state,
    value,
    flag: tooLong ? 'too-long' : notAChoice ? 'not-a-choice' : null,
    limit,
    citation: null,
  };
}

function wordsOf(speech: FilingSource['speech'], answer: FilingAnswer): string {
  return answer.state === 'known' ? answer.text : speech.word('answerStates', answer.state);
}

/** Several answers as one: what is known of them, else the state they share, else what still has to be found out. */
function joined(answers: readonly FilingAnswer[]): FilingAnswer {
  const known = answers.filter(({ state }) => state === 'known');
  if (known.length > 0) {
    return {
      state: 'known',
      text: known.map(({ text }) => text).join('; '),
      choices: known.flatMap(({ choices }) => choices),
    };
  }
  const states = new Set(answers.map(({ state }) => state));
  const [only] = states;
  const state = states.size === 0 ? 'by-filer' : states.size === 1 ? only : undefined;
  return { state: state ?? 'open', text: '', choices: [] };
}

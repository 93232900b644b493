/** Form controls: each with its label, hint, and what was wrong with it, tied together for every reader. */
import { createHash, randomUUID } from 'node:crypto';
import type { Session } from '../who.ts';
import { fieldOf, formSecret, type RefusedForm } from './layout.ts';
import { html, nothing, type Html } from './markup.ts';

/** A form being drawn: its name, and what it said if it was just refused. */
export interface FormContext {
  readonly name: string;
  readonly refused: RefusedForm | null;
}

/** The context of one form; another form's refusal does not touch it. */
export function formContext(name: string, refused: RefusedForm | null): FormContext {
  return { name, refused: refused?.form === name ? refused : null };
}

/** A name for one of many like forms on a page, by what it is about; it can stand in an id. */
export function formNameOf(act: string, ...about: readonly string[]): string {
  const digest = createHash('sha256').update(about.join(' ')).digest('hex');
  return `${act}-${digest.slice(0, 12)}`;
}

interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly required?: boolean;
}

interface Drawn {
  readonly id: string;
  readonly value: string;
  readonly described: Html;
  readonly error: Html;
  readonly hint: Html;
}

function draw(form: FormContext, field: Field): Drawn {
  const id = `${form.name}-${field.name}`;
  const faults = (form.refused?.problem.errors ?? []).filter(
    (fault) => fieldOf(fault.pointer) === field.name,
  );
  const fault = faults[0]?.detail ?? null;
  const ids = [field.hint === undefined ? '' : `${id}-hint`, fault === null ? '' : `${id}-error`];
  const describedBy = ids.filter((one) => one !== '').join(' ');
  return {
    id,
    value: form.refused?.values[field.name] ?? field.value ?? '',
    described: html`${describedBy === '' ? nothing : html` aria-describedby="${describedBy}"`}${
      fault === null ? nothing : html` aria-invalid="true"`
    }${field.required === false ? nothing : html` required`}`,
    error:
      fault === null
        ? nothing
        : html`<span class="field-error" id="${id}-error">Error: ${fault}</span>`,
    hint:
      field.hint === undefined
        ? nothing
        : html`<span class="hint" id="${id}-hint">${field.hint}</span>`,
  };
}

function labelled(drawn: Drawn, field: Field, control: Html): Html {
  return html`<div class="field">
    <label for="${drawn.id}">${field.label}</label>
    ${drawn.hint} ${drawn.error} ${control}
  </div>`;
}

export function textInput(form: FormContext, field: Field): Html {
  const drawn = draw(form, field);
  const control = html`<input
    id="${drawn.id}"
    name="${field.name}"
    value="${drawn.value}"
    autocomplete="off"
    ${drawn.described}
  />`;
  return labelled(drawn, field, control);
}

export function textArea(form: FormContext, field: Field & { readonly rows?: number }): Html {
  const drawn = draw(form, field);
  const rows = field.rows ?? 3;
  const control = html`<textarea
    id="${drawn.id}"
    name="${field.name}"
    rows="${rows}"
    ${drawn.described}
  >
${drawn.value}</textarea>`;
  return labelled(drawn, field, control);
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function select(
  form: FormContext,
  field: Field & { readonly options: readonly Option[] },
): Html {
  const drawn = draw(form, field);
  const control = html`<select id="${drawn.id}" name="${field.name}" ${drawn.described}>
    ${field.options.map(
      (option) =>
        html`<option
          value="${option.value}"
          ${option.value === drawn.value ? html` selected` : nothing}
        >
          ${option.label}
        </option>`,
    )}
  </select>`;
  return labelled(drawn, field, control);
}

/** Radio buttons, or check boxes with `many`. */
export function choices(
  form: FormContext,
  field: Field & { readonly options: readonly Option[]; readonly many?: boolean },
): Html {
  const drawn = draw(form, field);
  const chosen = drawn.value.split('\n');
  const type = field.many === true ? 'checkbox' : 'radio';
  return html`<fieldset
    class="choices"
    id="${drawn.id}"
    ${drawn.hint === nothing && drawn.error === nothing ? nothing : html` tabindex="-1"`}
  >
    <legend>${field.label}</legend>
    ${drawn.hint} ${drawn.error}
    ${field.options.map(
      (option, index) =>
        html`<label for="${drawn.id}-${index}"
          ><input
            type="${type}"
            id="${drawn.id}-${index}"
            name="${field.name}"
            value="${option.value}"
            ${chosen.includes(option.value) ? html` checked` : nothing}${type === 'radio' && field.required !== false ? html` required` : nothing}
          />
          ${option.label}</label
        >`,
    )}
  </fieldset>`;
}

/** A form of ours that posts: the secret of the session, and a key so that sending twice has one effect. */
export function postForm(
  session: Session,
  form: { readonly action: string; readonly className?: string; readonly multipart?: boolean },
  inside: Html,
): Html {
  return html`<form
    method="post"
    action="${form.action}"
    class="${form.className ?? 'act'}"
    ${form.multipart === true ? html` enctype="multipart/form-data"` : nothing}
  >
    ${formSecret(session)}<input type="hidden" name="once" value="${randomUUID()}" />
    ${inside}
  </form>`;
}

/** The frame of every page: title, who is signed in, what went wrong or well, and the exercise banner. */
import { mayDo, type Person } from '../../domain/actor.ts';
import type { Problem } from '../../domain/problem.ts';
import { titleOf } from '../problems.ts';
import { formCode, type Session } from '../who.ts';
import { icon, script, styleSheet } from './assets.ts';
import { html, nothing, type Html } from './markup.ts';

/** What a form that was refused said, so that it can be shown again with what was typed. */
export interface RefusedForm {
  /** The form's name; fields have the ids `<form>-<field>`. */
  readonly form: string;
  readonly problem: Problem;
  readonly values: Readonly<Record<string, string>>;
}

export interface Frame {
  readonly title: string;
  readonly session: Session | null;
  readonly refused?: RefusedForm | null;
  /** A sentence that says what was just done. */
  readonly done?: string | null;
  /** True on the pages of a drill. */
  readonly exercise?: boolean;
  readonly mailboxUrl?: string | null;
  readonly body: Html;
}

/** A whole document. */
export function layout(frame: Frame): Html {
  const { title, session, body } = frame;
  const refused = frame.refused ?? null;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${refused === null ? '' : 'Error: '}${title} · Tocsin</title>
        <link rel="stylesheet" href="${styleSheet.path}" />
        <link rel="icon" href="${icon.path}" type="image/svg+xml" />
        <script type="module" src="${script.path}"></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${header(session, frame.mailboxUrl ?? null)}
        ${frame.exercise === true ? exerciseBanner : nothing}
        <main id="main" tabindex="-1">
          ${refused === null ? nothing : errorSummary(refused)}
          ${frame.done == null ? nothing : html`<p class="done" role="status">${frame.done}</p>`}
          ${body}
        </main>
      </body>
    </html>`;
}

const exerciseBanner = html`<p class="exercise">
  <strong>EXERCISE</strong> This is a drill on a clock of its own. Its mail goes to the sandbox
  only.
</p>`;

function header(session: Session | null, mailboxUrl: string | null): Html {
  return html`<header class="top">
    <a class="mark" href="/">Tocsin</a>
    ${
      session === null
        ? nothing
        : html`<nav aria-label="Main">
              <a href="/">Cases</a>
              <a href="/cases/new">Open a case</a>
              <a href="/authorisations">Authorisations</a>
              ${mayDo(session.person, 'read-readiness') ? html`<a href="/readiness">Readiness</a>` : nothing}
              <a href="/clauses">Standing clauses</a>
              <a href="/rules">Rules</a>
              ${mayDo(session.person, 'manage-people') ? html`<a href="/people">People</a>` : nothing}
              ${mailboxUrl === null ? nothing : html`<a href="${mailboxUrl}" rel="noreferrer">Sandbox mailbox</a>`}
            </nav>
            ${whoIsHere(session)}`
    }
  </header>`;
}

function whoIsHere(session: Session): Html {
  return html`<form class="who" method="post" action="/sign-out">
    ${formSecret(session)}
    <span>${session.person.name} <small>${rolesOf(session.person)}</small></span>
    <button class="quiet" type="submit">Sign out</button>
  </form>`;
}

function rolesOf(person: Person): string {
  return person.roles.join(', ');
}

/** The hidden field that shows a form is ours. */
export function formSecret(session: Session): Html {
  return html`<input type="hidden" name="form" value="${formCode(session.secret)}" />`;
}

function errorSummary({ form, problem, values }: RefusedForm): Html {
  return html`<section
    class="error-summary"
    role="alert"
    aria-labelledby="error-title"
    tabindex="-1"
  >
    <h2 id="error-title">${titleOf(problem.type)}</h2>
    <p>${problem.detail}</p>
    ${
      problem.errors === undefined || problem.errors.length === 0
        ? nothing
        : html`<ul>
            ${problem.errors.slice(0, 20).map((fault) => {
              const field = fieldOf(fault.pointer);
              const words = `${fieldWords(field)} ${fault.detail}`;
              return Object.hasOwn(values, field)
                ? html`<li><a href="#${form}-${field}">${words}</a></li>`
                : html`<li>${words}</li>`;
            })}
          </ul>`
    }
  </section>`;
}

/** The field a JSON pointer is about: its last part that is not a place in a list. */
export function fieldOf(pointer: string): string {
  return (
    pointer
      .split('/')
      .filter((part) => part !== '' && !/^\d+$/.test(part))
      .at(-1) ?? ''
  );
}

function fieldWords(field: string): string {
  const words = field.replace(
    /([a-z])([A-Z])/g,
    (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

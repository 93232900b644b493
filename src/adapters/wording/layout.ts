/** One source for text and html: the block helpers lay the same template out as either. */
import Handlebars from 'handlebars';
import { slotMark } from '../../ledger/mime.ts';
import { helperNames, type HelperName } from './allowed.ts';
import type { Words } from './words.ts';

export type Form = 'text' | 'html';
type Environment = typeof Handlebars;

interface Layout {
  readonly heading: (inner: string) => string;
  readonly p: (inner: string) => string;
  readonly list: (inner: string) => string;
  readonly item: (inner: string) => string;
  readonly fields: (inner: string) => string;
  readonly field: (label: string, inner: string) => string;
}

// A value stays inside its own paragraph or item, whatever line ends it brings.
const oneLine = (inner: string): string => inner.replace(/\s+/g, ' ').trim();
const linesOf = (inner: string): string =>
  inner
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

const textLayout: Layout = {
  heading: (inner) => `\n${oneLine(inner)}\n${'-'.repeat(Math.min(72, oneLine(inner).length))}\n`,
  p: (inner) => `\n${oneLine(inner)}\n`,
  list: (inner) => `\n${linesOf(inner)}\n`,
  item: (inner) => `- ${oneLine(inner)}\n`,
  fields: (inner) => `\n${linesOf(inner)}\n`,
  field: (label, inner) => `${oneLine(label)}: ${oneLine(inner)}\n`,
};

const htmlLayout: Layout = {
  heading: (inner) => `<h2>${oneLine(inner)}</h2>\n`,
  p: (inner) => `<p>${oneLine(inner)}</p>\n`,
  list: (inner) => `<ul>\n${linesOf(inner)}\n</ul>\n`,
  item: (inner) => `<li>${oneLine(inner)}</li>\n`,
  fields: (inner) => `<ul>\n${linesOf(inner)}\n</ul>\n`,
  field: (label, inner) =>
    `<li><strong>${Handlebars.escapeExpression(oneLine(label))}:</strong> ${oneLine(inner)}</li>\n`,
};

const builtIn = ['if', 'unless', 'each'] as const;

/** A Handlebars of our own for one form and language: only the helpers on the list, each strict about its values. */
export function environment(form: Form, words: Words): Environment {
  const env = Handlebars.create();
  const own = new Map(builtIn.map((name) => [name, env.helpers[name]]));
  for (const name of Object.keys(env.helpers)) {
    if (name !== 'helperMissing' && name !== 'blockHelperMissing') env.unregisterHelper(name);
  }
  for (const name of builtIn) {
    const original = own.get(name);
    if (original === undefined) throw new Error(`Handlebars has no ${name}`);
    env.registerHelper(name, function (this: unknown, value: unknown, options: unknown): unknown {
      if (value === undefined) throw new Error(`a value for #${name} is missing`);
      return original.call(this, value, options);
    });
  }
  registerLayout(env, form === 'text' ? textLayout : htmlLayout);
  registerWords(env, words);
  return env;
}

function registerLayout(env: Environment, layout: Layout): void {
  for (const name of ['heading', 'p', 'list', 'item', 'fields'] as const) {
    env.registerHelper(name, function (this: unknown, options: Handlebars.HelperOptions) {
      return layout[name](options.fn(this));
    });
  }
  env.registerHelper(
    'field',
    function (this: unknown, label: unknown, options: Handlebars.HelperOptions) {
      if (typeof label !== 'string') throw new Error('a label is missing');
      return layout.field(label, options.fn(this));
    },
  );
}

function registerWords(env: Environment, words: Words): void {
  env.registerHelper('label', (name: unknown) => words.label(name));
  env.registerHelper('say', (fact: unknown) => words.say(fact));
  env.registerHelper('word', (group: unknown, key: unknown) => words.word(group, key));
  env.registerHelper('terms', (group: unknown, keys: unknown) => words.terms(group, keys));
  env.registerHelper('instant', (at: unknown) => words.instant(at));
  env.registerHelper('localInstant', (at: unknown, zone: unknown, offset: unknown) =>
    words.localInstant(at, zone, offset),
  );
  env.registerHelper('slot', (name: unknown) => {
    if (typeof name !== 'string' || !/^[a-z][A-Za-z]*$/.test(name))
      throw new Error('a slot has no name');
    return slotMark(name);
  });
}

/** How every template is compiled. */
export function compileOptions(form: Form): CompileOptions {
  const knownHelpers = Object.fromEntries(helperNames.map((name) => [name, true])) as Record<
    HelperName,
    true
  >;
  return {
    strict: true,
    noEscape: form === 'text',
    knownHelpers,
    knownHelpersOnly: true,
    preventIndent: true,
  };
}

/** Wording over Handlebars: templates of this repository, parsed, checked and compiled when loaded. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JsonObject, JsonValue } from '../../domain/json.ts';
import type { Wording } from '../../domain/notice-ports.ts';
import { holdsSlotMark } from '../../ledger/mime.ts';
import { isPlainSubject } from '../../ledger/plain-text.ts';
import { parseAllowed } from './allowed.ts';
import { compileOptions, environment, type Form } from './layout.ts';
import { readWords, type Words } from './words.ts';

/** The language of whom no other wording reaches. */
const fallback = 'en';
const templatesFolder = fileURLToPath(new URL('../../../templates/', import.meta.url));
const frontMatter = /^((?:\{\{!--[^\n]*--\}\}\n)*)reviewed-by: ([^\n]+)\nsubject: ([^\n]+)\n---\n/;

interface Loaded {
  readonly sha256: Uint8Array;
  readonly subject: HandlebarsTemplateDelegate;
  readonly text: HandlebarsTemplateDelegate;
  readonly html: HandlebarsTemplateDelegate;
}

/**
 * Loads every template below `folder`, in every language that has words there. Throws, naming the file, on a syntax
 * error, an unescaped output, an unknown helper or partial, or a missing front line: a process with a bad template does
 * not start.
 */
export function handlebarsWording(folder: string = templatesFolder): Wording {
  const byLanguage = new Map(
    languagesIn(folder).map((language) => [language, compileAll(folder, language)] as const),
  );
  const find = (template: string, language: string): [string, Loaded] => {
    for (const tried of [language, fallback]) {
      const found = byLanguage.get(tried)?.templates.get(template);
      if (found !== undefined) return [tried, found];
    }
    throw new Error(`there is no template ${template}`);
  };
  return {
    templates: () =>
      [...byLanguage].flatMap(([language, { templates }]) =>
        [...templates].map(([template, { sha256 }]) => ({
          template,
          language,
          sha256: Buffer.from(sha256).toString('hex'),
        })),
      ),
    languages: (template) =>
      [...byLanguage].flatMap(([language, { templates }]) =>
        templates.has(template) ? [language] : [],
      ),
    speech(language) {
      const found = byLanguage.get(language) ?? byLanguage.get(fallback);
      if (found === undefined) throw new Error('there are no words');
      return found.words;
    },
    render(template, wantedLanguage, content) {
      const [language, found] = find(template, wantedLanguage);
      refuseMarks(content);
      const subject = found.subject(content).trim();
      refuseSubject(subject);
      return {
        subject,
        text: tidy(found.text(content)),
        html: page(language, subject, found.html(content)),
        templateSha256: found.sha256,
        language,
      };
    },
  };
}

function languagesIn(folder: string): string[] {
  return readdirSync(join(folder, 'partials'))
    .flatMap((name) => /^words\.([a-z]{2})\.json$/.exec(name)?.[1] ?? [])
    .sort();
}

interface TemplateFile {
  readonly name: string;
  readonly source: string;
  readonly partial: boolean;
}

function readTemplates(folder: string, language: string): TemplateFile[] {
  const ending = `.${language}.hbs`;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .sort()
    .map((path) => {
      const name = path.slice(0, -ending.length).replaceAll('\\', '/');
      const partial = name.startsWith('partials/');
      const source = readFileSync(join(folder, path), 'utf8');
      return { name: partial ? name.slice('partials/'.length) : name, source, partial };
    });
}

interface Compiled {
  readonly words: Words;
  readonly templates: ReadonlyMap<string, Loaded>;
}

function compileAll(folder: string, language: string): Compiled {
  const files = readTemplates(folder, language);
  const [wordsJson, countriesJson, filingJson] = ['words', 'countries', 'filing'].map((name) =>
    readFileSync(join(folder, `partials/${name}.${language}.json`), 'utf8'),
  ) as [string, string, string];
  const words = readWords(wordsJson, countriesJson, filingJson);
  const environments = { text: environment('text', words), html: environment('html', words) };
  const partials = files.filter((file) => file.partial);
  const names = new Set(partials.map((file) => file.name));
  const shared = createHash('sha256').update(wordsJson).update(countriesJson).update(filingJson);
  for (const { name, source } of partials) {
    parseAllowed(name, source, names);
    shared.update(source);
    for (const form of ['text', 'html'] as const) {
      environments[form].registerPartial(name, compile(form, name, source));
    }
  }
  const sharedSha = shared.digest();
  const templates = new Map(
    files
      .filter((file) => !file.partial)
      .map(({ name, source }) => {
        const front = frontMatter.exec(source);
        const subject = front?.[3];
        if (front === null || subject === undefined) {
          throw new Error(
            `template ${name}.${language} must begin with reviewed-by: and subject: lines and ---`,
          );
        }
        const body = source.slice(front[0].length);
        return [
          name,
          {
            sha256: createHash('sha256').update(sharedSha).update(source).digest(),
            subject: compile('text', name, subject),
            text: compile('text', name, body),
            html: compile('html', name, body),
          },
        ];
      }),
  );
  return { words, templates };

  function compile(form: Form, name: string, source: string): HandlebarsTemplateDelegate {
    const program = parseAllowed(name, source, names);
    // precompile finds at load what compile would only find at the first use.
    environments[form].precompile(program, compileOptions(form));
    return environments[form].compile(parseAllowed(name, source, names), compileOptions(form));
  }
}

function refuseMarks(value: JsonValue): void {
  if (typeof value === 'string') {
    if (holdsSlotMark(value)) throw new Error('a value holds the mark of a slot');
  } else if (typeof value === 'object' && value !== null) {
    Object.values(value as JsonObject).forEach(refuseMarks);
  }
}

function refuseSubject(subject: string): void {
  if (!isPlainSubject(subject))
    throw new Error('the subject must be one line of 1 to 200 plain characters');
}

function tidy(text: string): string {
  return `${text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function page(language: string, subject: string, body: string): string {
  const title = subject.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);
  const lines = body
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n');
  return `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"><title>${title}</title></head>\n<body>\n${lines}\n</body>\n</html>\n`;
}

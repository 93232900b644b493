/** `tocsin assess`: what the rules make of facts documents; needs no server and records nothing. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { readFactsDocument } from '../domain/fact-reading.ts';
import type { BreachFacts } from '../domain/facts.ts';
import type { JsonValue } from '../domain/json.ts';
import { assess } from '../law/assess.ts';
import { severity } from '../law/enisa.ts';
import { assessmentLines } from './assessment-page.ts';
import { CliError, errorLine, exitCodes } from './exit.ts';
import { examples } from './program-help.ts';
import type { CommonOptions, Surroundings } from './session.ts';
import { paintFor, print } from './terminal.ts';

interface NamedFacts {
  /** The file, with the place in it where it holds several. */
  readonly name: string;
  readonly facts: BreachFacts;
}

/** Adds `assess`. */
export function addAssessCommand(program: Command, around: Surroundings): void {
  const command = program
    .command('assess')
    .description('what the rules make of facts: one result a document; decides nothing')
    .argument('<facts...>', 'JSON files in the form of breach facts v1.0; - for stdin')
    .option('--explain', 'how each result came about, for people');
  examples(command, [
    'tocsin assess facts.json --json',
    'tocsin assess facts.json --explain',
  ]).action((files: readonly string[], options: { explain?: boolean }) => {
    const { json } = command.optsWithGlobals<CommonOptions>();
    const documents = files.flatMap(readDocuments);
    if (json === true) {
      const results = documents.map(({ facts }) => assess(facts));
      print(around.terminal, JSON.stringify(results.length === 1 ? results[0] : results, null, 2));
      return;
    }
    const paint = paintFor(around.terminal.out);
    const explain = options.explain === true;
    for (const { name, facts } of documents) {
      if (documents.length > 1) print(around.terminal, paint('title', name));
      const lines = assessmentLines(assess(facts), explain ? severity(facts) : null, paint);
      for (const line of lines) print(around.terminal, line);
    }
  });
}

/** Every document of a file: one, or a list of them. One fault refuses the whole command. */
function readDocuments(file: string): NamedFacts[] {
  const value = parse(file);
  const listed: readonly (readonly [string, JsonValue])[] = Array.isArray(value)
    ? value.map((item: JsonValue, index) => [`${file}#${String(index)}`, item] as const)
    : [[file, value]];
  return listed.map(([name, document]) => ({ name, facts: factsOf(name, document) }));
}

/** The facts of one document. Throws a `CliError` that names the field and the reason. */
export function factsOf(name: string, document: JsonValue): BreachFacts {
  const read = readFactsDocument(document);
  if (read.ok) return read.value;
  const faults = (read.problem.errors ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  throw new CliError(
    exitCodes.usage,
    `${name}: ${faults.join('; ')}`,
    'nothing was assessed; correct the document',
  );
}

/** A file as JSON. Throws a `CliError` where it cannot be read or is none. */
export function parse(file: string): JsonValue {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new CliError(exitCodes.usage, errorLine(error), 'check the path of the file');
  }
  try {
    // What JSON.parse gives is JSON.
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    throw new CliError(exitCodes.usage, `${file} is no JSON: ${errorLine(error)}`, 'correct it');
  }
}

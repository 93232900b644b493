/** Reads a YAML file of the repository, by the parser that comes with the API documentation. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const swagger = createRequire(createRequire(import.meta.url).resolve('@fastify/swagger'));
const { parse } = swagger('yaml') as {
  parse: (text: string, options: { merge: boolean }) => unknown;
};

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Its content with anchors and merges resolved; the caller says what it must look like. */
export function yamlOf(path: string): unknown {
  return parse(textOf(path), { merge: true });
}

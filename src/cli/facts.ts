/** Facts and hits as they are typed: `name=value` pairs, a file of them, and `--asset`, `--product`, `--processing`. */
import { readFileSync } from 'node:fs';
import type { HitKind } from '../domain/case.ts';
import type { JsonObject, JsonValue } from '../domain/json.ts';
import { CliError, errorLine, exitCodes } from './exit.ts';

export interface FactOptions {
  readonly file?: string;
  readonly certainty?: string;
  readonly about?: string;
  readonly factSource?: string;
  readonly observedAt?: string;
}

export interface HitOptions {
  readonly asset?: readonly string[];
  readonly product?: readonly string[];
  readonly processing?: readonly string[];
}

const example = 'write one such as confidentiality.state=confirmed';

/** The facts of a command, as the API takes them: those of the file first, then the pairs. */
export function factsFrom(pairs: readonly string[], options: FactOptions): JsonObject[] {
  const shared = {
    ...(options.certainty === undefined ? {} : { certainty: options.certainty }),
    ...(options.about === undefined ? {} : { about: options.about }),
    ...(options.factSource === undefined ? {} : { source: options.factSource }),
    ...(options.observedAt === undefined ? {} : { observedAt: options.observedAt }),
  };
  const fromFile = options.file === undefined ? [] : readFactFile(options.file);
  return [...fromFile, ...pairs.map(pairOf)].map((fact) => ({ ...shared, ...fact }));
}

/** The hits of a command, as the API takes them. */
export function hitsFrom(options: HitOptions): { kind: HitKind; key: string }[] {
  const of = (kind: HitKind, keys: readonly string[] = []) => keys.map((key) => ({ kind, key }));
  return [
    ...of('asset', options.asset),
    ...of('product', options.product),
    ...of('processing', options.processing),
  ];
}

function pairOf(pair: string): JsonObject {
  const at = pair.indexOf('=');
  if (at < 1) throw new CliError(exitCodes.usage, `"${pair}" is not a fact`, example);
  return { name: pair.slice(0, at), value: valueOf(pair.slice(at + 1)) };
}

/**
 * A value as typed: JSON where it is JSON (`true`, `12`, `null`, `["name"]`), a list where words are joined
 * by commas (`name,contact`, and `name,` for a list of one), else the text itself.
 */
function valueOf(text: string): JsonValue {
  const json = parseJson(text);
  if (json !== undefined) return json;
  const isList = /^[\w-]+(,[\w-]+)*,?$/.test(text) && text.includes(',');
  return isList ? text.split(',').filter((word) => word !== '') : text;
}

/** A file holds a list of facts as the API takes them, or one object of names and values. */
function readFactFile(path: string): JsonObject[] {
  const value = parseJson(readText(path));
  if (Array.isArray(value)) return value.filter(isObject);
  if (isObject(value)) return Object.entries(value).map(([name, said]) => ({ name, value: said }));
  throw new CliError(
    exitCodes.usage,
    `${path} holds no facts`,
    'give JSON such as {"confidentiality.state": "confirmed"} or a list of {"name", "value"}',
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(exitCodes.usage, errorLine(error), 'check the path of the file');
  }
}

function parseJson(text: string): JsonValue | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // What JSON.parse gives is JSON.
    return value as JsonValue;
  } catch {
    return undefined;
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

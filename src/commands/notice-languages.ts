/** In which language a reader is written to: one of theirs that has wording, else English, and that is noted. */
const fallback = 'en';

interface Reader {
  /** Languages the reader takes; never empty. */
  readonly languages: readonly string[];
}

/** Readers by language; what a reader takes of several languages stands as `nl or fr`. */
// A type, not an interface: only so does it count as a JSON object.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type LanguageCount = {
  readonly languagesWanted: Readonly<Record<string, number>>;
  readonly languagesUsed: Readonly<Record<string, number>>;
  /** Those written to in English because their own language has no wording. */
  readonly languagesWithoutWording: Readonly<Record<string, number>>;
};

/**
 * The language for a reader out of those with wording. Of several that would do, one that is not English comes first:
 * an authority reads its own language best. English where none would do.
 */
export function languageFor({ languages }: Reader, worded: readonly string[]): string {
  const taken = languages.map(base);
  const own = worded.filter((language) => taken.includes(language));
  return own.find((language) => language !== fallback) ?? fallback;
}

/** What a reviewer must know of the languages of a version. */
export function countLanguages(
  readers: readonly Reader[],
  worded: readonly string[],
): LanguageCount {
  const chosen = readers.map((reader) => {
    const used = languageFor(reader, worded);
    const isTheirs = reader.languages.map(base).includes(used);
    return { wanted: reader.languages.join(' or '), used, isTheirs };
  });
  return {
    languagesWanted: tally(chosen.map(({ wanted }) => wanted)),
    languagesUsed: tally(chosen.map(({ used }) => used)),
    languagesWithoutWording: tally(
      chosen.flatMap(({ wanted, isTheirs }) => (isTheirs ? [] : [wanted])),
    ),
  };
}

/** `de-AT` is written to in `de`. */
function base(language: string): string {
  return language.toLowerCase().replace(/[-_].*$/, '');
}

function tally(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

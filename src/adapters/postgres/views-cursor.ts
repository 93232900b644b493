/** Where a page of a list ended, as an opaque text that comes back for the next page. */

/** A cursor this list did not give out; the edge tells the caller so. */
class BadCursor extends Error {
  readonly code = 'BAD_CURSOR';
  constructor() {
    super('the cursor was not given out by this list');
  }
}

/** The sort key of the last row shown. */
function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The sort key behind a cursor; null for the first page. Throws `BadCursor` unless each part matches its pattern. */
export function decodeCursor(
  cursor: string | null,
  patterns: readonly RegExp[],
): readonly string[] | null {
  if (cursor === null) return null;
  const key = parse(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === patterns.length &&
    patterns.every((pattern, index) => {
      const part: unknown = key[index];
      return typeof part === 'string' && pattern.test(part);
    });
  if (!fits) throw new BadCursor();
  return key as string[];
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

export const uuidPart = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A row as it is shown, and what the list sorts it by. */
export interface Listed<Item> {
  readonly key: readonly string[];
  readonly item: Item;
}

/** Cuts one row too many off and makes the cursor of the next page from the last row kept. */
export function toPage<Item>(
  listed: readonly Listed<Item>[],
  limit: number,
): { items: readonly Item[]; next: string | null } {
  const kept = listed.slice(0, limit);
  const last = kept.at(-1);
  const next = listed.length > limit && last !== undefined ? encodeCursor(last.key) : null;
  return { items: kept.map(({ item }) => item), next };
}

/** What a server said, as PostgreSQL can keep it. */

/** A server may answer with anything, at any length; PostgreSQL text holds no NUL. */
export function plainReply(reply: string): string {
  const kept = reply.slice(0, 1_000);
  return kept.includes('\0') ? kept.replaceAll('\0', '') : kept;
}

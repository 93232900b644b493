/** What a server said, as PostgreSQL can keep it. */

/** A server may answer with anything, at any length; PostgreSQL text holds no NUL. */
export function plainReply(reply: string): string {
  return reply.replaceAll('\0', '').slice(0, 1_000);
}

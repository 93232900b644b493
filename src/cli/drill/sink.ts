/** The mail sink of a drill, asked over its own API: what really arrived, whatever the application believes. */
export interface SinkMessage {
  readonly id: string;
  readonly receivedAt: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly noticeId: string | null;
}

export interface SinkCount {
  /** Different pairs of address and notice. */
  readonly distinct: number;
  /** Copies beyond the first of one notice to one address. */
  readonly duplicates: number;
}

/** Messages in the sandbox mailbox behind `afterId`, oldest first. */
export async function messagesSince(
  mailbox: string,
  afterId: string | null,
): Promise<readonly SinkMessage[]> {
  const query = afterId === null ? '' : `?after=${afterId}`;
  const answer = await fetch(`${mailbox}/api/messages${query}`);
  if (!answer.ok) throw new Error(`the mailbox at ${mailbox} answered ${String(answer.status)}`);
  // The shape is the contract of the sandbox mailbox's API.
  return (await answer.json()) as SinkMessage[];
}

/** The id of the newest message, to count only what comes after it; null when there is none. */
export async function newestId(mailbox: string): Promise<string | null> {
  return (await messagesSince(mailbox, null)).at(-1)?.id ?? null;
}

/** The messages of these notices. */
export function messagesOf(
  messages: readonly SinkMessage[],
  noticeIds: ReadonlySet<string>,
): SinkMessage[] {
  return messages.filter(({ noticeId }) => noticeId !== null && noticeIds.has(noticeId));
}

/** Counts by envelope recipient and notice. */
export function countAtSink(messages: readonly SinkMessage[]): SinkCount {
  const pairs = messages.flatMap((message) =>
    message.to.map((to) => `${to.toLowerCase()} ${message.noticeId ?? message.id}`),
  );
  const distinct = new Set(pairs).size;
  return { distinct, duplicates: pairs.length - distinct };
}

/** The exact bytes of one message. */
export async function messageBytes(mailbox: string, id: string): Promise<Uint8Array> {
  const answer = await fetch(`${mailbox}/api/messages/${id}.eml`);
  if (!answer.ok) throw new Error(`message ${id} cannot be read: ${String(answer.status)}`);
  return answer.bytes();
}

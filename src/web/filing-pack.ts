/** The filing pack of a notice as it was frozen, for the API and the page alike. */
import { z } from 'zod';
import type { Person } from '../domain/actor.ts';
import type { DocumentView } from '../domain/documents.ts';
import { notFound } from './api/seen-case.ts';
import type { WebPorts } from './ports.ts';

const packField = z.object({
  id: z.string(),
  label: z.string(),
  state: z.enum(['known', 'open', 'not-visible', 'not-applicable', 'by-filer']),
  value: z.string(),
  flag: z.string().nullable(),
  limit: z.int().nullable(),
  citation: z.string().nullable(),
});

/** What a frozen pack holds. */
export const filingPack = z.object({
  exercise: z.boolean(),
  reference: z.string(),
  language: z.string(),
  authority: z.object({ id: z.string(), name: z.string(), languages: z.array(z.string()) }),
  form: z.object({
    basis: z.enum(['form-read', 'form-second-hand', 'form-unknown']),
    source: z.string(),
    readOn: z.string(),
    verification: z.string(),
    template: z.string(),
    url: z.string().nullable(),
    remarks: z.array(z.string()),
    version: z.string().nullable(),
  }),
  filing: z.object({
    minutes: z.int(),
    rehearsal: z.enum(['rehearsed', 'not-rehearsed']),
    dueAt: z.string().nullable(),
    latestStartAt: z.string().nullable(),
    account: z.string(),
    eid: z.string(),
  }),
  sections: z.array(z.object({ title: z.string(), fields: z.array(packField) })),
});

export interface FrozenPack {
  readonly version: number;
  readonly documents: readonly DocumentView[];
  readonly pack: z.infer<typeof filingPack>;
}

/** The pack of the newest version that has one; null where no person files. Throws `not-found` as the notice would. */
export function frozenPack(
  ports: WebPorts,
  person: Person,
  noticeId: string,
): Promise<FrozenPack | null> {
  return ports.house.as(person, async ({ documents, notices }) => {
    const notice = await notices.read(noticeId);
    if (notice === null) throw notFound();
    const ofVersion = (await documents.list({ noticeId })).filter(
      ({ purpose, version }) => purpose === 'filing-pack' && version === notice.version,
    );
    const json = ofVersion.find(({ mediaType }) => mediaType === 'application/json');
    const bytes = json === undefined ? null : await documents.open(json.documentId);
    if (bytes === null) return null;
    const pack = filingPack.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return { version: notice.version, documents: ofVersion, pack };
  });
}

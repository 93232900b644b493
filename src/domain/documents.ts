/** Documents of a case: filing packs, evidence, receipts; bytes that never change once they are kept. */
import type { Instant } from './instant.ts';

type DocumentPurpose = 'filing-pack' | 'evidence' | 'receipt';

/** The most one document may hold. */
export const documentBytes = 25 * 1024 * 1024;

/** Bytes with the name and type they are handed out under. */
export interface NamedBytes {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

export interface DocumentView {
  readonly documentId: string;
  readonly caseId: string;
  readonly noticeId: string | null;
  /** The version of the notice a pack belongs to; null for others. */
  readonly version: number | null;
  readonly purpose: DocumentPurpose;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** SHA-256 in hex. */
  readonly sha256: string;
  readonly at: Instant;
  readonly by: string;
}

export interface DocumentStore {
  /** Keeps the bytes, encrypted; gives the id. */
  add(
    document: NamedBytes & {
      readonly caseId: string;
      readonly noticeId: string | null;
      readonly versionId: string | null;
      readonly purpose: DocumentPurpose;
      readonly by: string;
    },
  ): Promise<string>;
  /** Documents of a case, or of one of its notices, in the order they came. */
  list(filter: {
    readonly caseId?: string;
    readonly noticeId?: string;
  }): Promise<readonly DocumentView[]>;
  find(documentId: string): Promise<DocumentView | null>;
  /** The bytes as they were kept. Throws if they or their place were changed. */
  open(documentId: string): Promise<Uint8Array | null>;
}

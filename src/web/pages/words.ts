/** States and kinds in words people read; a mark and a word together, never a colour alone. */
import type { CaseState, Grade, Track } from '../../domain/case.ts';
import { assertNever, type JsonValue } from '../../domain/json.ts';
import type { DeliveryCounts, NoticeState } from '../../domain/notice.ts';
import type { ObligationState, Verification } from '../../domain/obligation.ts';
import { html, type Html } from './markup.ts';

type Tone = 'plain' | 'ask' | 'run' | 'good' | 'bad' | 'off';

/** A legal position of ours in plain words. */
export function positionWords({ affiliateKey, role, processingKey }: Track): string {
  const ofProduct = processingKey.startsWith('product:');
  const what = ofProduct ? processingKey.slice('product:'.length) : processingKey;
  const roles: Readonly<Record<Track['role'], string>> = {
    controller: `controller of ${what}`,
    'joint-controller': `joint controller of ${what}`,
    processor: 'processor for its customers',
    provider: 'provider of public communications services',
  };
  return `${affiliateKey}: ${roles[role]}`;
}

/** A state as a word in a small frame; its tone only repeats what the word says. */
export function tag(words: string, tone: Tone): Html {
  return html`<span class="tag ${tone}">${words}</span>`;
}

export function caseStateTag(state: CaseState, determination: string | null): Html {
  switch (state) {
    case 'investigating':
      return tag('investigating', 'ask');
    case 'determined':
      return determination === 'breach' ? tag('breach', 'run') : tag('not a breach', 'off');
    case 'closed':
      return tag('closed', 'off');
    default:
      return assertNever(state);
  }
}

export function obligationTag(state: ObligationState): Html {
  switch (state) {
    case 'to-decide':
      return tag('to decide', 'ask');
    case 'owed':
      return tag('owed', 'run');
    case 'discharged':
      return tag('discharged', 'good');
    case 'not-owed':
      return tag('not owed', 'off');
    case 'withdrawn':
      return tag('withdrawn', 'off');
    default:
      return assertNever(state);
  }
}

export function noticeTag(state: NoticeState): Html {
  switch (state) {
    case 'drafting':
      return tag('drafting', 'plain');
    case 'in-review':
      return tag('awaiting approval', 'ask');
    case 'returned':
      return tag('sent back', 'bad');
    case 'released':
      return tag('released', 'run');
    case 'dispatched':
      return tag('dispatched', 'good');
    case 'cancelled':
      return tag('cancelled', 'off');
    default:
      return assertNever(state);
  }
}

export function verificationWords(verification: Verification): string {
  switch (verification) {
    case 'source-read':
      return 'rule read in the official text';
    case 'secondary-source':
      return 'rule taken from a secondary source';
    case 'to-verify':
      return 'rule not yet verified';
    default:
      return assertNever(verification);
  }
}

export const gradeWords: Readonly<Record<Grade, string>> = {
  confirmed: 'confirmed',
  likely: 'likely',
  'not-excluded': 'not excluded',
  excluded: 'excluded',
};

export const visibilityWords: Readonly<Record<string, string>> = {
  V0: 'V0 sees nothing',
  V1: 'V1 metadata',
  V2: 'V2 encrypted content',
  V3: 'V3 content',
  V4: 'V4 administers',
};

/** How dispatch went so far, only what there is: `28 sent, 1 in doubt`. */
export function deliveryWords(counts: DeliveryCounts): string {
  const said = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count.toLocaleString('en-GB')} ${state.replaceAll('-', ' ')}`);
  return said.length === 0 ? 'none yet' : said.join(', ');
}

/** A JSON value as a reader says it. */
export function valueWords(value: JsonValue): string {
  if (value === null) return 'nobody knows';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return value.toLocaleString('en-GB');
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(valueWords).join(', ');
  return Object.entries(value)
    .map(([key, inner]) => `${key}: ${valueWords(inner)}`)
    .join('; ');
}

/** `case.opened` as `Case opened`. */
export function entryWords(type: string): string {
  const words = type.replace('.', ' ').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

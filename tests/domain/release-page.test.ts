/** What the terminal says of a notice released out of the ordinary, or about to be: who alone, under what, and when. */
import { describe, expect, it } from 'vitest';
import { releaseLines, type NoticeRelease } from '../../src/cli/release-page.ts';

const notice = {
  ...{ noticeId: 'n-1', caseReference: 'B-2026-0001' },
  ...{ state: 'in-review' as const, recipientKind: 'authority' as const },
};
const usual: NoticeRelease = {
  ...{ release: null, emergency: null, barrier: null, wordingReviewed: true, plan: null },
};
const told = (release: Partial<NoticeRelease>, state: 'in-review' | 'released' = 'in-review') =>
  releaseLines({ ...usual, ...release }, { ...notice, state }, (_tone, text) => text).join('\n');

describe('a notice', () => {
  it('that goes its usual way has nothing said of it', () => {
    expect(told({})).toBe('');
  });

  it.each([
    ['release', null, 'leaves by itself at 2026-06-15 10:00 UTC under "Nights"'],
    ['call-out', null, 'filers and deputies are called at 2026-06-15 10:00 UTC'],
    [
      'short',
      'too many recipients',
      'does not leave by itself under "Nights": too many recipients',
    ],
  ] as const)('with the plan %s says what happens when nobody decides', (kind, fault, says) => {
    const actAt = '2026-06-15T10:00:00.000Z';
    expect(told({ plan: { kind, title: 'Nights', fault, actAt } })).toContain(says);
  });

  it('that one person released names the second review until somebody has given it', () => {
    const emergency = { by: 'Leo', reason: 'the due is near', review: null };
    expect(told({ emergency }, 'released')).toContain('tocsin notice second-review n-1');
    const review = { verdict: 'confirmed' as const, by: 'Lena', reason: 'read it' };
    const after = told({ emergency: { ...emergency, review } }, 'released');
    expect(after).toContain('Lena confirmed it: read it');
    expect(after).not.toContain('second-review');
  });

  it('says under what it was released, and that nothing more leaves once that no longer stands', () => {
    const basis = 'standing-authorisation' as const;
    const release = {
      basis,
      at: '2026-06-15T10:00:00.000Z',
      authorisation: 'Nights',
      stands: true,
    };
    expect(told({ release }, 'released')).toContain('under the standing authorisation "Nights"');
    expect(told({ release }, 'released')).not.toContain('Nothing more leaves');
    const fallen = { ...release, stands: false };
    expect(told({ release: fallen }, 'released')).toContain('Nothing more leaves');
  });
});

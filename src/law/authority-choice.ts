/** An authority as an obligation names it, with the way a notice reaches it. */
import type { AuthorityChoice } from '../domain/obligation.ts';
import type { CompetentAuthority } from './authorities.ts';

/** A machine sends only where an address for breach notices is known; everything else is filed by a person. */
export function choiceOf(authority: CompetentAuthority): AuthorityChoice {
  const { channel, ...rest } = authority;
  const byMail = channel.kind === 'email' && channel.email !== null;
  return {
    ...rest,
    channel: byMail ? 'email' : 'portal',
    email: byMail ? channel.email : null,
    url: channel.url,
  };
}

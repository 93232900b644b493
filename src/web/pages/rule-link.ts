/** A rule by its id, linking to its page. */
import { html, type Html } from './markup.ts';

export function ruleLink(id: string): Html {
  return html`<a href="/rules/${id}"><code>${id}</code></a>`;
}

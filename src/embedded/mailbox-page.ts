/** The pages of the sandbox mailbox: plain HTML, no script, a stranger's HTML only in a sandboxed frame. */
import { html } from 'hono/html';
import type { Email } from 'postal-mime';
import type { StoredMessage } from './mailbox-store.ts';

export const messagesPerPage = 100;

export const styleSheet = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
caption, th, td { text-align: left; padding: .4rem .6rem; vertical-align: top; overflow-wrap: anywhere; }
tr { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
dt { font-weight: 600; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid; padding: 1rem; }
iframe { width: 100%; height: 40rem; border: 1px solid; background: white; }
a { display: inline-block; min-height: 1.5rem; }
.note { border-left: .3rem solid; padding-left: .7rem; }
`;

type Markup = ReturnType<typeof html>;

function page(title: string, body: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} – Tocsin sandbox mailbox</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

/** One page of the list, newest first. `number` counts from 1. */
export function listPage(messages: readonly StoredMessage[], number: number): Markup {
  const last = Math.max(1, Math.ceil(messages.length / messagesPerPage));
  const from = messages.length - number * messagesPerPage;
  const shown = messages.slice(Math.max(0, from), from + messagesPerPage).reverse();
  const rows = shown.map(
    (m) =>
      html`<tr>
        <td><time datetime="${m.receivedAt}">${m.receivedAt}</time></td>
        <td>${m.to.join(', ')}</td>
        <td>${m.from}</td>
        <td><a href="/messages/${m.id}">${m.subject === '' ? '(no subject)' : m.subject}</a></td>
      </tr> `,
  );
  return page(
    'Sandbox mailbox',
    html`<p class="note">
        Everything sent in this stack ends here. Nothing on this page has left this machine.
      </p>
      <p>${messages.length} messages. <a href="/?page=${number}">Refresh</a></p>
      <table>
        <caption>
          Page ${number} of ${last}, newest first
        </caption>
        <thead>
          <tr>
            <th scope="col">Received</th>
            <th scope="col">To</th>
            <th scope="col">From</th>
            <th scope="col">Subject</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
      <nav aria-label="Pages">
        ${number > 1 ? html`<a href="/?page=${number - 1}">Newer</a>` : ''}
        ${number < last ? html`<a href="/?page=${number + 1}">Older</a>` : ''}
      </nav>`,
  );
}

/** One message: envelope, text, HTML in a frame that can run nothing and load nothing, attachments. */
export function messagePage(message: StoredMessage, parsed: Email): Markup {
  const files = parsed.attachments.map(
    (file, index) =>
      html`<li>
        <a href="/messages/${message.id}/attachments/${index}" download>
          ${file.filename ?? `attachment ${String(index + 1)}`}
        </a>
        (${file.mimeType})
      </li>`,
  );
  return page(
    message.subject === '' ? '(no subject)' : message.subject,
    html`<p><a href="/">All messages</a></p>
      <dl>
        <dt>From (envelope)</dt>
        <dd>${message.from}</dd>
        <dt>To (envelope)</dt>
        <dd>${message.to.join(', ')}</dd>
        <dt>Received</dt>
        <dd><time datetime="${message.receivedAt}">${message.receivedAt}</time></dd>
        <dt>Message-ID</dt>
        <dd>${message.messageId}</dd>
        <dt>SHA-256, ${message.size} bytes</dt>
        <dd>${message.sha256}</dd>
      </dl>
      <p><a href="/api/messages/${message.id}.eml">Source as received</a></p>
      ${
        files.length > 0
          ? html`<h2>Attachments</h2>
              <ul>
                ${files}
              </ul>`
          : ''
      }
      ${
        parsed.text === undefined
          ? ''
          : html`<h2>Text</h2>
              <pre>${parsed.text}</pre>`
      }
      ${
        parsed.html === undefined
          ? ''
          : html`<h2>HTML</h2>
              <iframe
                sandbox=""
                title="HTML of the message"
                src="/messages/${message.id}/html"
              ></iframe>`
      }`,
  );
}

/** What a person reads when there is nothing to show. */
export function faultPage(title: string): Markup {
  return page(title, html`<p><a href="/">All messages</a></p>`);
}

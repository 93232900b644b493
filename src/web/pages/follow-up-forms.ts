/** Forms on a case page for what follows sent notices: withdraw, supplement, reasons for a delay, end of the investigation. */
import { mayDo } from '../../domain/actor.ts';
import type { ObligationView } from '../../domain/views.ts';
import type { CasePage } from './case-data.ts';
import { choices, formContext, postForm, select, textArea, textInput } from './fields.ts';
import { html, nothing, type Html } from './markup.ts';

/** For a recipient who was told: opened where a task waits for it. */
export function followUpForms(page: CasePage, one: ObligationView): Html {
  const wasTold = one.dispatchedAt !== null && one.recipientKind !== 'register';
  const isOpen = one.state === 'owed' || one.state === 'discharged';
  const may = mayDo(page.session.person, 'decide-obligation');
  if (!wasTold || !isOpen || !may || page.view.state === 'closed') return nothing;
  return html`${withdrawalForm(page, one)} ${supplementForm(page, one)}`;
}

function folded(page: CasePage, name: string, kind: string, title: string, form: Html): Html {
  const [, obligationId] = name.split(/-(.*)/s);
  const waits = page.tasks.some(
    (task) => task.kind === kind && task.subject === obligationId && task.state === 'open',
  );
  const isShown = waits || page.refused?.form === name;
  return html`<details class="adding" ${isShown ? html` open` : nothing}>
    <summary>${title}</summary>
    ${form}
  </details>`;
}

function withdrawalForm(page: CasePage, one: ObligationView): Html {
  const name = `withdrawal-${one.obligationId}`;
  const form = formContext(name, page.refused);
  const action = `/cases/${page.view.reference}/obligations/${one.obligationId}/withdrawal`;
  const fields = html`${choices(form, {
      name: 'withdraw',
      label: 'Does what was notified still stand?',
      options: [
        { value: 'yes', label: 'No: withdraw it; they are told so by a notice of its own' },
        { value: 'no', label: 'Yes: record why it stays' },
      ],
    })}
    ${select(form, {
      name: 'cause',
      label: 'If withdrawn, why',
      options: [
        { value: 'not-a-breach', label: 'it was no breach' },
        { value: 'not-affected', label: 'their data were not affected' },
        { value: 'wrong-recipient', label: 'it went to the wrong recipient' },
      ],
    })}
    ${textArea(form, { name: 'reason', label: 'Reason', rows: 2 })}
    <button type="submit">Record the decision</button>`;
  const drawn = postForm(page.session, { action }, fields);
  return folded(page, name, 'withdraw-notice', 'Withdraw what was notified', drawn);
}

function supplementForm(page: CasePage, one: ObligationView): Html {
  const name = `supplement-${one.obligationId}`;
  const form = formContext(name, page.refused);
  const action = `/cases/${page.view.reference}/obligations/${one.obligationId}/supplement`;
  const fields = html`${choices(form, {
      name: 'tell',
      label: 'Are they told of what has changed?',
      options: [
        { value: 'yes', label: 'Yes: a supplement is drafted' },
        {
          value: 'no',
          label: 'No: it is unnecessary. The DPO gives an opinion on the draft first.',
        },
      ],
    })}
    ${textArea(form, { name: 'reason', label: 'Reason', rows: 2 })}
    <button type="submit">Record the decision</button>`;
  const drawn = postForm(page.session, { action }, fields);
  return folded(page, name, 'supplement-people', 'Tell them of changes, or not', drawn);
}

/** Many customers whose data are merely not excluded: their own hours begin with the notice, so a person says it goes out. */
export function fanOutFields(page: CasePage): Html {
  const form = formContext('fan-out', page.refused);
  const { customers, over } = page.view.fanOut;
  return html`<p>
      <strong>${customers} customers</strong> would be told only that their data are not excluded.
      Above ${over} (our policy, not law) somebody has to say so first. Each notice starts a
      customer's own 72 hours; without it, a customer who is affected does not know. The dues run on
      meanwhile.
    </p>
    ${textInput(form, {
      name: 'customers',
      label: 'How many customers are told?',
      hint: 'Type the number, to show that you mean as many.',
    })}
    ${textArea(form, { name: 'reason', label: 'Why are they told now?', rows: 2 })}
    <button type="submit">Let ${customers} customers be told</button>`;
}

/** Why the notification is late; it goes into what authorities get. */
export function delayFields(page: CasePage): Html {
  const form = formContext('delay', page.refused);
  return html`${textArea(form, {
      name: 'reasons',
      label: 'Reasons for the delay, Art. 33(1) GDPR',
      hint: 'They stand in the notice as written; authorities told already get a supplement.',
      rows: 2,
    })} <button type="submit">Record the reasons</button>`;
}

/** Everything is known, or declared as not obtainable. */
export function investigationEndFields(page: CasePage): Html {
  const form = formContext('investigation-end', page.refused);
  return html`${textInput(form, {
      name: 'notObtainable',
      label: 'Could not be established',
      hint: 'Names of facts with commas between; the refusal names those still unknown.',
      required: false,
    })}
    ${textArea(form, { name: 'reason', label: 'Reason', rows: 2 })}
    <button type="submit">End the investigation</button>`;
}

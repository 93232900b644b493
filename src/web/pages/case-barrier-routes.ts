/** The forms on the case page that hold notices back or let them go: each is one command. */
import type { FastifyInstance } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { barMail, openMail } from '../../commands/bar-mail.ts';
import { confirmHold, liftHold, recordHold } from '../../commands/hold-notices.ts';
import { line, text, time } from '../api/fields.ts';
import type { WebPorts } from '../ports.ts';
import { formNameOf } from './fields.ts';
import { caseForm, uuidIn } from './case-routes.ts';

const reason = text(5_000);

/** Holds recorded, confirmed and lifted; mail barred and opened. */
export function barrierForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  caseForm(app, ports, {
    path: 'holds',
    form: 'holds',
    done: 'barrier',
    schema: z.object({
      recipientKinds: text(100)
        .transform((kinds) => kinds.split('\n'))
        .pipe(z.array(z.enum(['authority', 'controller', 'data-subject'])).min(1)),
      requestedBy: line(500),
      reference: line(500),
      document: text(500, 0).default(''),
      expiresAt: time,
      reason,
    }),
    run: (request, caseId, { expiresAt, ...input }) =>
      recordHold(house, request, { ...input, caseId, holdId: uuidv7(), expiresAt: expiresAt.at }),
  });
  caseForm(app, ports, {
    path: 'holds/:hold/confirmation',
    form: 'confirmation',
    done: 'barrier',
    schema: z.object({}),
    run: (request, _caseId, _input, params) =>
      confirmHold(house, request, { holdId: uuidIn(params, 'hold') }),
  });
  caseForm(app, ports, {
    path: 'holds/:hold/lifting',
    form: (params) => formNameOf('lifting', params['hold'] ?? ''),
    done: 'barrier',
    schema: z.object({ reason }),
    run: (request, _caseId, input, params) =>
      liftHold(house, request, { ...input, holdId: uuidIn(params, 'hold') }),
  });
  caseForm(app, ports, {
    path: 'bars',
    form: 'bars',
    done: 'barrier',
    schema: z.object({ reason }),
    run: (request, caseId, input) => barMail(house, request, { ...input, caseId, barId: uuidv7() }),
  });
  caseForm(app, ports, {
    path: 'bars/:bar/opening',
    form: (params) => formNameOf('opening', params['bar'] ?? ''),
    done: 'barrier',
    schema: z.object({ reason }),
    run: (request, _caseId, input, params) =>
      openMail(house, request, { ...input, barId: uuidIn(params, 'bar') }),
  });
}

/** Routes of the forms by which a result is lowered; each is one command. */
import type { FastifyInstance } from 'fastify';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import {
  adviseOnLowering,
  confirmLowering,
  declineLowering,
} from '../../commands/decide-lowering.ts';
import { proposeLowering } from '../../commands/propose-lowering.ts';
import { id, key, line, text, time, timeInForm, zone } from '../api/fields.ts';
import type { LoweringAct } from '../../domain/lowering.ts';
import type { WebPorts } from '../ports.ts';
import { caseForm, uuidIn } from './case-routes.ts';
import { factValue } from './fact-value.ts';
import { claimable, loweringKinds } from './lowerings.ts';

const said = text(5_000);
const kinds = loweringKinds.map(({ value }) => value);

const proposal = z
  .object({
    kind: z.enum(kinds, 'choose one'),
    fact: z.enum(claimable).optional(),
    value: line(200).or(z.literal('')).default(''),
    select: z.enum(['engagement', 'processing', 'product', 'asset', 'customer']).optional(),
    key: key.or(z.literal('')).default(''),
    awareAt: timeInForm,
    zone: zone.default('UTC'),
    obligationId: id.or(z.literal('')).default(''),
    reason: said,
    evidence: said,
    fromAt: time,
    untilAt: time,
    logs: said,
    gaps: said,
  })
  .transform((fields, context) => {
    const act = actIn(fields);
    if (act !== null) return { ...fields, act };
    const path = { facts: 'value', excluded: 'key', 'later-awareness': 'awareAt' } as const;
    const field = fields.kind in path ? path[fields.kind as keyof typeof path] : 'obligationId';
    context.addIssue({ code: 'custom', path: [field], message: 'is missing' });
    return z.NEVER;
  });

interface ActFields {
  readonly kind: LoweringAct['kind'];
  readonly fact?: (typeof claimable)[number] | undefined;
  readonly value: string;
  readonly select?: 'engagement' | 'processing' | 'product' | 'asset' | 'customer' | undefined;
  readonly key: string;
  readonly awareAt: z.output<typeof timeInForm>;
  readonly zone: string;
  readonly obligationId: string;
}

function actIn(fields: ActFields): LoweringAct | null {
  const { kind, fact, value, select, awareAt, obligationId } = fields;
  switch (kind) {
    case 'not-a-breach':
      return { kind };
    case 'facts': {
      if (fact === undefined || value === '') return null;
      const claimed = factValue({ name: fact, value });
      const shared = { about: 'case', certainty: 'confirmed', observedAt: null } as const;
      return { kind, facts: [{ ...claimed, ...shared, source: 'lowering' }] };
    }
    case 'excluded':
      return select === undefined || fields.key === ''
        ? null
        : { kind, entries: [{ select, key: fields.key }] };
    case 'later-awareness':
      return awareAt === null
        ? null
        : { kind, awareAt: awareAt.at, zone: fields.zone, offsetMinutes: awareAt.offsetMinutes };
    case 'not-notified':
      return obligationId === '' ? null : { kind, obligationId };
  }
}

/** Propose, advise, confirm, decline. */
export function loweringForms(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  caseForm(app, ports, {
    path: 'lowerings',
    form: 'lowerings',
    schema: proposal,
    done: 'lowering',
    run: (request, caseId, { act, reason, evidence, fromAt, untilAt, logs, gaps }) =>
      proposeLowering(house, request, {
        loweringId: uuidv7(),
        ...{ caseId, act, reason, evidence },
        coverage: { fromAt: fromAt.at, untilAt: untilAt.at, logs: linesOf(logs), gaps },
      }),
  });
  caseForm(app, ports, {
    path: 'lowerings/:lowering/opinion',
    form: (params) => `opinion-${params['lowering'] ?? ''}`,
    schema: z.object({ favours: z.enum(['yes', 'no'], 'choose one of the two'), text: said }),
    done: 'opinion',
    run: (request, _caseId, { favours, text: opinion }, params) =>
      adviseOnLowering(house, request, {
        loweringId: uuidIn(params, 'lowering'),
        text: opinion,
        favours: favours === 'yes',
      }),
  });
  caseForm(app, ports, {
    path: 'lowerings/:lowering/confirmation',
    form: (params) => `confirm-${params['lowering'] ?? ''}`,
    schema: z.object({}),
    done: 'lowered',
    run: (request, _caseId, _input, params) =>
      confirmLowering(house, request, { loweringId: uuidIn(params, 'lowering'), reason: null }),
  });
  caseForm(app, ports, {
    path: 'lowerings/:lowering/refusal',
    form: (params) => `decline-${params['lowering'] ?? ''}`,
    schema: z.object({ reason: said }),
    done: 'declined',
    run: (request, _caseId, { reason }, params) =>
      declineLowering(house, request, { loweringId: uuidIn(params, 'lowering'), reason }),
  });
}

function linesOf(typed: string): string[] {
  return typed
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

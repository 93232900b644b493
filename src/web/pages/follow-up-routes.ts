/** Routes of the forms for what follows sent notices; each is one command. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { allowFanOut } from '../../commands/allow-fan-out.ts';
import { decideSupplement } from '../../commands/decide-supplement.ts';
import { endInvestigation, explainDelay } from '../../commands/end-investigation.ts';
import { withdrawNotice } from '../../commands/withdraw-notice.ts';
import { line, text } from '../api/fields.ts';
import { withdrawalCause } from '../api/follow-ups.ts';
import type { WebPorts } from '../ports.ts';
import { caseForm, countTyped, uuidIn } from './case-routes.ts';

const reason = text(5_000);
const yesOrNo = z.enum(['yes', 'no'], 'choose one of the two');

/** Everything a person can decide about recipients who have been told. */
export function followUpRoutes(app: FastifyInstance, ports: WebPorts): void {
  const { house } = ports;
  caseForm(app, ports, {
    path: 'obligations/:obligation/withdrawal',
    form: (params) => `withdrawal-${params['obligation'] ?? ''}`,
    schema: z.object({ withdraw: yesOrNo, cause: withdrawalCause, reason }),
    done: 'decision',
    run: (request, _caseId, { withdraw, ...input }, params) =>
      withdrawNotice(house, request, {
        obligationId: uuidIn(params, 'obligation'),
        withdraw: withdraw === 'yes',
        ...input,
      }),
  });
  caseForm(app, ports, {
    path: 'obligations/:obligation/supplement',
    form: (params) => `supplement-${params['obligation'] ?? ''}`,
    schema: z.object({ tell: yesOrNo, reason }),
    done: 'decision',
    run: (request, _caseId, input, params) =>
      decideSupplement(house, request, {
        obligationId: uuidIn(params, 'obligation'),
        tell: input.tell === 'yes',
        reason: input.reason,
      }),
  });
  caseForm(app, ports, {
    path: 'fan-out',
    form: 'fan-out',
    schema: z.object({ customers: countTyped, reason }),
    done: 'fan-out',
    run: (request, caseId, input) => allowFanOut(house, request, { caseId, ...input }),
  });
  caseForm(app, ports, {
    path: 'delay',
    form: 'delay',
    schema: z.object({ reasons: reason }),
    done: 'delay',
    run: (request, caseId, input) => explainDelay(house, request, { caseId, ...input }),
  });
  caseForm(app, ports, {
    path: 'investigation-end',
    form: 'investigation-end',
    schema: z.object({ notObtainable: line(5_000).or(z.literal('')).default(''), reason }),
    done: 'investigation-end',
    run: (request, caseId, { notObtainable, reason: why }) =>
      endInvestigation(house, request, {
        caseId,
        notObtainable: notObtainable.split(/[\s,]+/).filter((name) => name !== ''),
        reason: why,
      }),
  });
}

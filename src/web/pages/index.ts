/** The pages: drawn on the server, usable without JavaScript, each error a page too. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { problemOf } from '../faults.ts';
import type { WebPorts } from '../ports.ts';
import { sendProblem, statusOf, titleOf, type ProblemError } from '../problems.ts';
import { assetRoutes } from './assets.ts';
import { authorisationRoutes } from './authorisations.ts';
import { barrierForms } from './case-barrier-routes.ts';
import { caseRoutes } from './case-routes.ts';
import { followUpRoutes } from './follow-up-routes.ts';
import { eventRoutes } from './events.ts';
import { documentPages } from './document-routes.ts';
import { clauseRoutes } from './clauses.ts';
import { loweringForms } from './lowering-routes.ts';
import { homeRoute } from './home.ts';
import { layout } from './layout.ts';
import { html, sendPage } from './markup.ts';
import { noticeRoutes } from './notice-routes.ts';
import { openCaseRoutes } from './open-case.ts';
import { peoplePages } from './people.ts';
import { signInRoutes } from './sign-in.ts';
import { readinessPages } from './readiness.ts';
import { rulePages } from './rules.ts';
import { requireSession } from './signed-in.ts';

/** Registers every page on an instance that reads cookies and forms. */
export function pages(app: FastifyInstance, ports: WebPorts): void {
  app.setErrorHandler((error, request, reply) =>
    sendErrorPage(request, reply, problemOf(error, request.id, request.log)),
  );
  app.setNotFoundHandler((request, reply) => {
    const problem = { type: 'not-found', detail: 'There is nothing here.' } as const;
    const asksForPage = request.headers.accept?.includes('text/html') === true;
    return asksForPage ? sendErrorPage(request, reply, problem) : sendProblem(reply, problem);
  });
  requireSession(app, ports);
  assetRoutes(app);
  signInRoutes(app, ports);
  homeRoute(app, ports);
  openCaseRoutes(app, ports);
  caseRoutes(app, ports);
  barrierForms(app, ports);
  authorisationRoutes(app, ports);
  followUpRoutes(app, ports);
  loweringForms(app, ports);
  noticeRoutes(app, ports);
  documentPages(app, ports);
  readinessPages(app, ports);
  rulePages(app, ports);
  peoplePages(app, ports);
  eventRoutes(app, ports);
  clauseRoutes(app, ports);
}

function sendErrorPage(
  request: FastifyRequest,
  reply: FastifyReply,
  problem: ProblemError['problem'],
): Promise<FastifyReply> {
  const title = titleOf(problem.type);
  const body = html`<div class="narrow">
    <h1>${title}</h1>
    <p>${problem.detail}</p>
    <p><a href="/">Back to the cases</a></p>
    <p class="meta">Correlation id <code>${request.id}</code></p>
  </div>`;
  return sendPage(reply, statusOf(problem.type), layout({ title, session: request.session, body }));
}

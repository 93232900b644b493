/** What a machine claims that would lower a result: it is not recorded as a fact, and a person is asked to propose it. */
import { actorLabel } from '../domain/actor.ts';
import type { Fact } from '../domain/case.ts';
import { lowersFact } from '../domain/lowering.ts';
import type { Store } from '../domain/ports.ts';
import { machineRequest } from './command.ts';
import type { FactInput } from './record-facts.ts';

/** Parts what may be recorded at once from what only people can lower. */
export function splitClaims(
  facts: readonly FactInput[],
  standing: readonly Fact[],
): { readonly said: readonly FactInput[]; readonly claims: readonly FactInput[] } {
  const stands = new Map(standing.map((fact) => [`${fact.about} ${fact.name}`, fact]));
  const isClaim = (fact: FactInput): boolean =>
    lowersFact(fact, stands.get(`${fact.about} ${fact.name}`));
  return { said: facts.filter((fact) => !isClaim(fact)), claims: facts.filter(isClaim) };
}

/** Keeps the claims of an event in the case as a task and an entry: a person proposes them, or lets them be. */
export async function askAboutClaims(
  store: Store,
  { source, bodySha256 }: { readonly source: string; readonly bodySha256: string },
  caseId: string,
  claims: readonly FactInput[],
): Promise<void> {
  if (claims.length === 0) return;
  const said = claims.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`).join(', ');
  await store.tasks.open({
    caseId,
    kind: 'claimed-lowering',
    subject: `event/${bodySha256.slice(0, 16)}`,
    title: `An event of ${source} claims ${said}: propose it as a lowering, with evidence, or let it be`,
    role: 'responder',
  });
  await store.register.append({
    stream: `case/${caseId}`,
    type: 'lowering.claimed',
    actor: actorLabel(machineRequest('intake').actor),
    data: {
      ...{ source, bodySha256 },
      facts: claims.map(({ about, name, value, certainty }) => ({ about, name, value, certainty })),
    },
  });
}

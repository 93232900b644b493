/** Temporal as the watch sees it: wake a workflow, and look whether one runs. */
import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Conductor } from '../../domain/watch-ports.ts';

/** Workflows and their short steps run on this queue, dispatch on the one beside it. */
export const taskQueues = { cases: 'tocsin', dispatch: 'tocsin-dispatch' } as const;

const callMs = 3_000;
const inputName = { 'breach-case': 'caseId', notice: 'noticeId' } as const;
const typeName = { 'breach-case': 'breachCase', notice: 'notice' } as const;

/** A conductor over a client; each call gives up after three seconds, the caller repeats it. */
export function conductorOver(client: Client, taskQueue: string = taskQueues.cases): Conductor {
  const soon = <T>(call: () => Promise<T>): Promise<T> =>
    client.connection.withDeadline(Date.now() + callMs, call);
  return {
    async wake(workflow, subjectId) {
      await soon(() =>
        client.workflow.signalWithStart(typeName[workflow], {
          workflowId: `${workflow}/${subjectId}`,
          taskQueue,
          args: [{ [inputName[workflow]]: subjectId }],
          signal: 'woken',
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        }),
      );
    },
    async isRunning(workflow, subjectId) {
      try {
        const found = await soon(() =>
          client.workflow.getHandle(`${workflow}/${subjectId}`).describe(),
        );
        return found.status.name === 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
    async isReachable() {
      try {
        await soon(() =>
          client.connection.workflowService.describeNamespace({
            namespace: client.options.namespace,
          }),
        );
        return true;
      } catch (error) {
        if (isGrpcServiceError(error)) return false;
        throw error;
      }
    },
  };
}

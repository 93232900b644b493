/** Vitest's global set-up: offers the shared servers to every test file and ends them after the last one. */
import type { TestProject } from 'vitest/node';
import { startServers } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests ask for PostgreSQL and Temporal. */
    serversUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await startServers((line) => {
    process.stderr.write(`${line}\n`);
  });
  project.provide('serversUrl', servers.url);
  return () => servers.close();
}

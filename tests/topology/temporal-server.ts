/** The Temporal server and its schema tool of the compose file's version, built once with Go from tools/temporal-server. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '../../src/embedded/installation.ts';

/** The version that tools/temporal-server/go.mod pins and docker-compose.yml runs. */
export const serverVersion = '1.31.2';

/** What the images call each program, by the Go package that has it. */
const programs = {
  'temporal-server': 'go.temporal.io/server/cmd/server',
  'temporal-sql-tool': 'go.temporal.io/server/cmd/tools/sql',
} as const;

/** False where Go cannot be run. */
export function hasGo(): boolean {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
}

/** The folder with `temporal-server` and `temporal-sql-tool`; builds them if need be. Throws when they cannot be built. */
export function findServer(cacheDir: string, say: (line: string) => void): string {
  const folder = join(cacheDir, `temporal-server-${serverVersion}`);
  if (existsSync(folder)) return folder;
  say('building the Temporal server with Go: once, about five minutes on two cores');
  const draft = `${folder}.${String(process.pid)}`;
  mkdirSync(draft, { recursive: true });
  for (const [name, source] of Object.entries(programs)) {
    const { status } = spawnSync(
      'go',
      ['build', '-trimpath', '-ldflags', '-s -w', '-o', join(draft, name), source],
      {
        cwd: join(installation, 'tools/temporal-server'),
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    if (status !== 0) {
      rmSync(draft, { recursive: true, force: true });
      throw new Error(
        `${name} cannot be built from tools/temporal-server (Go ended with ${String(status)})`,
      );
    }
  }
  renameSync(draft, folder);
  return folder;
}

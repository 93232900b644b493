/** Bundles the workflows beforehand, so that a worker starts in a fraction of a second. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../adapters/temporal/connection.ts';
import { installation } from './installation.ts';

/** Everything that may enter the bundle; a change in any of it makes a new one. */
const sources = ['workflows', 'src/domain', 'src/adapters/temporal', 'package.json'];

/** The path of a bundle of `workflows/index.ts` as the sources stand now, made below `cacheDir` if need be. */
export async function prepareWorkflowBundle(cacheDir: string): Promise<string> {
  const path = join(cacheDir, `workflows-${digestOf(sources)}.js`);
  if (existsSync(path)) return path;
  mkdirSync(cacheDir, { recursive: true });
  const complaints: string[] = [];
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(installation, 'workflows/index.ts'),
      failureConverterPath,
      logger: new DefaultLogger('WARN', ({ message }) => complaints.push(message)),
    });
    const draft = `${path}.${String(process.pid)}`;
    writeFileSync(draft, code);
    renameSync(draft, path);
    return path;
  } catch (error) {
    throw new Error(`the workflows cannot be bundled: ${complaints.join('\n')}`, { cause: error });
  }
}

function digestOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesBelow)) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(installation, path)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(path: string): string[] {
  if (/\.\w+$/.test(path)) return [path];
  const entries = readdirSync(join(installation, path), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const inside = `${path}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(inside) : entry.isFile() ? [inside] : [];
    })
    .sort();
}

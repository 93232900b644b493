/** Finds free loopback ports. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports the system hands to outgoing connections, so that none of those takes ours in between. */
const anyFrom = 15_000;
const anyTo = 32_000;

/**
 * The preferred port, else the next free one above it; 0 means any. `taken` holds ports already promised to
 * others and gets the answer added.
 */
export async function freePort(preferred: number, taken: Set<number>): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = preferred === 0 ? randomInt(anyFrom, anyTo) : preferred + tries;
    if (port > 65_535) break;
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new Error(
    `no free port from ${String(preferred)} upwards: end something that listens there`,
  );
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

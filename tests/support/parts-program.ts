/** Stands in for `src/main.ts` where a test is about the supervisor: the parts it starts, without their work. */
import { createServer } from 'node:http';
import { setInterval as every } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { stopSignal } from '../../src/embedded/stop-signal.ts';

const stop = stopSignal();
const config = readConfig();
const say = (line: unknown) => {
  process.stderr.write(`${String(line)}\n`);
};

const part = process.argv[2] ?? '';
switch (part) {
  case 'sandbox': {
    const { runSandbox } = await import('../../src/embedded/run-sandbox.ts');
    await runSandbox(config, stop, say);
    break;
  }
  case 'serve':
    createServer((_request, response) => response.end('{}'))
      .listen(config.api.port, config.api.host)
      .unref();
    await stopped();
    break;
  case 'start': {
    const { startStack } = await import('../../src/embedded/supervise.ts');
    const { anyPorts } = await import('../../src/embedded/layout.ts');
    const stack = await startStack({
      config,
      ports: anyPorts,
      leaveOut: ['worker'],
      headless: true,
      durability: 'none',
      program: import.meta.filename,
      say,
    });
    process.stdout.write(`${JSON.stringify(stack.env)}\n`);
    await stopped();
    await stack.close();
    break;
  }
  default:
    await stopped();
}

async function stopped(): Promise<void> {
  for await (const tick of every(50, stop.aborted)) if (tick || stop.aborted) return;
}

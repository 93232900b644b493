/** Run by itself: lets the Temporal SDK download its dev server into a folder, then ends. */
import { Runtime } from '@temporalio/worker';

const [folder = '', version = ''] = process.argv.slice(2);
const runtime = Runtime.instance();
// The SDK downloads only on the way to starting one: it is started once and ended at once.
const server = await runtime.createEphemeralServer({
  type: 'dev-server',
  exe: {
    type: 'cached-download',
    downloadDir: folder,
    version,
    ttl: 0,
    sdkName: 'sdk-typescript',
    sdkVersion: '1.24.0',
  },
  namespace: 'default',
  ip: '127.0.0.1',
  port: null,
  uiPort: null,
  dbFilename: null,
  ui: false,
  log: { format: 'pretty', level: 'error' },
  extraArgs: [],
});
await runtime.shutdownEphemeralServer(server);
await runtime.shutdown();

/** A fast SMTP sink in a process of its own: takes every message, after a while if told so, and forgets it; tells its port over IPC. */
import { createServer, type Socket } from 'node:net';

/** Milliseconds from a dot to its answer, as a relay needs that keeps the message before it says so. */
const dotMs = Number(process.argv[2] ?? '0');
const end = Buffer.from('\r\n.\r\n');
const kept = '250 kept\r\n';
const greeting = '250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n';

function answerTo(line: string): string {
  const verb = line.slice(0, 4).toUpperCase();
  if (verb === 'EHLO') return greeting;
  if (verb === 'DATA') return '354 go\r\n';
  return verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
}

/** Answers one connection; commands that came in one breath are answered in one. */
function converse(socket: Socket): void {
  let rest = Buffer.alloc(0);
  let inData = false;
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.write('220 sink\r\n');
  socket.on('data', (chunk) => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let answers = '';
    for (;;) {
      const at = bytes.indexOf(inData ? end : '\r\n');
      if (at === -1) break;
      if (inData && dotMs > 0) setTimeout(() => socket.write(kept), dotMs);
      else if (inData) answers += kept;
      else {
        const answer = answerTo(bytes.toString('latin1', 0, at));
        inData = answer.startsWith('354');
        answers += answer;
        bytes = bytes.subarray(at + 2);
        continue;
      }
      inData = false;
      bytes = bytes.subarray(at + end.length);
    }
    rest = bytes;
    if (answers !== '') socket.write(answers);
  });
}

const server = createServer(converse);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string') process.send?.(address.port);
});
process.once('disconnect', () => process.exit(0));

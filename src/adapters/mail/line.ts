/** The line to an SMTP server: what we write on it, and its replies in the order they were asked for. */
import type { Socket } from 'node:net';
import { ReplyReader, type Reply } from './reply.ts';

/** The line broke, fell silent or carried nonsense; what the server made of the last words is not known. */
export class LineFault extends Error {}

interface Waiter {
  readonly take: (reply: Reply) => void;
  readonly fail: (fault: LineFault) => void;
}

const lingerMs = 2_000;

export class SmtpLine {
  private readonly socket: Socket;
  private readonly reader = new ReplyReader();
  private readonly unread: Reply[] = [];
  private waiter: Waiter | null = null;
  private broken: LineFault | null = null;
  private disturbed: (() => void) | null = null;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', this.onData);
    socket.on('error', this.onError);
    socket.on('end', this.onEnd);
    socket.on('close', this.onEnd);
  }

  /** Nothing has broken, and the server has said nothing it was not asked for. */
  get isQuiet(): boolean {
    return this.broken === null && this.unread.length === 0 && !this.reader.isAmidst;
  }

  get isBroken(): boolean {
    return this.broken !== null;
  }

  write(data: string | Uint8Array): void {
    if (this.broken === null) this.socket.write(data);
  }

  /** The next reply. Throws a `LineFault` when it does not come whole within the time; the line is cut by then. */
  reply(withinMs: number): Promise<Reply> {
    const ready = this.unread.shift();
    if (ready !== undefined) return Promise.resolve(ready);
    if (this.broken !== null) return Promise.reject(this.broken);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.cut('the server did not answer in time');
      }, withinMs);
      this.waiter = {
        take: (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        fail: (fault) => {
          clearTimeout(timer);
          reject(fault);
        },
      };
    });
  }

  /** Resolves when the server says something unasked or the line breaks. */
  disturbance(): Promise<void> {
    if (this.broken !== null || this.unread.length > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.disturbed = resolve;
    });
  }

  /** Ends the line at once; nothing that was half said is finished. */
  cut(why: string): void {
    this.fail(new LineFault(why));
  }

  /** Says goodbye when nothing is under way; the answer interests nobody. */
  leave(): void {
    if (this.isQuiet) {
      this.broken = new LineFault('we ended the session');
      this.socket.end('QUIT\r\n');
      this.socket.setTimeout(lingerMs, () => this.socket.destroy());
      this.socket.unref();
    } else this.cut('we ended the session');
  }

  /** Takes the socket back, for another protocol on it. Throws when the server has said more than it was asked. */
  detach(): Socket {
    if (!this.isQuiet) throw new LineFault('the server spoke before its turn');
    this.socket.off('data', this.onData);
    this.socket.off('error', this.onError);
    this.socket.off('end', this.onEnd);
    this.socket.off('close', this.onEnd);
    return this.socket;
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.broken !== null) return;
    try {
      for (const reply of this.reader.take(chunk)) this.arrived(reply);
    } catch (error) {
      this.cut(error instanceof Error ? error.message : String(error));
    }
  };

  private readonly onError = (error: Error): void => {
    this.cut(error.message);
  };

  private readonly onEnd = (): void => {
    this.cut('the server closed the connection');
  };

  private arrived(reply: Reply): void {
    const { waiter } = this;
    this.waiter = null;
    if (waiter !== null) waiter.take(reply);
    else {
      this.unread.push(reply);
      this.disturb();
    }
  }

  private fail(fault: LineFault): void {
    if (this.broken !== null) return;
    this.broken = fault;
    this.socket.destroy();
    this.waiter?.fail(fault);
    this.waiter = null;
    this.disturb();
  }

  private disturb(): void {
    this.disturbed?.();
    this.disturbed = null;
  }
}

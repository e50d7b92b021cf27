// A small bench for tests of commands: one host with a command's files, programs run directly on buffers. Not part of any product path.
import { Kernel } from '../kernel/kernel';
import { type Handler, type Handlers, Ev, World } from '../kernel/world';
import { Host } from '../host/host';
import { buildImage, type Image } from '../host/images/image';
import { debian12 } from '../host/images/debian_12';
import type { BufferFile } from '../host/open_file';
import type { Run } from '../host/process';
import { installFd, spawn, waitpid, writeFile } from '../host/syscall';
import { Vfs } from '../host/vfs';
import type { Bytes } from '../lib/text';
import type { Command } from './command';
import { commands } from './index';

const programs = new Map(commands.map((c) => [c.name, c]));
let image: Image | null = null;

const hostOf = (w: World, index: number): Host => w.hosts[index] as Host;
const byKind: (Handler | undefined)[] = [];
byKind[Ev.run] = (w, a, b) => hostOf(w, a).resume(b);
byKind[Ev.timeout] = (w, a, b) => hostOf(w, Math.floor(a / 65536)).timeout(a % 65536, b);
byKind[Ev.wake] = (w, a, b) => hostOf(w, a).wake(b);
const handlers: Handlers = { byKind };

/** What a program printed and how it ended. */
export interface Ran {
  out: Bytes;
  err: Bytes;
  status: number;
}

/** One host named box. */
export class Rig {
  readonly world = new World(1, handlers);
  readonly host: Host;
  constructor() {
    image ??= buildImage(debian12, commands);
    const kernel = Kernel.start(this.world, 0, 'box');
    this.world.kernels.push(kernel);
    this.host = new Host(this.world, 0, 'box', kernel, image, programs);
    this.world.hosts.push(this.host);
    this.host.vfs = new Vfs(this.host, image);
  }

  /** Puts a file under /root. */
  file(name: string, text: Bytes): void {
    const p = this.host.fork(null);
    p.cwd = '/root';
    writeFile(p, name, text);
    this.host.exit(p, 0);
  }

  /** Runs a command's main directly, as root in /root. */
  run(c: Command, args: readonly Bytes[], input: Bytes = '', limitUs = 60e6): Ran {
    return this.start((p) => {
      p.argv = [c.name, ...args];
      p.comm = c.name;
      return c.main(p);
    }, input, limitUs);
  }

  /** Runs a pipeline of argument vectors through the real paths of the image. */
  pipe(stages: readonly (readonly Bytes[])[], input: Bytes = ''): Ran {
    let text = input;
    let last: Ran = { out: '', err: '', status: 0 };
    let errors = '';
    for (const argv of stages) {
      last = this.start(function* (p) {
        const path = ['/usr/bin/', '/usr/sbin/', '/bin/', '/sbin/'].map((d) => d + argv[0]).find((f) => p.host.vfs.access(p, f, 1));
        const child = spawn(p, { path: path ?? argv[0]!, argv: [...argv] });
        return (yield* waitpid(p, [child.pid]))!.status;
      }, text, 60e6);
      text = last.out;
      errors += last.err;
    }
    return { ...last, err: errors };
  }

  private start(body: (p: ReturnType<Host['fork']>) => Run, input: Bytes, limitUs: number): Ran {
    const stdout: BufferFile = { kind: 'buffer', refs: 0, readable: true, writable: true, parts: [], input };
    const stderr: BufferFile = { kind: 'buffer', refs: 0, readable: true, writable: true, parts: [], input: '' };
    const p = this.host.fork(null);
    p.cwd = '/root';
    p.env = new Map([['HOME', '/root'], ['LANG', 'C'], ['TERM', 'dumb'], ['COLUMNS', '80'], ['TZ', 'UTC0'], ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]);
    for (const f of [stdout, stdout, stderr]) installFd(p, f);
    p.ppid = 0;
    this.host.start(p, body(p), 0);
    const until = this.world.clock.now + limitUs;
    while (p.state !== 'Z' && this.world.clock.next() <= until && this.world.step()) {
      // the clock runs the program
    }
    const status = p.state === 'Z' ? p.status : -1;
    if (p.state !== 'Z') this.host.exit(p, 137);
    this.host.procs.delete(p.pid);
    return { out: stdout.parts.join(''), err: stderr.parts.join(''), status };
  }
}

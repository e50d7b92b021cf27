// Test rig: hosts of an image with a few programs, on kernels of the kernel floor's rig. Used by tests of the host floor only.
import { type Net, net } from '../kernel/test_net';
import { Ev, type Handler } from '../kernel/world';
import { tcpClose, tcpConnect, tcpEof, tcpRead, tcpSend } from '../kernel/ipv4/tcp';
import { bootEvent } from './boot';
import { daemonEvent, daemonTimer, processEnded, processSignal } from './daemons/daemon_events';
import { httpdMain, nginxMain } from './daemons/http_start';
import { Host } from './host';
import { buildImage, type ImageSpec } from './images/image';
import type { BufferFile } from './open_file';
import type { Op, Process, Program, Run } from './process';
import { err, out } from './syscall';
import { Vfs } from './vfs';
import { Units } from './unit';

const h = (f: (host: Host, b: number, a: number) => void): Handler => (w, a, b) => f(w.hosts[a] as Host, b, a);

/** Handlers of the host floor. */
export const HOST_HANDLERS: [number, Handler][] = [
  [Ev.run, h((host, pid) => host.resume(pid))],
  [Ev.timeout, (w, a, b) => (w.hosts[Math.floor(a / 65536)] as Host).timeout(a % 65536, b)],
  [Ev.wake, h((host, queue) => host.wake(queue))],
  [Ev.daemon, daemonEvent],
  [Ev.unit, daemonTimer],
  [Ev.boot, bootEvent],
  [Ev.processSignal, processSignal],
  [Ev.processEnded, processEnded],
  [Ev.session, () => {}],
];

function* ends(status: number): Op<number> {
  yield* [];
  return status;
}
const words = (p: Process): string[] => p.argv.slice(1);
const PROGRAMS: Record<string, (p: Process) => Op<number>> = {
  nginx: (p) => nginxMain(p, words(p)),
  httpd: (p) => httpdMain(p, words(p)),
  true: () => ends(0),
  false: () => ends(1),
  *echo(p) {
    yield* out(p, `${words(p).join(' ')}\n`);
    return 0;
  },
  *grumble(p) {
    yield* err(p, `${words(p).join(' ')}\n`);
    return 3;
  },
};

export interface Hosts extends Net {
  host(name: string): Host;
  /** Runs a generator as a process to its end; what it wrote and its status. */
  exec(host: string, body: (p: Process) => Run, argv?: string[]): { out: string; err: string; status: number };
  /** Sends bytes to a TCP port and gives what comes back within two seconds. */
  talk(from: string, ip: number, port: number, bytes: string): string;
}

/** Hosts on segments as `net` builds them, all of one image. */
export function hosts(spec: ImageSpec, segments: Record<string, Record<string, string>>): Hosts {
  const n = net(segments, HOST_HANDLERS);
  const programs = Object.freeze({
    get(name: string): Program | undefined {
      const main = PROGRAMS[name];
      return main === undefined ? undefined : { name, main };
    },
  });
  const files = [...Object.keys(PROGRAMS), 'bash'].map((name) => ({ name, path: `/usr/${['nginx', 'httpd'].includes(name) ? 's' : ''}bin/${name}`, package: name === 'httpd' ? 'httpd' : name === 'nginx' ? 'nginx' : 'coreutils' }));
  const image = buildImage(spec, files);
  for (const k of n.world.kernels) {
    const host = new Host(n.world, k.index, k.hostname, k, image, programs);
    host.vfs = new Vfs(host, image);
    host.units = new Units();
    n.world.hosts.push(host);
  }
  const host = (name: string): Host => n.world.hosts.find((x) => (x as Host).name === name) as Host;
  const buffer = (): BufferFile => ({ kind: 'buffer', refs: 1, readable: true, writable: true, parts: [], input: '' });
  return {
    ...n,
    host,
    exec(name, body, argv = ['test']) {
      const o = buffer();
      const e = buffer();
      const p = host(name).fork(null);
      p.argv = argv;
      p.fds.set(0, buffer());
      p.fds.set(1, o);
      p.fds.set(2, e);
      // A parent of its own, so that the row stays until its status was read.
      p.ppid = p.pid;
      host(name).start(p, body(p), 0);
      for (let i = 0; i < 200_000 && p.state !== 'Z'; i++) if (!n.world.step()) break;
      host(name).procs.delete(p.pid);
      return { out: o.parts.join(''), err: e.parts.join(''), status: p.status };
    },
    talk(from, to, port, bytes) {
      const k = n.k(from);
      const s = tcpConnect(k, to, port);
      if (typeof s !== 'number') return s;
      n.run(0.1);
      tcpSend(k, s, bytes);
      n.run(2);
      const got = tcpRead(k, s) + (tcpEof(k, s) ? '<closed>' : '');
      tcpClose(k, s);
      n.run(0.1);
      return got;
    },
  };
}

// Test rig: one debian-12 host with this build's commands and bash, without network. Used by tests of the shell floor only.
import { commands } from '../../commands/index';
import { Host } from '../../host/host';
import { buildImage } from '../../host/images/image';
import { debian12 } from '../../host/images/debian_12';
import type { BufferFile } from '../../host/open_file';
import { HOST_HANDLERS } from '../../host/test_host';
import { resolveProgram } from '../../host/syscall';
import { Units } from '../../host/unit';
import { Vfs } from '../../host/vfs';
import { net } from '../../kernel/test_net';
import type { World } from '../../kernel/world';
import { bash, dash } from '../bash';

const all = new Map([...commands.map((c) => [c.name, c] as const), ['bash', bash] as const, ['dash', dash] as const]);
const programs = Object.freeze({ get: (name: string) => all.get(name) });
const image = buildImage(debian12, [...commands.filter((c) => c.path !== ''), { name: 'bash', path: '/usr/bin/bash', package: 'bash' }, { name: 'dash', path: '/usr/bin/dash', package: 'dash' }]);

export interface Rig {
  world: World;
  host: Host;
  /** Runs `bash -c LINE` in /root as the recordings did. */
  exec(line: string, limitEvents?: number): { stdout: string; stderr: string; status: number };
}

/** A fresh host. */
export function rig(): Rig {
  const n = net({ lan: { box: '192.168.4.51/24' } }, HOST_HANDLERS);
  const k = n.world.kernels[0]!;
  const host = new Host(n.world, k.index, k.hostname, k, image, programs);
  host.vfs = new Vfs(host, image);
  host.units = new Units();
  n.world.hosts.push(host);
  return {
    world: n.world,
    host,
    exec(line, limitEvents = 2_000_000) {
      const buffer = (): BufferFile => ({ kind: 'buffer', refs: 1, readable: true, writable: true, parts: [], input: '' });
      const p = host.fork(null);
      p.env = new Map([['HOME', '/root'], ['LANG', 'C'], ['USER', 'root'], ['TERM', 'dumb'], ['COLUMNS', '80'], ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin']]);
      p.cwd = '/root';
      const o = buffer();
      const e = buffer();
      p.fds.set(0, { kind: 'null', refs: 1, readable: true, writable: false });
      p.fds.set(1, o);
      p.fds.set(2, e);
      const exe = resolveProgram(p, '/bin/bash', ['bash', '-c', line]);
      p.argv = exe.argv;
      p.comm = exe.comm;
      host.start(p, exe.main(p));
      for (let i = 0; i < limitEvents && p.state !== 'Z'; i++) if (!n.world.step()) break;
      const stuck = p.state !== 'Z';
      host.procs.delete(p.pid);
      return { stdout: o.parts.join(''), stderr: e.parts.join('') + (stuck ? 'STUCK\n' : ''), status: p.status };
    },
  };
}

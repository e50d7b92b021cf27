// hostnamectl(1) of systemd: the host's name and what it runs.
// Not modelled: pretty and transient names, chassis, deployment, location.
import type { Op, Process, Run } from '../host/process';
import { err, out, writeFile } from '../host/syscall';
import { SysError } from '../lib/errno';
import { hash32 } from '../lib/rng';
import { command, notModelled } from './command';

const osRelease = (p: Process, key: string): string => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(p.host.vfs.read('/etc/os-release') ?? '')?.[1] ?? '';

/** A stable 128-bit id made from words. */
const id = (text: string): string => [0, 1, 2, 3].map((i) => hash32(`${text}/${i}`).toString(16).padStart(8, '0')).join('');

function* status(p: Process): Op<number> {
  const { host } = p;
  const fixed = (host.vfs.read('/etc/hostname') ?? '').trim();
  const rows: [string, string][] = [['Static hostname', fixed === '' ? 'n/a' : fixed]];
  if (fixed !== host.kernel.hostname) rows.push(['Transient hostname', host.kernel.hostname]);
  rows.push(['Icon name', 'computer-vm'], ['Chassis', 'vm'], ['Machine ID', (host.vfs.read('/etc/machine-id') ?? '').trim() || id(host.name)], ['Boot ID', id(`${host.name}/${host.kernel.bootedAt}`)]);
  rows.push(['Virtualization', 'kvm'], ['Operating System', osRelease(p, 'PRETTY_NAME')]);
  const cpe = osRelease(p, 'CPE_NAME');
  if (cpe !== '') rows.push(['CPE OS Name', cpe]);
  rows.push(['Kernel', `Linux ${host.image.kernelRelease}`], ['Architecture', 'x86-64']);
  yield* out(p, rows.map(([k, v]) => `${k.padStart(18)}: ${v}\n`).join(''));
  return 0;
}

export const hostnamectl = command({
  name: 'hostnamectl',
  summary: "show or set the host's name",
  path: '/usr/bin/hostnamectl',
  package: 'systemd',
  options: { '--static': { kind: 'flag', says: 'the static name' }, '--transient': { kind: 'flag', says: 'the transient name' }, '--pretty': { kind: 'flag', says: 'the pretty name', modelled: false } },
  getopt: null,
  synopsis: '[OPTIONS...] COMMAND ...',
  *run(p, _opts, args): Run {
    const words = args.filter((a) => !a.startsWith('-'));
    const flags = args.filter((a) => a.startsWith('-'));
    const odd = flags.find((f) => f !== '--static' && f !== '--transient');
    if (odd !== undefined) return yield* notModelled(p, 'hostnamectl', `option ${odd}`);
    const [verb, name] = words;
    if ((verb === 'set-hostname' || verb === 'hostname') && name !== undefined) {
      if (!/^[a-zA-Z0-9_]([a-zA-Z0-9_.-]{0,62}[a-zA-Z0-9_])?$/.test(name)) {
        yield* err(p, `Could not set property: Invalid static hostname '${name}'\n`);
        return 1;
      }
      try {
        if (!flags.includes('--transient')) writeFile(p, '/etc/hostname', `${name}\n`);
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        yield* err(p, `Could not set property: ${e.message}\n`);
        return 1;
      }
      if (!flags.includes('--static')) p.host.kernel.hostname = name;
      return 0;
    }
    if (verb === 'set-hostname') {
      yield* err(p, 'Too few arguments.\n');
      return 1;
    }
    if (verb === undefined || verb === 'status') {
      if (flags.length > 0) {
        yield* out(p, `${flags.includes('--static') ? (p.host.vfs.read('/etc/hostname') ?? '').trim() : p.host.kernel.hostname}\n`);
        return 0;
      }
      return yield* status(p);
    }
    if (verb === 'hostname') {
      yield* out(p, `${p.host.kernel.hostname}\n`);
      return 0;
    }
    if (/^(set-|icon-name|chassis|deployment|location)/.test(verb)) return yield* notModelled(p, 'hostnamectl', verb);
    yield* err(p, `Unknown operation ${verb}.\n`);
    return 1;
  },
});

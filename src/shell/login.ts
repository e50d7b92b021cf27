// Sessions on a host's terminals: root is logged in when the host is up and leaves with it. Linux counterpart: agetty --autologin, login(1), systemd-logind.
import type { Host } from '../host/host';
import type { Tty } from '../host/tty';
import type { Bytes } from '../lib/text';
import type { World } from '../kernel/world';
import { openShell, saveHistory } from './interactive';
import { Shell } from './shell';

/** Handler of Ev.session: 0 ends the sessions of host `index`, 1 begins one on each terminal nobody has. */
export function sessionEvent(w: World, index: number, begin: number): void {
  const host = w.hosts[index] as Host;
  for (const tty of host.ttys) {
    if (begin === 0) hangUp(host, tty);
    else if (tty.shellPid === 0 && tty.getty) login(host, tty);
  }
}

/** SIGHUP reaches an interactive shell before the power goes: it keeps its history. */
function hangUp(host: Host, tty: Tty): void {
  const sh = host.procs.get(tty.shellPid)?.shell;
  if (sh instanceof Shell) saveHistory(sh);
}

function login(host: Host, tty: Tty): void {
  tty.show(`\n\n${issue(host, tty)}${host.kernel.hostname} login: root (automatic login)\n\n`);
  openShell(host, tty.index);
}

/** /etc/issue with its escapes, see agetty(8). */
function issue(host: Host, tty: Tty): Bytes {
  const { image, kernel } = host;
  const words: Readonly<Record<string, Bytes>> = { S: image.pretty, r: image.kernelRelease, v: image.kernelVersion, m: image.machine, n: kernel.hostname, s: 'Linux', l: `pts/${tty.index}`, '\\': '\\' };
  return (host.vfs.read('/etc/issue') ?? '').replace(/\\(.)/g, (_, c: string) => words[c] ?? '');
}

// dmesg: the kernel's messages. Linux counterpart: util-linux 2.38, dmesg(1).
import { SIG } from '../host/process';
import { err, out, sleep } from '../host/syscall';
import { civil, DAYS, MONTHS, two } from '../lib/calendar';
import type { Bytes } from '../lib/text';
import { command } from './command';

const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const;

export const dmesg = command({
  name: 'dmesg',
  summary: 'print or control the kernel ring buffer',
  path: '/usr/bin/dmesg',
  package: 'util-linux',
  options: {
    '-T': { kind: 'flag', says: 'human readable timestamps' }, '--ctime': { kind: 'flag', of: '-T', says: 'human readable timestamps' },
    '-t': { kind: 'flag', says: 'no timestamps' }, '--notime': { kind: 'flag', of: '-t', says: 'no timestamps' },
    '-c': { kind: 'flag', says: 'read and clear' }, '--read-clear': { kind: 'flag', of: '-c', says: 'read and clear' },
    '-C': { kind: 'flag', says: 'clear' }, '--clear': { kind: 'flag', of: '-C', says: 'clear' },
    '-x': { kind: 'flag', says: 'decode facility and level' }, '--decode': { kind: 'flag', of: '-x', says: 'decode facility and level' },
    '-w': { kind: 'flag', says: 'wait for new messages' }, '--follow': { kind: 'flag', of: '-w', says: 'wait for new messages' },
    '-l': { kind: 'value', arg: 'LIST', says: 'restrict to levels' }, '--level': { kind: 'value', of: '-l', arg: 'LIST', says: 'restrict to levels' },
    '-k': { kind: 'flag', says: 'kernel messages' }, '-P': { kind: 'flag', says: 'no pager' }, '--nopager': { kind: 'flag', of: '-P', says: 'no pager' }, '-r': { kind: 'flag', says: 'raw buffer', modelled: false },
    '-H': { kind: 'flag', says: 'human readable output', modelled: false }, '-n': { kind: 'value', says: 'console level', modelled: false }, '-D': { kind: 'flag', says: 'console off', modelled: false },
    '-E': { kind: 'flag', says: 'console on', modelled: false }, '-d': { kind: 'flag', says: 'time between messages', modelled: false }, '-J': { kind: 'flag', says: 'JSON', modelled: false },
    '-u': { kind: 'flag', says: 'userspace messages', modelled: false }, '-S': { kind: 'flag', says: 'use syslog', modelled: false }, '-f': { kind: 'value', says: 'facilities', modelled: false },
    '-L': { kind: 'optional', says: 'colour', modelled: false },
  },
  getopt: { badExit: 1 },
  synopsis: '[options]',
  version: 'dmesg from util-linux 2.38.1\n',
  *run(p, opts, args) {
    if (args.length > 0) {
      yield* err(p, "dmesg: bad usage\nTry 'dmesg --help' for more information.\n");
      return 1;
    }
    if (p.uid !== 0) {
      yield* err(p, `dmesg: read kernel buffer failed: Operation not permitted\n`);
      return 1;
    }
    const k = p.host.kernel;
    const only = opts.value('-l')?.split(',') ?? null;
    const bad = only?.find((l) => !(LEVELS as readonly string[]).includes(l));
    if (bad !== undefined) {
      yield* err(p, `dmesg: unknown level '${bad}'\n`);
      return 1;
    }
    const boot = k.world.epoch + k.bootedAt / 1e6;
    const stamp = (at: number): Bytes => {
      if (opts.has('-t')) return '';
      if (!opts.has('-T')) return `[${String(Math.floor(at / 1e6)).padStart(5)}.${String(at % 1_000_000).padStart(6, '0')}] `;
      const c = civil(Math.floor(boot + at / 1e6));
      return `[${DAYS[c.weekday]} ${MONTHS[c.month - 1]} ${String(c.day).padStart(2)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)} ${c.year}] `;
    };
    const show = (m: { at: number; text: string; level: number }): Bytes =>
      only !== null && !only.includes(LEVELS[m.level] ?? 'info') ? '' : `${opts.has('-x') ? `${'kern'.padEnd(6)}:${(LEVELS[m.level] ?? 'info').padEnd(6)}: ` : ''}${stamp(m.at)}${m.text}\n`;
    if (!opts.has('-C')) yield* out(p, k.dmesg.map(show).join(''));
    let last = k.dmesg.at(-1);
    if (opts.has('-C') || opts.has('-c')) k.dmesg.length = 0;
    if (!opts.has('-w')) return 0;
    p.caught.delete(SIG.INT);
    for (;;) {
      yield* sleep(p, 200_000);
      const from = last === undefined ? 0 : k.dmesg.lastIndexOf(last) + 1;
      last = k.dmesg.at(-1) ?? last;
      yield* out(p, k.dmesg.slice(from).map(show).join(''));
    }
  },
});

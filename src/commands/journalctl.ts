// journalctl: the system's journal. Linux counterpart: systemd 219, journalctl(1).
// Not modelled: other output modes than short, cursors, fields; the kernel's lines (see dmesg).
import { journalText, type JournalLine } from '../host/journal';
import { type Process, SIG } from '../host/process';
import { err, out, sleep } from '../host/syscall';
import { flushOutput } from '../host/unit';
import { fullName } from '../host/unit_file';
import { systemdDate } from '../lib/calendar';
import type { Bytes } from '../lib/text';
import { command } from './command';

/** Catalogue texts of -x, by what systemd said. */
const CATALOGUE: readonly { said: RegExp; subject: string; body: string }[] = [
  { said: /^Starting /, subject: 'has begun start-up', body: 'has begun starting up.' },
  { said: /^Started /, subject: 'has finished start-up', body: 'has finished starting up.\n-- \n-- The start-up result is done.' },
  { said: /^Failed to start /, subject: 'has failed', body: 'has failed.\n-- \n-- The result is failed.' },
  { said: /^Stopping /, subject: 'has begun shutting down', body: 'has begun shutting down.' },
  { said: /^Stopped /, subject: 'has finished shutting down', body: 'has finished shutting down.' },
];

function explained(l: JournalLine): Bytes {
  const c = l.ident === 'systemd' ? CATALOGUE.find((x) => x.said.test(l.text)) : undefined;
  if (c === undefined || l.unit === '') return '';
  return `-- Subject: Unit ${l.unit} ${c.subject}\n-- Defined-By: systemd\n-- Support: http://lists.freedesktop.org/mailman/listinfo/systemd-devel\n-- \n-- Unit ${l.unit} ${c.body}\n`;
}

function lines(p: Process): readonly JournalLine[] {
  for (const s of p.host.units.states.values()) flushOutput(p.host, s);
  return p.host.units.journal;
}

export const journalctl = command({
  name: 'journalctl',
  summary: 'query the systemd journal',
  path: '/usr/bin/journalctl',
  package: 'systemd',
  options: {
    '-x': { kind: 'flag', says: 'add message explanations' }, '--catalog': { kind: 'flag', of: '-x', says: 'add message explanations' },
    '-e': { kind: 'flag', says: 'jump to the end' }, '--pager-end': { kind: 'flag', of: '-e', says: 'jump to the end' },
    '-u': { kind: 'value', arg: 'UNIT', says: 'show data only of a unit' }, '--unit': { kind: 'value', of: '-u', arg: 'UNIT', says: 'show data only of a unit' },
    '-n': { kind: 'value', arg: 'N', says: 'number of entries to show' }, '--lines': { kind: 'value', of: '-n', arg: 'N', says: 'number of entries to show' },
    '-f': { kind: 'flag', says: 'follow the journal' }, '--follow': { kind: 'flag', of: '-f', says: 'follow the journal' },
    '-b': { kind: 'optional', says: 'show only this boot' }, '--boot': { kind: 'optional', of: '-b', says: 'show only this boot' },
    '-r': { kind: 'flag', says: 'newest entries first' }, '--reverse': { kind: 'flag', of: '-r', says: 'newest entries first' },
    '--no-pager': { kind: 'flag', says: 'do not pipe output into a pager' }, '-l': { kind: 'flag', says: 'show full fields' }, '--full': { kind: 'flag', of: '-l', says: 'show full fields' },
    '-a': { kind: 'flag', says: 'show all fields' }, '-q': { kind: 'flag', says: 'do not show privilege warnings' }, '-k': { kind: 'flag', says: 'kernel messages', modelled: false },
    '-o': { kind: 'value', says: 'output mode', modelled: false }, '-p': { kind: 'value', says: 'priority', modelled: false }, '--since': { kind: 'value', says: 'from a date on', modelled: false },
    '--until': { kind: 'value', says: 'up to a date', modelled: false }, '-S': { kind: 'value', says: 'from a date on', modelled: false }, '-U': { kind: 'value', says: 'up to a date', modelled: false },
    '-t': { kind: 'value', says: 'by identifier', modelled: false }, '--vacuum-size': { kind: 'value', says: 'reduce disk use', modelled: false }, '--disk-usage': { kind: 'flag', says: 'show disk use', modelled: false },
  },
  getopt: { badExit: 1, tryHelp: '' }, synopsis: '[OPTIONS...] [MATCHES...]',
  *run(p, opts, args) {
    if (args.length > 0) {
      yield* err(p, `Failed to add match '${args[0]}': Invalid argument\n`);
      return 1;
    }
    const unit = opts.value('-u');
    const mine = (l: JournalLine): boolean => unit === null || l.unit === fullName(unit);
    const given = opts.value('-n');
    if (given !== null && !/^(\d+|all)$/.test(given)) {
      yield* err(p, `Failed to parse lines '${given}'\n`);
      return 1;
    }
    const show = (l: JournalLine): Bytes => journalText(p.host, l) + (opts.has('-x') ? explained(l) : '');
    const all = lines(p);
    const max = given !== null && given !== 'all' ? Number(given) : opts.has('-f') ? 10 : opts.has('-e') ? 1000 : Number.POSITIVE_INFINITY;
    let chosen = all.filter(mine);
    chosen = max === 0 ? [] : chosen.slice(-max);
    if (opts.has('-r')) chosen = chosen.reverse();
    const date = (l: JournalLine | undefined): Bytes => systemdDate(p.host.world.epoch + (l?.at ?? p.host.world.clock.now) / 1e6);
    const range = opts.has('-f') ? `-- Logs begin at ${date(all[0])}. --` : `-- Logs begin at ${date(all[0])}, end at ${date(all.at(-1))}. --`;
    yield* out(p, `${opts.has('-q') ? '' : `${range}\n`}${chosen.length === 0 && !opts.has('-f') ? '-- No entries --\n' : ''}${chosen.map(show).join('')}`);
    if (!opts.has('-f')) return 0;
    p.caught.delete(SIG.INT);
    let after = all.at(-1);
    for (;;) {
      yield* sleep(p, 200_000);
      const now = lines(p);
      const from = after === undefined ? 0 : now.lastIndexOf(after) + 1;
      after = now.at(-1) ?? after;
      yield* out(p, now.slice(from).filter(mine).map(show).join(''));
    }
  },
});

// date: shows the time. Counterpart: coreutils date.c. Not modelled: setting the clock (virtual time has no setter).
import { SysError } from '../lib/errno';
import { strftime, UTC } from '../lib/strftime';
import { wallSeconds } from '../host/syscall';
import { zoneOf } from './clock';
import { notModelledText } from './command';
import { closeInput, define, errnoText, Fatal, LineSource, openInput, put, quote, quoteIfNeeded, say, usageError } from './io';
import { table } from './options';
import { parseDate } from './parse_date';

const ISO: Readonly<Record<string, string>> = { date: '%Y-%m-%d', hours: '%Y-%m-%dT%H%:z', minutes: '%Y-%m-%dT%H:%M%:z', seconds: '%Y-%m-%dT%H:%M:%S%:z', ns: '%Y-%m-%dT%H:%M:%S,%N%:z' };
const RFC3339: Readonly<Record<string, string>> = { date: '%Y-%m-%d', seconds: '%Y-%m-%d %H:%M:%S%:z', ns: '%Y-%m-%d %H:%M:%S.%N%:z' };

export const date = define({
  name: 'date',
  summary: 'Display date and time in the given FORMAT.',
  path: '/usr/bin/date',
  package: 'coreutils',
  options: table(
    '-d --date STRING: display time described by STRING, not now', '!--debug: annotate the parsed date', '-f --file DATEFILE: like --date; once for each line of DATEFILE', '-I [FMT]: output date/time in ISO 8601 format', '--iso-8601 [FMT]: output date/time in ISO 8601 format',
    '--resolution: output the available resolution of timestamps', '-R --rfc-email --rfc-2822: output date and time in RFC 5322 format', '--rfc-3339 FMT: output date/time in RFC 3339 format', '-r --reference FILE: display the last modification time of FILE',
    '!-s --set STRING: set time described by STRING', '-u --utc --universal: print Coordinated Universal Time (UTC)',
  ),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    const zone = opts.has('-u') ? UTC : zoneOf(p);
    let format = '%a %b %e %H:%M:%S %Z %Y';
    const iso = opts.last('-I', '--iso-8601');
    if (iso !== null) {
      const f = ISO[opts.value(iso) ?? 'date'];
      if (f === undefined) throw new Fatal(`date: invalid argument ${quote(opts.value(iso)!)} for '--iso-8601'\nValid arguments are:\n  - 'hours'\n  - 'minutes'\n  - 'date'\n  - 'seconds'\n  - 'ns'\nTry 'date --help' for more information.\n`, 1);
      format = f;
    }
    if (opts.has('-R')) format = '%a, %d %b %Y %H:%M:%S %z';
    if (opts.has('--rfc-3339')) format = RFC3339[opts.value('--rfc-3339')!] ?? RFC3339['seconds']!;
    const plus = args.filter((a) => a.startsWith('+'));
    if (plus.length > 0 && args[0] === plus[0]) format = plus[0]!.slice(1);
    if (args.length > 1) throw usageError('date', `extra operand ${quote(args[1]!)}`);
    if (args.length === 1 && plus.length === 0) {
      if (opts.has('-d') || opts.has('-r') || opts.has('-f')) throw new Fatal(`date: the argument ${quote(args[0]!)} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\nargument must be a format string beginning with '+'\nTry 'date --help' for more information.\n`, 1);
      if (!/^\d{8}(\d{2}(\d{2})?)?(\.\d{2})?$/.test(args[0]!)) throw new Fatal(`date: invalid date ${quote(args[0]!)}\n`, 1);
      throw new Fatal(notModelledText('date', 'setting the clock'), 64);
    }
    if (opts.has('--resolution')) {
      yield* put(p, '0.000000001\n');
      return 0;
    }
    const now = wallSeconds(p);
    const file = opts.value('-f');
    if (file !== null) {
      let status = 0;
      let fd: number;
      try {
        fd = openInput(p, file);
      } catch (e) {
        throw new Fatal(`date: ${quoteIfNeeded(file)}: ${errnoText(e)}\n`, 1);
      }
      const src = new LineSource(p, fd);
      for (let lines = yield* src.batch(); lines !== null; lines = yield* src.batch()) {
        for (const raw of lines) {
          const line = raw.replace(/\n$/, '');
          const t = parseDate(line, now, zone);
          if (t === null) {
            status = 1;
            yield* say(p, 'date', `invalid date ${quote(line)}`);
          } else yield* put(p, `${strftime(format, t, zone)}\n`);
        }
      }
      closeInput(p, fd);
      return status;
    }
    let when = now;
    const reference = opts.value('-r');
    const text = opts.value('-d');
    if (reference !== null) {
      try {
        when = p.host.vfs.stat(p, reference).mtime;
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
        throw new Fatal(`date: ${quoteIfNeeded(reference)}: ${errnoText(e)}\n`, 1);
      }
    } else if (text !== null) {
      const t = parseDate(text, now, zone);
      if (t === null) throw new Fatal(`date: invalid date ${quote(text)}\n`, 1);
      when = t;
    }
    yield* put(p, `${strftime(format, when, zone)}\n`);
    return 0;
  },
});

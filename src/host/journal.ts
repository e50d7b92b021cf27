// The system journal: who said what when. Linux counterpart: systemd-journald with rsyslog writing /var/log/messages.
import { syslogDate } from '../lib/calendar';
import type { Bytes } from '../lib/text';
import type { Host } from './host';

/** One line. */
export interface JournalLine {
  /** Virtual time, us. */
  at: number;
  /** Unit it belongs to; '' for the system. */
  unit: string;
  /** Name and pid as shown: 'systemd[1]'. */
  ident: string;
  pid: number;
  text: Bytes;
}

/** Lines kept. */
const KEEP = 2000;

/** Adds a line (several, when the text has newlines); rsyslog writes it to `path` too, where that file is. */
export function log(host: Host, unit: string, ident: string, pid: number, text: Bytes, path = '/var/log/messages'): void {
  const lines = host.units.journal;
  const messages = host.vfs.exists(path) ? host.vfs.lookup(null, path).node.inode : null;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    lines.push(Object.freeze({ at: host.world.clock.now, unit, ident, pid, text: line }));
    if (messages !== null) {
      const who = ident === 'systemd' || pid === 0 ? ident : `${ident}[${pid}]`;
      host.vfs.appendQuietly(messages.ino, `${syslogDate(host.vfs.now())} ${shortName(host)} ${who}: ${line}\n`);
    }
  }
  if (lines.length > KEEP) lines.splice(0, lines.length - KEEP);
}

const shortName = (host: Host): string => host.kernel.hostname.split('.')[0]!;

/** A line as journalctl and systemctl status show it. */
export function journalText(host: Host, l: JournalLine): Bytes {
  // Unlike syslog, the journal writes the day with a zero.
  return `${syslogDate(host.world.epoch + l.at / 1e6).replace(/^(\w+)  /, '$1 0')} ${shortName(host)} ${l.ident}[${l.pid}]: ${l.text}\n`;
}

// iptables-save: writes the tables as input of iptables-restore. Linux counterpart: iptables 1.8.9 (nf_tables), iptables-save(8).
import { err, out, wallSeconds } from '../host/syscall';
import { strftime } from '../lib/strftime';
import type { Bytes } from '../lib/text';
import { TABLE_NAMES, tableOf, type TableName } from '../kernel/netfilter/x_tables';
import { zoneOf } from './clock';
import { command } from './command';
import { mustBeRoot, VERSION } from './iptables/problem';
import { saveTable } from './iptables/rule_text';

export const iptablesSave = command({
  name: 'iptables-save',
  summary: 'dump iptables rules',
  path: '/usr/sbin/iptables-save',
  package: 'iptables',
  options: {
    '-c': { kind: 'flag', says: 'with counters' },
    '--counters': { kind: 'flag', says: 'with counters', of: '-c' },
    '-t': { kind: 'value', says: 'only this table', arg: 'TABLE' },
    '--table': { kind: 'value', says: 'only this table', of: '-t' },
    '-f': { kind: 'value', says: 'write to a file', arg: 'FILE', modelled: false },
    '--file': { kind: 'value', says: 'write to a file', of: '-f', modelled: false },
    '-V': { kind: 'flag', says: 'version' },
    '--version': { kind: 'flag', says: 'version', of: '-V' },
    '-M': { kind: 'value', says: 'how to load modules' },
    '--modprobe': { kind: 'value', says: 'how to load modules', of: '-M' },
  },
  getopt: { badExit: 1, tryHelp: 'Look at manual page `iptables-save.8\' for more information.\n' },
  *run(p, opts, args) {
    if (p.uid !== 0) return yield* mustBeRoot(p, 'iptables-save');
    if (opts.has('-V')) {
      yield* out(p, `iptables-save ${VERSION}\n`);
      return 0;
    }
    if (args.length > 0) {
      yield* err(p, 'Unknown arguments found on commandline\n');
      return 1;
    }
    const only = opts.value('-t');
    if (only !== null && !(TABLE_NAMES as string[]).includes(only)) {
      yield* err(p, `Table \`${only}' does not exist\n`);
      return 1;
    }
    const when: Bytes = strftime('%a %b %e %H:%M:%S %Y', Math.floor(wallSeconds(p)), zoneOf(p));
    const names: readonly TableName[] = only === null ? TABLE_NAMES : [only as TableName];
    for (const name of names) {
      const t = tableOf(p.host.kernel, name, false);
      if (t !== undefined) yield* out(p, saveTable(p, t, opts.has('-c'), 'iptables-save', when));
    }
    return 0;
  },
});

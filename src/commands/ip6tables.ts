// ip6tables: lists its empty tables; a rule for IPv6 packets is refused as not modelled. Linux counterpart: iptables 1.8.9 (nf_tables), ip6tables(8).
// Not modelled: rules, policies other than ACCEPT and chains of the user's for IPv6.
import { err, out } from '../host/syscall';
import { TABLES, type Table } from '../kernel/netfilter/x_tables';
import type { Bytes } from '../lib/text';
import { command } from './command';
import { failure, iptablesOptions } from './iptables';
import { parseLine } from './iptables/parse';
import { mustBeRoot, NotModelled, VERSION } from './iptables/problem';
import { listTable, tableNamed } from './iptables/run';
import { usage } from './iptables/usage';

export const ip6tables = command({
  name: 'ip6tables',
  summary: 'administration tool for IPv6 packet filtering and NAT',
  path: '/usr/sbin/ip6tables',
  package: 'iptables',
  options: iptablesOptions(),
  getopt: null,
  *run(p, _opts, args) {
    if (p.uid !== 0) return yield* mustBeRoot(p, 'ip6tables');
    let text: Bytes = '';
    try {
      const line = parseLine(p, args);
      if (line.help) text = usage('ip6tables');
      else if (line.version) text = `ip6tables ${VERSION}\n`;
      else {
        const name = tableNamed(line.table);
        const empty: Table = { name, chains: TABLES[name].map((c) => ({ name: c, policy: 'ACCEPT', rules: [] })) };
        if (line.command === 'L' || line.command === 'S') text = listTable(p, line, empty);
        else if (!'FXZ'.includes(line.command) && !(line.command === 'P' && line.policy === 'ACCEPT')) throw new NotModelled('a rule, chain or policy for IPv6');
      }
    } catch (e) {
      const f = failure('ip6tables', e);
      yield* err(p, f.text);
      return f.status;
    }
    yield* out(p, text);
    return 0;
  },
});

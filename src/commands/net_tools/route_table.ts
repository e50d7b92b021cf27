// The main routing table as /proc/net/route lists it and net-tools print it. Counterpart: lib/inet_gr.c (INET_rprint) over net/ipv4/fib_trie.c's fib_route_seq.
import type { Process } from '../../host/process';
import { type Route, TABLE, tableRoutes } from '../../kernel/ipv4/fib';
import type { Kernel } from '../../kernel/kernel';
import { ipText, maskOf } from '../../wire/ipv4';
import { hostName, netName } from './inet';

/** Routes in the trie's order: by destination, longest prefix first, then as the table holds them. */
export function trieOrder(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => (a.dst >>> 0) - (b.dst >>> 0) || b.prefix - a.prefix);
}

/** Routes of /proc/net/route. */
export function procRoutes(k: Kernel): Route[] {
  return trieOrder(tableRoutes(k, TABLE.MAIN)).filter((r) => r.type !== 'broadcast' && r.type !== 'multicast');
}

/** How many columns: plain, -e, -ee. */
export type RouteForm = 'plain' | 'extended' | 'all';

const HEAD: Readonly<Record<RouteForm, string>> = {
  plain: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n',
  extended: 'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n',
  all: 'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface    MSS   Window irtt\n',
};

/** The whole table with its title. */
export function routeTable(p: Process, numeric: boolean, form: RouteForm): string {
  let text = `Kernel IP routing table\n${HEAD[form]}`;
  for (const r of procRoutes(p.host.kernel)) text += row(p, r, numeric, form);
  return text;
}

function row(p: Process, r: Route, numeric: boolean, form: RouteForm): string {
  const reject = r.type === 'unreachable' || r.type === 'prohibit';
  const host = r.prefix === 32;
  const flags = reject ? `!${host ? 'H' : ''}` : `U${r.gw === 0 ? '' : 'G'}${host ? 'H' : ''}`;
  const dst = r.dst === 0 && r.prefix === 0 && !numeric ? 'default' : host ? hostName(p, r.dst, numeric) : netName(p, r.dst, numeric || r.dst === 0);
  const gw = reject ? '-' : r.gw === 0 ? '0.0.0.0' : hostName(p, r.gw, numeric);
  const dev = reject ? '-' : p.host.kernel.devByIndex(r.dev)?.name ?? '*';
  const says = (n: number): string => (reject ? '-' : String(n));
  const mss = says(r.advmss === undefined ? 0 : r.advmss + 40);
  const window = says(r.window ?? 0);
  const irtt = says(r.rtt ?? 0);
  const head = `${dst.slice(0, 15).padEnd(15)} ${gw.slice(0, 15).padEnd(15)} ${ipText(maskOf(r.prefix)).padEnd(15)} ${flags.padEnd(5)}`;
  if (form === 'extended') return `${head} ${mss.padStart(5)} ${window.padEnd(5)} ${irtt.padStart(6)} ${dev}\n`;
  const plain = `${head} ${String(r.metric).padEnd(6)} ${says(0).padEnd(2)} ${'0'.padStart(7)} `;
  return form === 'plain' ? `${plain}${dev}\n` : `${plain}${dev.padEnd(8)} ${mss.padEnd(5)} ${window.padEnd(6)} ${irtt}\n`;
}

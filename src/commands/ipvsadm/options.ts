// ipvsadm's commands and options as data: names, letters, which go together, and the words of its messages. Counterpart: ipvsadm 1.31, ipvsadm(8).
import type { OptionSpec } from '../command';

/** Options by the names error texts use. Their order is the order in which the legality check walks them. */
export const OPTIONS = [
  'numeric', 'connection', 'service-address', 'scheduler', 'persistent', 'netmask', 'real-server', 'forwarding-method', 'weight', 'u-threshold',
  'l-threshold', 'mcast-interface', 'timeout', 'daemon', 'stats', 'rate', 'thresholds', 'persistent-conn', 'nosort', 'syncid', 'exact', 'ops', 'pe',
  'sched-flags', 'mcast-group', 'mcast-port', 'mcast-ttl', 'sync-maxlen', 'tun-info', 'tun-type', 'tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum',
] as const;
export type OptionName = (typeof OPTIONS)[number];

/** Commands by the names error texts use. */
export type CommandName =
  | 'add-service' | 'edit-service' | 'delete-service' | 'flush' | 'list' | 'add-server' | 'delete-server' | 'edit-server' | 'set' | 'start-daemon'
  | 'stop-daemon' | 'restore' | 'save' | 'zero';

/** '+' must be given, ' ' may be given, '1' at most one of all such. What is not named is illegal. */
export type Rule = '+' | ' ' | '1';

const may = (names: string): Partial<Record<OptionName, Rule>> => Object.fromEntries(names.split(' ').map((n) => [n, ' ']));

const SERVICE = { 'service-address': '+', ...may('scheduler persistent netmask ops pe sched-flags') } as const;
const SERVER = {
  'service-address': '+', 'real-server': '+',
  ...may('forwarding-method weight u-threshold l-threshold tun-type tun-port tun-nocsum tun-csum tun-remcsum'),
} as const;

/** Which option goes with which command. */
export const LEGAL: Readonly<Record<CommandName, Partial<Record<OptionName, Rule>>>> = Object.freeze({
  'add-service': SERVICE,
  'edit-service': SERVICE,
  'delete-service': { 'service-address': '+' },
  flush: {},
  list: {
    connection: '1', 'service-address': '1', timeout: '1', daemon: '1',
    ...may('numeric stats rate thresholds persistent-conn nosort syncid exact tun-info'),
  },
  'add-server': SERVER,
  'delete-server': { 'service-address': '+', 'real-server': '+' },
  'edit-server': SERVER,
  set: {},
  'start-daemon': may('mcast-interface syncid mcast-group mcast-port mcast-ttl sync-maxlen'),
  'stop-daemon': may('syncid'),
  restore: {},
  save: may('numeric'),
  zero: may('service-address'),
});

/** Tunnel options beside a type: same signs; of several '1' at most one. */
export type TunnelOption = 'tun-port' | 'tun-nocsum' | 'tun-csum' | 'tun-remcsum';
export const TUNNEL_OPTIONS: readonly TunnelOption[] = ['tun-port', 'tun-nocsum', 'tun-csum', 'tun-remcsum'];
export const TUNNEL_LEGAL: Readonly<Record<TunnelType, Partial<Record<TunnelOption, Rule>>>> = Object.freeze({
  ipip: {},
  gue: { 'tun-port': '+', 'tun-nocsum': '1', 'tun-csum': '1', 'tun-remcsum': '1' },
  gre: { 'tun-nocsum': '1', 'tun-csum': '1' },
});
export type TunnelType = 'ipip' | 'gue' | 'gre';

/** What a letter or long name means to popt. `id` is the option's name, or 'cmd:NAME' for a command, or a value of an option ('forwarding-method:m'). */
export interface PoptOption {
  readonly long: string | null;
  readonly short: string | null;
  readonly arg: 'none' | 'string' | 'optional';
  readonly id: string;
  readonly says: string;
}

const o = (long: string | null, short: string | null, arg: PoptOption['arg'], id: string, says: string): PoptOption => ({ long, short, arg, id, says });

export const POPT_TABLE: readonly PoptOption[] = Object.freeze([
  o('add-service', 'A', 'none', 'cmd:add-service', 'add virtual service with options'),
  o('edit-service', 'E', 'none', 'cmd:edit-service', 'edit virtual service with options'),
  o('delete-service', 'D', 'none', 'cmd:delete-service', 'delete virtual service'),
  o('clear', 'C', 'none', 'cmd:flush', 'clear the whole table'),
  o('list', 'L', 'none', 'cmd:list', 'list the table'),
  o(null, 'l', 'none', 'cmd:list', 'list the table'),
  o('zero', 'Z', 'none', 'cmd:zero', 'zero counters in a service or all services'),
  o('add-server', 'a', 'none', 'cmd:add-server', 'add real server with options'),
  o('edit-server', 'e', 'none', 'cmd:edit-server', 'edit real server with options'),
  o('delete-server', 'd', 'none', 'cmd:delete-server', 'delete real server'),
  o('set', null, 'none', 'cmd:set', 'set connection timeout values (tcp tcpfin udp)'),
  o('start-daemon', null, 'string', 'cmd:start-daemon', 'start connection sync daemon (master|backup)'),
  o('stop-daemon', null, 'string', 'cmd:stop-daemon', 'stop connection sync daemon (master|backup)'),
  o('restore', 'R', 'none', 'cmd:restore', 'restore rules from stdin'),
  o('save', 'S', 'none', 'cmd:save', 'save rules to stdout'),
  o('help', 'h', 'none', 'cmd:help', 'display this help message'),
  o('version', 'v', 'none', 'cmd:version', 'display the version'),
  o('tcp-service', 't', 'string', 'service-address:tcp', 'service-address is host[:port]'),
  o('udp-service', 'u', 'string', 'service-address:udp', 'service-address is host[:port]'),
  o('sctp-service', null, 'string', 'service-address:sctp', 'service-address is host[:port]'),
  o('fwmark-service', 'f', 'string', 'service-address:fwmark', 'fwmark is an integer greater than zero'),
  o('ipv6', '6', 'none', 'ipv6', 'fwmark entry uses IPv6'),
  o('scheduler', 's', 'string', 'scheduler', 'one of rr|wrr|lc|wlc|lblc|lblcr|dh|sh|sed|nq|fo|ovf|mh'),
  o('pe', null, 'string', 'pe', 'alternate persistence engine may be sip'),
  o('persistent', 'p', 'optional', 'persistent', 'persistent service'),
  o('netmask', 'M', 'string', 'netmask', 'persistent granularity mask'),
  o('real-server', 'r', 'string', 'real-server', 'server-address is host (and port)'),
  o('masquerading', 'm', 'none', 'forwarding-method:masq', 'masquerading (NAT)'),
  o('ipip', 'i', 'none', 'forwarding-method:tunnel', 'ipip encapsulation (tunneling)'),
  o('gatewaying', 'g', 'none', 'forwarding-method:route', 'gatewaying (direct routing) (default)'),
  o('tun-type', null, 'string', 'tun-type', 'one of ipip|gue|gre'),
  o('tun-port', null, 'string', 'tun-port', 'tunnel destination port'),
  o('tun-nocsum', null, 'none', 'tun-nocsum', 'tunnel encapsulation without checksum'),
  o('tun-csum', null, 'none', 'tun-csum', 'tunnel encapsulation with checksum'),
  o('tun-remcsum', null, 'none', 'tun-remcsum', 'tunnel encapsulation with remote checksum'),
  o('weight', 'w', 'string', 'weight', 'capacity of real server'),
  o('u-threshold', 'x', 'string', 'u-threshold', 'upper threshold of connections'),
  o('l-threshold', 'y', 'string', 'l-threshold', 'lower threshold of connections'),
  o('mcast-interface', null, 'string', 'mcast-interface', 'multicast interface for connection sync'),
  o('mcast-group', null, 'string', 'mcast-group', 'IPv4/IPv6 group'),
  o('mcast-port', null, 'string', 'mcast-port', 'UDP port'),
  o('mcast-ttl', null, 'string', 'mcast-ttl', 'Multicast TTL'),
  o('syncid', null, 'string', 'syncid', 'syncid for connection sync'),
  o('sync-maxlen', null, 'string', 'sync-maxlen', 'Max sync message length'),
  o('timeout', null, 'none', 'timeout', 'output of timeout (tcp tcpfin udp)'),
  o('daemon', null, 'none', 'daemon', 'output of daemon information'),
  o('connection', 'c', 'none', 'connection', 'output of current IPVS connections'),
  o('numeric', 'n', 'none', 'numeric', 'numeric output of addresses and ports'),
  o('stats', null, 'none', 'stats', 'output of statistics information'),
  o('rate', null, 'none', 'rate', 'output of rate information'),
  o('thresholds', null, 'none', 'thresholds', 'output of thresholds information'),
  o('persistent-conn', null, 'none', 'persistent-conn', 'output of persistent connection info'),
  o('tun-info', null, 'none', 'tun-info', 'output of tunnel information'),
  o('nosort', null, 'none', 'nosort', 'disable sorting output of service/server entries'),
  o('sort', null, 'none', 'sort', 'does nothing, for backwards compatibility'),
  o('exact', 'X', 'none', 'exact', 'expand numbers (display exact values)'),
  o('ops', 'o', 'none', 'ops', 'one-packet scheduling'),
  o('sched-flags', 'b', 'string', 'sched-flags', 'scheduler flags (comma-separated)'),
]);

/** The same table in the shape completion and the modelled page read. */
export function optionSpecs(): Record<string, OptionSpec> {
  const specs: Record<string, OptionSpec> = {};
  for (const x of POPT_TABLE) {
    const kind = x.arg === 'none' ? 'flag' : x.arg === 'string' ? 'value' : 'optional';
    if (x.short !== null) specs[`-${x.short}`] = { kind, says: x.says };
    if (x.long !== null) specs[`--${x.long}`] = { kind, says: x.says, ...(x.short === null ? {} : { of: `-${x.short}` }) };
  }
  return specs;
}

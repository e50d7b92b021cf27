// iptables against what 1.8.9 (nf_tables) prints, and what its rules do to packets. Every case is a command line with all of its output.
import { beforeEach, describe, expect, test } from 'vitest';
import { debian12 } from '../../host/images/debian_12';
import { type Hosts, hosts } from '../../host/test_host';
import { Conf } from '../../kernel/core/dev';
import { arp } from '../arp';
import { arptables } from '../arptables';
import type { Command } from '../command';
import { conntrack } from '../conntrack';
import { iptables } from '../iptables';
import { iptablesRestore } from '../iptables-restore';
import { iptablesSave } from '../iptables-save';
import { ping } from '../ping';
import { route } from '../route';

const PROGRAMS: Record<string, Command> = { arp, arptables, conntrack, iptables, 'iptables-restore': iptablesRestore, 'iptables-save': iptablesSave, ping, route };
let net: Hosts;

/** Runs words (parted by blanks, quotes hold together) on a host: everything printed, errors marked, and the status when it is not 0. */
function on(host: string, line: string): string {
  const argv = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2]!);
  const r = net.exec(host, PROGRAMS[argv[0]!]!.main, argv);
  const errors = r.err.split('\n').slice(0, -1).map((l) => `! ${l}\n`).join('');
  return r.out + errors + (r.status === 0 ? '' : `=${r.status}\n`);
}
const V = '! iptables v1.8.9 (nf_tables): ';
const TRY = "! Try `iptables -h' or 'iptables --help' for more information.\n=2\n";

beforeEach(() => {
  net = hosts(debian12, { lan: { pc: '10.8.0.5/24', gw: '10.8.0.1/24' }, far: { gw: '10.9.0.1/24', srv: '10.9.0.7/24' } });
});

describe('rules as they are saved and listed', () => {
  test.each<[string, string, string]>([
    ['-p tcp --dport 22 -j ACCEPT', '-p tcp -m tcp --dport 22 -j ACCEPT', 'ACCEPT     6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:22'],
    ['-p tcp --sport 1024: --dport :80 ! --syn', '-p tcp -m tcp --sport 1024:65535 --dport 0:80 ! --tcp-flags FIN,SYN,RST,ACK SYN', '           6    --  0.0.0.0/0            0.0.0.0/0            tcp spts:1024:65535 dpts:0:80 flags:!0x17/0x02'],
    ['-p udp -m multiport ! --sports 53,1:5', '-p udp -m multiport ! --sports 53,1:5', '           17   --  0.0.0.0/0            0.0.0.0/0            multiport sports  !53,1:5'],
    ['! -s 10.8.0.0/24 -d 1.2.3.4/255.0.255.0 -j DROP', '! -s 10.8.0.0/24 -d 1.0.3.0/255.0.255.0 -j DROP', 'DROP       0    -- !10.8.0.0/24          1.0.3.0/255.0.255.0 '],
    ['-p icmp --icmp-type ping -j REJECT', '-p icmp -m icmp --icmp-type 8 -j REJECT --reject-with icmp-port-unreachable', 'REJECT     1    --  0.0.0.0/0            0.0.0.0/0            icmptype 8 reject-with icmp-port-unreachable'],
    ['-m state --state new,related', '-m state --state NEW,RELATED', '           0    --  0.0.0.0/0            0.0.0.0/0            state NEW,RELATED'],
    ['-m limit --limit 120/hour', '-m limit --limit 2/min', '           0    --  0.0.0.0/0            0.0.0.0/0            limit: avg 2/min burst 5'],
    ['-m comment --comment "a b" -j LOG --log-prefix "x: "', '-m comment --comment "a b" -j LOG --log-prefix "x: "', 'LOG        0    --  0.0.0.0/0            0.0.0.0/0            /* a b */ LOG flags 0 level 4 prefix "x: "'],
    ['! -i lo -m mark ! --mark 16/0xff -j MARK --or-mark 4', '! -i lo -m mark ! --mark 0x10/0xff -j MARK --set-xmark 0x4/0x4', 'MARK       0    --  0.0.0.0/0            0.0.0.0/0            mark match ! 0x10/0xff MARK or 0x4'],
    ['-m addrtype ! --src-type LOCAL,BROADCAST', '-m addrtype ! --src-type LOCAL,BROADCAST', '           0    --  0.0.0.0/0            0.0.0.0/0            ADDRTYPE match src-type !LOCAL,BROADCAST'],
  ])('%s', (typed, saved, listed) => {
    expect(on('pc', `iptables -A INPUT ${typed}`)).toBe('');
    expect(on('pc', 'iptables -S INPUT')).toBe(`-P INPUT ACCEPT\n-A INPUT ${saved}\n`);
    expect(on('pc', 'iptables -L INPUT 1 -n').trimEnd()).toBe(listed.trimEnd());
    expect(on('pc', `iptables -C INPUT ${saved}`)).toBe('');
    expect(on('pc', `iptables -D INPUT ${saved}`)).toBe('');
    expect(on('pc', 'iptables -S INPUT')).toBe('-P INPUT ACCEPT\n');
  });
});

describe('refusals', () => {
  test.each<[string, string]>([
    ['', `${V}no command specified\n${TRY}`],
    ['-A INPUT --dport 80', `${V}unknown option "--dport"\n${TRY}`],
    ['-L -F', `${V}Cannot use -F with -L\n${TRY}`],
    ['-F -n', `${V}Illegal option \`-n' with this command\n${TRY}`],
    ['-A INPUT stray', `! Bad argument \`stray'\n${TRY}`],
    ['-A INPUT -p tcp -p udp', `${V}multiple -p flags not allowed\n${TRY}`],
    ['-A INPUT -p tcp -m tcp --dport 9:8', `${V}invalid portrange (min > max)\n${TRY}`],
    ['-A INPUT -m multiport --dports 80', `${V}multiport needs \`-p tcp', \`-p udp', \`-p udplite', \`-p sctp' or \`-p dccp'\n${TRY}`],
    ['-A OUTPUT -i eth0', `${V}Can't use -i with OUTPUT\n! \n${TRY}`],
    ['-A INPUT -j NONE', `${V}Chain 'NONE' does not exist\n${TRY}`],
    ['-A INPUT -j REJECT --reject-with tcp-reset', `${V} RULE_APPEND failed (Invalid argument): rule in chain INPUT\n=4\n`],
    ['-t nat -A POSTROUTING -j REDIRECT', `${V} RULE_APPEND failed (Invalid argument): rule in chain POSTROUTING\n=4\n`],
    ['-t nat -A PREROUTING -j DNAT --to-destination 1.2.3.4:80', `${V}Need TCP, UDP, SCTP or DCCP with port specification\n${TRY}`],
    ['-D INPUT 1', '! iptables: No chain/target/match by that name.\n=1\n'],
    ['-D INPUT -j DROP', '! iptables: Bad rule (does a matching rule exist in that chain?).\n=1\n'],
    ['-N DROP', `${V}chain name may not clash with target name\n${TRY}`],
    ['-P INPUT REJECT', "! iptables: Bad policy name. Run `dmesg' for more information.\n=1\n"],
    ['-t broute -L', `${V}table 'broute' does not exist\n! Perhaps iptables or your kernel needs to be upgraded.\n=3\n`],
    ['-A INPUT -m owner --uid-owner 0', '! iptables: match owner exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n=64\n'],
  ])('iptables %s', (line, expected) => {
    expect(on('pc', `iptables ${line}`)).toBe(expected);
    expect(on('pc', 'iptables -S')).toBe('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n');
  });

  test('chains: a loop, one in use, its rename', () => {
    for (const c of ['-N A', '-N B', '-A A -j B', '-A INPUT -g A']) expect(on('pc', `iptables ${c}`)).toBe('');
    expect(on('pc', 'iptables -A B -j A')).toBe(`${V} RULE_APPEND failed (Too many links): rule in chain B\n=4\n`);
    expect(on('pc', 'iptables -X B')).toBe(`${V} CHAIN_DEL failed (Device or resource busy): chain B\n=4\n`);
    expect(on('pc', 'iptables -E A Z')).toBe('');
    expect(on('pc', 'iptables -S')).toBe('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N B\n-N Z\n-A INPUT -g Z\n-A Z -j B\n');
  });
});

describe('restore', () => {
  const restore = (text: string, options = ''): string => {
    net.host('pc').vfs.put('/root/r', text);
    return on('pc', `iptables-restore ${options}/root/r`);
  };
  const R = '! iptables-restore v1.8.9 (nf_tables): ';
  const TRY_R = "! Try `iptables-restore -h' or 'iptables-restore --help' for more information.\n=2\n";
  test.each<[string, string]>([
    ['*filter\n-A NOPE -j ACCEPT\nCOMMIT\n', '! iptables-restore: line 2 failed: No chain/target/match by that name.\n=1\n'],
    ['*filter\n-A INPUT -j NOPE\nCOMMIT\n', `${R}Chain 'NOPE' does not exist\n! Error occurred at line: 3\n${TRY_R}`],
    ['foo\n', '! iptables-restore: line 1 failed\n=1\n'],
    ['*filter\nfoo\nCOMMIT\n', `! Bad argument \`foo'\n! Error occurred at line: 2\n${TRY_R}`],
    ['*nope\nCOMMIT\n', `${R}iptables-restore: line 1 table name 'nope' invalid\n! Error occurred at line: 1\n${TRY_R}`],
    ['*filter\n-A INPUT -j DROP\n', '! iptables-restore: COMMIT expected at line 3\n=1\n'],
    ['*filter\n:INPUT\nCOMMIT\n', `${R}iptables-restore: line 2 policy invalid\n! Error occurred at line: 2\n${TRY_R}`],
    ['*filter\n:INPUT FOO [0:0]\nCOMMIT\n', '! iptables-restore: line 2 failed: Bad policy name.\n=1\n'],
    ['*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j REJECT\n-A INPUT -j DNAT --to-destination 1.2.3.4\nCOMMIT\n', `${R}\n! line 4: RULE_APPEND failed (Invalid argument): rule in chain INPUT\n=4\n`],
  ])('%j', (text, expected) => {
    expect(restore(text)).toBe(expected);
    expect(on('pc', 'iptables -S')).toBe('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n');
  });

  test('what was saved comes back; counters only with -c, and -n keeps what is there', () => {
    const text = '*filter\n:INPUT DROP [5:100]\n:LAB - [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\n[3:99] -A INPUT -j LAB\n-A LAB -s 10.0.0.1 -j RETURN\nCOMMIT\n# c\n';
    expect(restore(text)).toBe('');
    const saved = (counts: string, policy = '[0:0]'): string => `*filter\n:INPUT DROP ${policy}\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:LAB - [0:0]\n[0:0] -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n${counts} -A INPUT -j LAB\n[0:0] -A LAB -s 10.0.0.1/32 -j RETURN\nCOMMIT\n`;
    const save = (): string => on('pc', 'iptables-save -c').replace(/^#.*\n/gm, '');
    expect(save()).toBe(saved('[0:0]'));
    expect(restore(text, '-c ')).toBe('');
    expect(save()).toBe(saved('[3:99]', '[5:100]'));
    expect(restore('*filter\n-A INPUT -j ACCEPT\nCOMMIT\n', '-n ')).toBe('');
    expect(on('pc', 'iptables -S INPUT')).toBe('-P INPUT DROP\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\n-A INPUT -j LAB\n-A INPUT -j ACCEPT\n');
  });
});

describe('packets', () => {
  const pings = (host: string, to: string): string => /(\d) received/.exec(on(host, `ping -c 1 -W 1 ${to}`))![1]!;

  test('INPUT drops, counts, and lets through again', () => {
    on('gw', 'iptables -A INPUT -p icmp -j DROP');
    expect(pings('pc', '10.8.0.1')).toBe('0');
    expect(on('gw', 'iptables -nvL INPUT 1')).toBe('    1    84 DROP       1    --  *      *       0.0.0.0/0            0.0.0.0/0           \n');
    on('gw', 'iptables -F');
    expect(pings('pc', '10.8.0.1')).toBe('1');
  });

  test('masquerading lets a server without a way back answer; the connection is seen from both sides', () => {
    const gw = net.host('gw').kernel;
    gw.confAll[Conf.forwarding] = 1;
    for (const d of gw.devs) d.conf[Conf.forwarding] = 1;
    on('gw', 'iptables -t nat -A POSTROUTING -o eth1 -j MASQUERADE');
    on('gw', 'iptables -A FORWARD -m state --state ESTABLISHED -j ACCEPT');
    on('srv', 'iptables -A INPUT -p icmp -j ACCEPT');
    on('pc', 'route add default gw 10.8.0.1');
    expect(pings('pc', '10.9.0.7')).toBe('1');
    expect(on('gw', 'conntrack -L').replace(/id=\d+/g, 'id=N')).toBe(
      'icmp     1 29 src=10.8.0.5 dst=10.9.0.7 type=8 code=0 id=N src=10.9.0.7 dst=10.9.0.1 type=0 code=0 id=N mark=0 use=1\n! conntrack v1.4.7 (conntrack-tools): 1 flow entries have been shown.\n',
    );
    // The request was NEW: only the reply matched, and only the first packet asked the nat table.
    expect(on('gw', 'iptables -nvxL FORWARD 1')).toBe('       1       84 ACCEPT     0    --  *      *       0.0.0.0/0            0.0.0.0/0            state ESTABLISHED\n');
    expect(on('gw', 'iptables -t nat -nvxL POSTROUTING 1')).toBe('       1       84 MASQUERADE  0    --  *      eth1    0.0.0.0/0            0.0.0.0/0           \n');
  });

  test('a rule that refuses what leaves here is heard only with REJECT', () => {
    on('pc', 'iptables -A OUTPUT -d 10.8.0.1 -j DROP');
    expect(on('pc', 'ping -c 1 -W 1 10.8.0.1')).not.toContain('sendmsg');
    on('pc', 'iptables -R OUTPUT 1 -d 10.8.0.1 -j REJECT --reject-with admin-prohib');
    expect(on('pc', 'ping -c 1 -W 1 10.8.0.1')).toContain('From 10.8.0.5 icmp_seq=1 Packet filtered\n');
  });
});

test('arptables: rules as recorded, a dropped question stays unanswered', () => {
  for (const words of ['-A INPUT -s 10.8.0.0/24 -i eth0 --opcode 1 -j DROP', '-A INPUT --opcode Reply --source-mac 52:54:00:00:04:50 -j ACCEPT', '-A INPUT ! -d 1.2.3.4 -j DROP', '-A OUTPUT -s 10.8.0.9 -j mangle --mangle-ip-s 10.8.0.1']) {
    expect(on('gw', `arptables ${words}`)).toBe('');
  }
  expect(on('gw', 'arptables -S')).toBe(
    '-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-A INPUT -j DROP -i eth0 -s 10.8.0.0/24 --opcode 1\n-A INPUT -j ACCEPT --src-mac 52:54:00:00:04:50 --opcode 2\n-A INPUT -j DROP ! -d 1.2.3.4\n-A OUTPUT -j mangle -s 10.8.0.9 --mangle-ip-s 10.8.0.1\n',
  );
  expect(on('gw', 'arptables -L -n --line-numbers')).toBe(
    'Chain INPUT (policy ACCEPT)\n1 -j DROP -i eth0 -s 10.8.0.0/24 --opcode 1\n2 -j ACCEPT --src-mac 52:54:00:00:04:50 --opcode 2\n3 -j DROP ! -d 1.2.3.4\n\nChain OUTPUT (policy ACCEPT)\n1 -j mangle -s 10.8.0.9 --mangle-ip-s 10.8.0.1\n',
  );
  expect(on('gw', 'arptables -D INPUT 9')).toBe('! arptables: Index of deletion too big.\n=1\n');
  on('pc', 'ping -c 1 -W 1 10.8.0.1');
  expect(on('pc', 'arp -n')).toContain('(incomplete)');
  on('gw', 'arptables -F');
  expect(on('pc', 'ping -c 1 -W 2 10.8.0.1')).toContain('1 received');
});

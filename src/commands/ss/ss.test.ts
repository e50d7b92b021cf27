// ss(8): what is listed, in which columns, and what wrong words are told. Every case is a command line with all of its output.
import { beforeEach, describe, expect, test } from 'vitest';
import { debian12 } from '../../host/images/debian_12';
import { type Hosts, hosts } from '../../host/test_host';
import { tcpConnect, tcpListen } from '../../kernel/ipv4/tcp';
import { ss } from '../ss';
import { SS_USAGE } from '../ss_usage';
import { renderColumns } from './columns';

let net: Hosts;

/** A command line (words between blanks, quotes kept together): output, errors marked, status when it is not 0. */
function run(host: string, line: string): string {
  const argv = (line.match(/'[^']*'|\S+/g) ?? []).map((w) => w.replaceAll("'", ''));
  const r = net.exec(host, ss.main, argv);
  return r.out + r.err.replace(SS_USAGE, 'USAGE\n').split('\n').slice(0, -1).map((l) => `! ${l}\n`).join('') + (r.status === 0 ? '' : `=${r.status}\n`);
}

beforeEach(() => {
  net = hosts(debian12, { lan: { pc: '10.8.0.5/24', srv: '10.8.0.7/24' } });
  const [pc, srv] = [net.host('pc').kernel, net.host('srv').kernel];
  tcpListen(srv, 0, 80, 511, 0);
  tcpConnect(pc, (10 << 24) | (8 << 16) | 7, 80, { sport: 40001 });
  tcpConnect(pc, (10 << 24) | (8 << 16) | 7, 80, { sport: 40002 });
  net.run(1_000_000);
});

const HEAD = 'State Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n';
const ONE = 'ESTAB 0      0           10.8.0.5:40001     10.8.0.7:80         \n';
const TWO = 'ESTAB 0      0           10.8.0.5:40002     10.8.0.7:80         \n';
const NONE = 'State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n';
const BELLOWS = '! ss: bison bellows (while parsing filter): "syntax error!" Sorry.\n! USAGE\n=255\n';
const parse = (text: string): string => `! ${text}\n! Cannot parse dst/src address.\n=1\n`;

describe('filters', () => {
  test.each<[string, string]>([
    ['sport = :40001', HEAD + ONE],
    ['( sport = 40001 or sport = :40002 ) and dst 10.8.0.0/24', HEAD + ONE + TWO],
    ["'sport gt 40001'", HEAD + TWO],
    ['not sport le 40001', HEAD + TWO],
    ['src 10.8.0.5 sport neq 40002', HEAD + ONE],
    ['sport = 40001 or sport = 40002 and dport = 99', NONE],
    ['dst 10.8.0.7:http', HEAD + ONE + TWO],
    ['dst :80 dport eq 80 exclude', parse('Error: "exclude" does not look like a port.')],
    ['state established', `${HEAD.slice(6)}${ONE.slice(6)}${TWO.slice(6)}`],
    ['exclude established', NONE],
    ['state nosuch', '! ss: wrong state name: nosuch\n=255\n'],
    ['state', '! Command line is not complete. Try option "help"\n=255\n'],
    ["'(sport = 40001)'", parse('Error: an inet prefix is expected rather than "(sport".')],
    ['10.8.0.7', BELLOWS],
    ["'dst != 10.8.0.7'", BELLOWS],
    ['dport =', BELLOWS],
    ['dst 10.8.0.7/33', parse('Error: an inet prefix is expected rather than "10.8.0.7/33".')],
    ['dport = :nope', parse('Error: "nope" does not look like a port.')],
    ['dev nope', '! Cannot parse device.\n=1\n'],
  ])('ss -tan %s', (words, wants) => expect(run('pc', `ss -tan ${words}`)).toBe(wants));
});

describe('options', () => {
  test.each<[string, string]>([
    ['-Q', "! ss: invalid option -- 'Q'\n! USAGE\n=255\n"],
    ['--s', "! ss: option '--s' is ambiguous; possibilities: '--sctp' '--socket' '--summary'\n! USAGE\n=255\n"],
    ['-f foo', '! ss: "foo" is invalid family\n! USAGE\n=255\n'],
    ['-A tcp6', '! ss: "tcp6" is illegal socket table id\n! USAGE\n=255\n'],
    ['-A', "! ss: option requires an argument -- 'A'\n! USAGE\n=255\n"],
    ['-Z', '! ss: SELinux is not enabled.\n=1\n'],
    ['-i', '! ss: option -i exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n=64\n'],
    ['-0', 'Netid Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n'],
    ['-x -a', 'Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n'],
    ['-6tan', NONE],
    ['-u', 'Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n'],
    ['-tnH sport = 40001', 'ESTAB 0      0      10.8.0.5:40001 10.8.0.7:80\n'],
  ])('ss %s', (words, wants) => expect(run('pc', `ss ${words}`)).toBe(wants));

  test('-e numbers sockets as they are first asked for; -m with the room there is', () => {
    const mount = '! Failed to find cgroup2 mount\n';
    expect(run('pc', 'ss -tne').replace(/ino:\d+/g, 'ino:N')).toBe(
      'State Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess                                 \n' +
        'ESTAB 0      0           10.8.0.5:40001     10.8.0.7:80   ino:N sk:1 cgroup:unreachable:1 <->\n' +
        `ESTAB 0      0           10.8.0.5:40002     10.8.0.7:80   ino:N sk:2 cgroup:unreachable:1 <->\n${mount}${mount}${mount}`,
    );
    expect(run('srv', 'ss -tlnm')).toBe(
      'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\nLISTEN 2      511          0.0.0.0:80        0.0.0.0:*   \n\t skmem:(r0,rb131072,t0,tb16384,f0,w0,o0,bl0,d0)\n',
    );
  });

  test('a SYN that nobody answers is one in Send-Q and runs a timer', () => {
    tcpConnect(net.host('pc').kernel, (10 << 24) | (8 << 16) | 99, 80, { sport: 40005 });
    expect(run('pc', 'ss -tano sport = 40005')).toBe(
      'State    Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\nSYN-SENT 0      1           10.8.0.5:40005    10.8.0.99:80   timer:(on,1sec,0)\n',
    );
  });

  test('-K ends connections at both ends', () => {
    expect(run('pc', 'ss -tnK sport = 40001') + run('pc', 'ss -tan')).toBe(HEAD + ONE + HEAD + TWO);
    net.run(1_000_000);
    expect(run('srv', 'ss -tan state connected')).toBe('State Recv-Q Send-Q Local Address:Port Peer Address:Port Process\nESTAB 0      0           10.8.0.7:80       10.8.0.5:40002       \n');
  });
});

test('on a terminal what does not fit begins a line of its own', () => {
  const row = (port: string, extra: string): string[] => ['tcp', 'ESTAB', '0     ', '0     ', '192.168.4.50:', port, '192.168.4.52:', '80', extra];
  const text = renderColumns([row('40002', ' users:(("nc",pid=9,fd=3))'), row('40001', ' users:(("nc",pid=5,fd=3))')], [1, 2, 3, 4, 5, 6, 7, 8], true, 80);
  expect(text.split('\n').map((l) => l.length)).toEqual([160, 160, 160, 0]);
  expect(text.split('\n')[1]).toBe(`${'ESTAB    0         0             192.168.4.50:40002        192.168.4.52:80      '}${' users:(("nc",pid=9,fd=3))'.padEnd(80)}`);
});

// ipvsadm against what version 1.31 prints: spellings, refusals and listings. Every case is a command line with all of its output.
import { beforeAll, describe, expect, test } from 'vitest';
import { debian12 } from '../../host/images/debian_12';
import { type Hosts, hosts } from '../../host/test_host';
import { ipvsadmRestore } from '../ipvsadm-restore';
import { ipvsadmSave } from '../ipvsadm-save';
import { ipvsadm } from '../ipvsadm';
import { mergeSort, compareServices, largeNumber } from './list';
import { restoreWords } from './restore';

let net: Hosts;
const PROGRAMS = { ipvsadm, 'ipvsadm-save': ipvsadmSave, 'ipvsadm-restore': ipvsadmRestore };

/** Runs words as typed (no quoting) and gives [stdout, stderr, status]. */
function run(line: string): [string, string, number] {
  const argv = line.split(' ');
  const r = net.exec('lvs', PROGRAMS[argv[0] as keyof typeof PROGRAMS].main, argv);
  return [r.out, r.err, r.status];
}
const fresh = (): void => {
  net = hosts(debian12, { lan: { lvs: '10.8.0.1/24', web: '10.8.0.2/24' } });
};
const TRY = "Try `ipvsadm -h' or 'ipvsadm --help' for more information.\n";
const HEAD = 'IP Virtual Server version 1.2.1 (size=4096)\n';
const TITLE = 'Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n';

describe('refusals', () => {
  beforeAll(fresh);
  test.each<[string, string, number]>([
    // The command comes first, alone.
    ['ipvsadm -nL', TRY, 255],
    ['ipvsadm --lis', TRY, 255],
    ['ipvsadm bar', TRY, 255],
    ['ipvsadm bar -L', 'unexpected argument bar\n', 2],
    ['ipvsadm -C -Z', "invalid option `-Z'\n", 2],
    ['ipvsadm -LZ', "invalid option `-LZ'\n", 2],
    ['ipvsadm -L --stop-daemon master', "invalid option `master'\n", 2],
    // popt's own.
    ['ipvsadm -Lj', '-Lj: unknown option\n', 255],
    ['ipvsadm -Lny', '-Lny: missing argument\n', 255],
    ['ipvsadm -L --stats=1', '--stats=1: option does not take an argument\n', 255],
    ['ipvsadm -A -t 10.8.0.9:80 -p -7', '-7: unknown option\n', 255],
    ['ipvsadm -a -t 10.8.0.9:80 --real-server', '--real-server: missing argument\n', 255],
    // Values, judged from left to right.
    ['ipvsadm -A -t 10.8.0.256:80', 'illegal virtual server address[:port] specified\n', 2],
    ['ipvsadm -A -u 10.8.0.9:http -j', 'illegal virtual server address[:port] specified\n', 2],
    ['ipvsadm -A -t 443', 'illegal virtual server address[:port] specified\n', 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r 2', 'illegal real server address[:port] specified\n', 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r 10.8.0.2 -w 0x2', 'illegal weight specified\n', 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r 10.8.0.2 -w 2147483648', 'illegal weight specified\n', 2],
    ['ipvsadm -A -f 0', "invalid fwmark value `0' specified\n", 2],
    ['ipvsadm -A -6 -f 2', '-6 used before -f\n\n', 2],
    ['ipvsadm -A -t 10.8.0.9:80 -p 2678401', "invalid timeout value `2678401' specified\n", 2],
    ['ipvsadm -A -t [2001:db8::9]:80 -p -M 255.255.0.0', 'illegal ipv6 netmask specified\n', 2],
    ['ipvsadm -A -t 10.8.0.9:80 -s rr -b mh-port', "incompatible scheduler flag `mh-port'\n", 2],
    ['ipvsadm -A -t 10.8.0.9:80 -s sh -b sh-port,none', "invalid scheduler flag `none'\n", 2],
    ['ipvsadm --start-daemon slave', 'illegal start-daemon parameter specified\n', 2],
    ['ipvsadm --stop-daemon slave', 'illegal start_daemon specified\n', 2],
    ['ipvsadm --start-daemon master --mcast-group 10.8.0.9', "invalid IPv4 mcast-group `10.8.0.9'\n", 2],
    // What goes with what.
    ['ipvsadm -A -s rr', "You need to supply the 'service-address' option for the 'add-service' command\n", 2],
    ['ipvsadm -A -n', "Illegal 'numeric' option with the 'add-service' command\n", 2],
    ['ipvsadm -d -t 10.8.0.9:80 -r 10.8.0.2 -x 3', "Illegal 'u-threshold' option with the 'delete-server' command\n", 2],
    ['ipvsadm -L -f 3 --daemon', "The option 'daemon' conflicts with the 'service-address' option in the 'list' command\n", 2],
    ['ipvsadm -Lc --thresholds', 'options conflicts in the list command\n', 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r 10.8.0.2 -g -m', "multiple 'forwarding-method' options specified\n", 2],
    ['ipvsadm -A -t 10.8.0.9', 'Zero port specified for non-persistent service\n', 2],
    ['ipvsadm -A -t 10.8.0.9:80 -o', 'One-Packet Scheduling is only for UDP virtual services\n', 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r [2001:db8::2]:80 -m', 'Different address family is allowed only for tunneling servers\n', 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r 10.8.0.2 -i --tun-type gue', "You need to supply the 'tun-port' option for the 'gue' tunnel type\n", 2],
    ['ipvsadm -a -t 10.8.0.9:80 -r 10.8.0.2 -i --tun-type gre --tun-csum --tun-nocsum', "The option 'tun-csum' conflicts with the 'tun-nocsum' option in the 'gre' tunnel type\n", 2],
    ['ipvsadm --set 1 2', '--set option requires 3 timeout values\n', 2],
    ['ipvsadm --set 1 2 3 4', 'unexpected argument 4\n', 2],
    // The kernel's.
    ['ipvsadm -D -t 10.8.0.9:80', 'No such service\n', 255],
    ['ipvsadm -L -t 10.8.0.9:80', 'No such service\n', 1],
    ['ipvsadm -a -f 3 -r 10.8.0.2', 'Service not defined\n', 255],
    ['ipvsadm -A -t 10.8.0.9:80 -s rrr', 'Scheduler or persistence engine not found\n', 255],
    ['ipvsadm --start-daemon master --mcast-interface eth7', 'No such device\n', 255],
    ['ipvsadm --stop-daemon backup', 'No daemon is running\n', 255],
    ['ipvsadm-save -k', 'ipvsadm-save: Script to save the IPVS table to stdout.\n   With the -n option, prints out the table in numeric format.\n', 1],
  ])('%s', (line, err, status) => expect(run(line)).toEqual(['', err, status]));
});

describe('listings', () => {
  beforeAll(() => {
    fresh();
    for (const line of [
      'ipvsadm -A -t 10.8.0.9:80 -s sh -b flag-2', 'ipvsadm -at 10.8.0.9:80 -r 10.8.0.2:8080 -mw 5', 'ipvsadm -a -t 10.8.0.9:80 -r10.8.0.20 -x 30 -y 20', 'ipvsadm -A -u 10.8.0.9:53 -o -s rr',
      'ipvsadm -A -t 9.8.0.9:http -p -M 255.255.0.0', 'ipvsadm -A -f 4294967295', 'ipvsadm -a -f 4294967295 -r 10.8.0.2 -i --tun-type gue --tun-port 6081 --tun-remcsum', 'ipvsadm -A -t [2001:db8:0:0::9]:443 -s wrr -p 9',
    ]) expect([line, ...run(line)]).toEqual([line, '', '', 0]);
  });
  test.each<[string, string]>([
    [
      'ipvsadm -Ln',
      `${HEAD}${TITLE}FWM  -1 wlc\n  -> 10.8.0.2:0                   Tunnel  1      0          0         \n` +
        'TCP  9.8.0.9:80 wlc persistent 360 mask 255.255.0.0\nTCP  10.8.0.9:80 sh (sh-port)\n  -> 10.8.0.2:8080                Masq    5      0          0         \n' +
        '  -> 10.8.0.20:80                 Route   1      0          0         \nUDP  10.8.0.9:53 rr ops\nTCP  [2001:db8::9]:443 wrr persistent 9\n',
    ],
    ['ipvsadm -L -t 10.8.0.9:http', `${TITLE}TCP  10.8.0.9:http sh (sh-port)\n  -> 10.8.0.2:http-alt            Masq    5      0          0         \n  -> 10.8.0.20:http               Route   1      0          0         \n`],
    [
      'ipvsadm -Ln -t 10.8.0.9:80 --thresholds --persistent-conn',
      'Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn \n  -> RemoteAddress:Port\nTCP  10.8.0.9:80 sh (sh-port)\n' +
        '  -> 10.8.0.2:8080                0          0          0          0         \n  -> 10.8.0.20:80                 30         20         0          0         \n',
    ],
    ['ipvsadm -Ln -f 4294967295 --tun-info', `${TITLE.replace('Weight', 'TunnelInfo    Weight')}FWM  -1 wlc\n  -> 10.8.0.2:0                   Tunnel  gue:6081:r+c  1      0          0         \n`],
    [
      'ipvsadm -Ln -u 10.8.0.9:53 --rate --stats',
      'Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n  -> RemoteAddress:Port\nUDP  10.8.0.9:53                         0        0        0        0        0\n',
    ],
    [
      'ipvsadm-save -n',
      '-A -f -1 -s wlc\n-a -f -1 -r 10.8.0.2:0 -i -w 1 --tun-type gue --tun-port 6081 --tun-remcsum\n-A -t 9.8.0.9:80 -s wlc -p 360 -M 255.255.0.0\n-A -t 10.8.0.9:80 -s sh -b sh-port\n' +
        '-a -t 10.8.0.9:80 -r 10.8.0.2:8080 -m -w 5\n-a -t 10.8.0.9:80 -r 10.8.0.20:80 -g -w 1\n-A -u 10.8.0.9:53 -s rr -o\n-A -t [2001:db8::9]:443 -s wrr -p 9\n',
    ],
    ['ipvsadm -L --timeout', 'Timeout (tcp tcpfin udp): 900 120 300\n'],
    ['ipvsadm -v -Q', 'ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n'],
  ])('%s', (line, text) => expect(run(line)).toEqual([text, '', 0]));
});

test('edit goes back to defaults, and a Route server takes the service\'s port', () => {
  fresh();
  for (const line of ['ipvsadm -A -t 10.8.0.9:81 -s rr -p', 'ipvsadm -a -t 10.8.0.9:81 -r 10.8.0.2:99 -g -w 7', 'ipvsadm -e -t 10.8.0.9:81 -r 10.8.0.2:99 -i', 'ipvsadm -E -t 10.8.0.9:81']) run(line);
  expect(run('ipvsadm -S -n')[0]).toBe('-A -t 10.8.0.9:81 -s wlc\n-a -t 10.8.0.9:81 -r 10.8.0.2:81 -i -w 1 --tun-type ipip\n');
});

test.each<[number, boolean, string]>([
  [99_999_999, false, ' 99999999'], [100_000_000, false, '  100000K'], [12_345_678_901, false, '   12345M'], [123_456_789_012, false, '     123G'], [123_456_789_012, true, ' 123456789012'], [7, true, '        7'],
])('counter %d exact %s', (n, exact, text) => expect(largeNumber(n, exact)).toBe(text));

test('services sort by a difference that wraps', () => {
  const s = (ip: number): { af: 4; protocol: 6; ip: number; ip6: ''; port: 80; fwmark: 0 } => ({ af: 4, protocol: 6, ip, ip6: '', port: 80, fwmark: 0 });
  const order = [0x09000001, 0xc8000001 | 0, -1, 0].map(s);
  expect(mergeSort(order, compareServices).map((x) => x.ip >>> 0)).toEqual([0xc8000001, 0xffffffff, 0, 0x09000001]);
});

test.each<[string, string[] | null]>([
  ['  ipvsadm -A  -t\t10.8.0.9:80 \r\n', ['-A', '-t', '10.8.0.9:80']], ['\n', null], ['ipvsadm\n', null], ['# x\n', ['#', 'x']], ['-s "rr"\n', ['-s', '"rr"']],
])('restore reads %j', (line, words) => expect(restoreWords(line, 'ipvsadm')).toEqual(words));

// Each kind of check on a DR cluster that works: what passes, what fails and with which words, what is blocked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCheck } from '../check';
import { parseLabFile, playAction } from '../labfile';
import { lessonSchema } from '../schema';
import { sentence } from '../sentence';
import { startLesson, topologyOfLesson } from '../topology_of';
import { substitute } from '../variables';
import { checkSchema } from './index';

const folder = join(import.meta.dirname, '../../../lessons/dr-cluster');
const values = { vip: '192.168.4.253' };
const lesson = substitute(lessonSchema.parse(parse(readFileSync(join(folder, 'lesson.yaml'), 'utf8'))), values);
const lab = startLesson(lesson as never, 1, { terminals: false });
for (const a of parseLabFile(substitute(readFileSync(join(folder, 'solutions/ifconfig.lab'), 'utf8'), values)).actions) playAction(lab, a);
lab.exec('client50', 'curl -s http://192.168.4.253/test.html');
lab.advance(100_000);

const quiz: Record<string, string> = { mode: 'dr', wrongMode: 'nat', order: 'arp,syn,http', pairs: 'VIP=lvs51,RIP=web53', port: ' ８０ ', both: 'b,a', first: 'web53,web52', held: 'web53，web53、 Web52' };

/** State and explanation of one check written as in lesson.yaml. */
const check = (yaml: string): string => {
  const spec = checkSchema.parse(parse(yaml));
  const r = runCheck(lab, lesson as never, topologyOfLesson(lesson as never), 'x', 0, spec, { answers: quiz });
  return `${r.state}${r.explanation === null ? '' : ` ${sentence('en', r.explanation)}`}`;
};

test.each([
  ["path: { from: client50, to: 'http://192.168.4.253/', request: [client50, lvs51, 'web52|web53'], reply: ['web52|web53', client50], rewritten: ['lvs51 mac'] }", 'passed'],
  ["path: { from: client50, to: 'http://192.168.4.253/', reply: ['*', lvs51, client50] }", /^failed The reply went web5\d → client50; it should go \* → lvs51 → client50\.$/],
  ["path: { from: client50, to: 'http://192.168.4.253/', rewritten: ['lvs51 dnat'] }", 'failed Nowhere on the way happened: lvs51 dnat. What was rewritten: lvs51 mac.'],
  ['path: { from: client50, to: 192.168.4.52, request: [client50, web52], reply: [web52, client50] }', 'passed'],
  ['neighbour: { on: client50, ip: 192.168.4.253, host: lvs51 }', 'passed'],
  ['neighbour: { on: client50, ip: 192.168.4.253, host: web52 }', 'failed client50 has the MAC of lvs51 for 192.168.4.253; it should be that of web52.'],
  ['neighbour: { on: client50, ip: 192.168.4.99, host: web52 }', 'blocked client50 has no ARP entry for 192.168.4.99. Send something there first.'],
  ['firewall: { on: lvs51, empty: true, policy: { INPUT: ACCEPT } }', 'passed'],
  ["firewall: { on: lvs51, has: ['-A INPUT -p tcp -m tcp --dport 80 -j DROP'] }", 'failed lvs51 lacks the rule -A INPUT -p tcp -m tcp --dport 80 -j DROP.'],
  ['interface: { on: lvs51, dev: eth0, up: true, plugged: true, mtu: 1500 }', 'passed'],
  ['interface: { on: lvs51, dev: eth7 }', 'failed lvs51 has no eth7 yet.'],
  ['resolve: { on: lvs51, name: localhost, to: 127.0.0.1 }', 'passed'],
  ['resolve: { on: lvs51, name: nobody.example }', 'failed lvs51 does not know the name nobody.example: neither /etc/hosts nor a name server has it.'],
  ["http: { from: client50, url: 'http://192.168.4.253/test.html', times: 4, share: { web52: 0.5, web53: 0.5 } }", 'passed'],
  ["http: { from: client50, url: 'http://192.168.4.253/test.html', times: 4, share: { web52: 0.9 } }", 'failed web52 served 50%; it should be 90%.'],
  ["http: { from: client50, url: 'http://192.168.4.253/', times: 4, hold: true, served: { web52: 2, web53: 2 } }", 'passed'],
  ["ipvs: { on: lvs51, service: 'tcp 192.168.4.253:80', timeouts: { tcp: 900, tcpfin: 120, udp: 300 } }", 'passed'],
  ["ipvs: { on: lvs51, service: 'tcp 192.168.4.253:80', connections: { count: 1, state: FIN_WAIT } }", 'passed'],
  ["ipvs: { on: lvs51, service: 'tcp 192.168.4.253:80', servers: [ web52 route weight 1 upper 10, web53 route ] }", 'failed The upper threshold of web52 is 0; it should be 10.'],
  ["all: [ { command: { on: lvs51, run: 'ipvsadm -A -t 192.168.4.253:81 -s sh -b sh-fallback,sh-port -p 60', exit: 0 } }, { ipvs: { on: lvs51, service: 'tcp 192.168.4.253:81', flags: 'sh-fallback,sh-port', persistent: 60 } } ]", 'passed'],
  ["predict: { id: first, served: { from: client50, url: 'http://192.168.4.253/test.html', times: 2 }, before: [ 'lvs51# ipvsadm -E -t 192.168.4.253:80 -s rr' ] }", /^(passed|failed The lab did it: web52, web53\.)$/],
  ["predict: { id: held, served: { from: client50, url: 'http://192.168.4.253/', times: 3, hold: true }, before: [ 'lvs51# ipvsadm -C', 'lvs51# ipvsadm -A -t 192.168.4.253:80 -s sed', 'lvs51# ipvsadm -a -t 192.168.4.253:80 -r 192.168.4.52', 'lvs51# ipvsadm -a -t 192.168.4.253:80 -r 192.168.4.53 -w 2' ] }", 'passed'],
  ['predict: { id: later, next: { on: lvs51, service: tcp 192.168.4.253:80 } }', 'blocked'],
  ['choice: { id: mode, answer: dr, options: [nat, dr, tun] }', 'passed'],
  ['choice: { id: wrongMode, answer: dr, options: [nat, dr], explain: { nat: { zh: 不对, en: NAT rewrites addresses. } } }', 'failed NAT rewrites addresses.'],
  ["text: { id: held, accept: [x], explain: { 'web53,web53,web52': { zh: 不对, en: That is sed. } } }", 'failed That is sed.'],
  ['choice: { id: both, answer: [a, b], options: [a, b, c] }', 'passed'],
  ['order: { id: order, items: [arp, syn, { id: http, zh: 请求, en: request }] }', 'passed'],
  ['order: { id: order, items: [syn, arp, http] }', 'failed Number 1 is not in its place.'],
  ['match: { id: pairs, pairs: { VIP: lvs51, RIP: web52 } }', 'failed Not paired up right: RIP.'],
  ['text: { id: port, accept: [80] }', 'passed'],
  ["text: { id: port, pattern: '8[0-9]' }", 'passed'],
  ['all: [ { interface: { on: lvs51, dev: lo } }, { not: { interface: { on: lvs51, dev: eth9 } } } ]', 'passed'],
])('%s', (yaml, want) => {
  const got = check(yaml);
  if (typeof want === 'string') expect(got).toBe(want);
  else expect(got).toMatch(want);
});

test('a second default route behind the wanted one is found by `only`; no route at all is said with the address asked for', () => {
  const changed = lab.fork();
  changed.exec('client50', 'ip route add default via 192.168.4.51; ip route add default via 192.168.4.1 metric 100');
  const asked = (yaml: string): string => {
    const r = runCheck(changed, lesson as never, topologyOfLesson(lesson as never), 'x', 0, checkSchema.parse(parse(yaml)));
    return `${r.state} ${r.explanation === null ? '' : sentence('en', r.explanation)}`;
  };
  expect(asked('route: { on: client50, to: default, via: 192.168.4.51 }')).toBe('passed ');
  expect(asked('route: { on: client50, to: default, via: 192.168.4.51, only: true }')).toContain('default via 192.168.4.1 dev eth0 metric 100');
  changed.exec('client50', 'ip route del default; ip route del default');
  expect(asked('ping: { from: client50, to: 10.0.0.9 }')).toBe('failed client50 has no route to 10.0.0.9, so the packet cannot leave.');
});

test('a file asked for its attributes is titled by them', () => {
  const r = runCheck(lab, lesson as never, topologyOfLesson(lesson as never), 'x', 0, checkSchema.parse({ file: { on: 'lvs51', path: '/etc/passwd', attributes: 'i' } }));
  expect([r.state, sentence('en', r.title)]).toEqual(['failed', 'lvs51: /etc/passwd has the attribute i (chattr)']);
});

test('the answer of a host that should be silent comes first', () => {
  const loud = lab.fork();
  loud.exec('web53', 'echo 0 > /proc/sys/net/ipv4/conf/all/arp_ignore');
  const r = runCheck(loud, lesson as never, topologyOfLesson(lesson as never), 'arp', 0, checkSchema.parse({ arp: { ask: 'client50', target: values.vip, answered_by: ['lvs51'] } }));
  expect([r.state, r.host, r.misconception]).toEqual(['failed', 'web53', 'arp-ignore-missing']);
  expect(r.run!.trace().frame(r.frames[0]!)!.from).toBe('web53');
});

test('a reboot lets ipvsadm.service save the rules on its way down, a power cut does not', () => {
  const changed = lab.fork();
  changed.exec('lvs51', 'systemctl start ipvsadm; ipvsadm -E -t 192.168.4.253:80 -s wrr');
  const after = (how: string): string => {
    const spec = checkSchema.parse(parse(`survives: { ${how}: [lvs51], then: [ { ipvs: { on: lvs51, service: 'tcp 192.168.4.253:80', scheduler: wrr } } ] }`));
    return runCheck(changed, lesson as never, topologyOfLesson(lesson as never), 'x', 0, spec).state;
  };
  expect([after('reboot'), after('power_cut')]).toEqual(['passed', 'failed']);
});

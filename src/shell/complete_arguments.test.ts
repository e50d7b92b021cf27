// What may stand after words of a command line.
import { beforeAll, expect, test } from 'vitest';
import { commands } from '../commands/index';
import { el } from '../host/images/el';
import { hosts, type Hosts } from '../host/test_host';
import { argumentWords } from './complete_arguments';

let net: Hosts;
beforeAll(() => {
  net = hosts(el, { lan: { lvs51: '192.168.4.51/24' } });
});

test.each<[string, string[] | null]>([
  ['apachectl', ['configtest', 'graceful', 'graceful-stop', 'restart', 'start', 'status', 'stop']],
  ['nginx -s', ['quit', 'reload', 'reopen', 'stop']],
  ['ss -tan', ['dport', 'dst', 'exclude', 'sport', 'src', 'state']],
  ['ss state', 'all big bucket close-wait closed closing connected established fin-wait-1 fin-wait-2 last-ack listening syn-recv syn-sent synchronized time-wait'.split(' ')],
  ['ss dst', null],
  ['ip link set', ['lo', 'eth0']],
  ['service httpd', ['reload', 'restart', 'start', 'status', 'stop']],
  ['cat', null],
])('%s', (line, words) => expect(argumentWords(net.host('lvs51'), line.split(' '))).toEqual(words));

test('every option of every command begins with a dash or is a word of its own grammar, so that completion can offer it', () => {
  const odd = commands.flatMap((c) => Object.keys(c.options).filter((o) => !/^-./.test(o)).map((o) => `${c.name} ${o}`));
  expect(odd).toEqual(['ifup boot']);
});

// What kind of address one is for a host, held against table local itself: the filter before the lookup must never hide an entry.
import { expect, it } from 'vitest';
import { ipText, maskOf } from '../../wire/ipv4';
import { ip, net } from '../test_net';
import { addressAdd, addressDelete } from './devinet';
import { addressType, routeAdd, routeDelete, TABLE, tableRoutes } from './fib';

const PROBES = ['127.0.0.1', '127.0.0.2', '127.1.2.3', '127.255.255.255', '126.0.0.1', '10.0.0.1', '10.0.0.255', '10.0.0.2', '172.16.5.9', '172.16.6.1', '198.51.100.7'];

it('says of every address what table local says, whatever is added and taken away', () => {
  const k = net({ lan: { a: '10.0.0.1/24' } }).k('a');
  const eth0 = k.devByName('eth0')!;
  const added: number[] = [];
  const check = (when: string): void => {
    const all = [...PROBES.map(ip), ...added, ...Array.from({ length: 500 }, (_, i) => ip('10.0.0.0') + i)];
    const byTable = (a: number): string => tableRoutes(k, TABLE.LOCAL).find((r) => ((a ^ r.dst) & maskOf(r.prefix)) === 0)?.type ?? 'unicast';
    expect(all.filter((a) => addressType(k, a) !== byTable(a)).map(ipText), when).toEqual([]);
  };
  check('at first');
  for (let i = 1; i <= 40; i++) {
    const local = (ip('192.168.0.7') + i * 0x10305) | 0;
    added.push(local);
    addressAdd(k, eth0, { local, prefix: 32 });
    check(`with ${ipText(local)}`);
  }
  while (added.length > 0) addressDelete(k, eth0, added.pop()!, 32);
  check('taken away');
  const subnet = { table: TABLE.LOCAL, type: 'local', dst: ip('172.16.5.0'), prefix: 24, dev: 1, scope: 254 } as const;
  expect(routeAdd(k, subnet)).toBeNull();
  expect(addressType(k, ip('172.16.5.9'))).toBe('local');
  check('a whole subnet local');
  routeDelete(k, subnet);
  check('no more');
});

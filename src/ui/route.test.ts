// Addresses of screens.
import { expect, test } from 'vitest';
import { lessonHash, lookUpHash, parseRoute, toTry, tryHash } from './route';

test.each([
  ['', { screen: 'catalogue' }], ['#/', { screen: 'catalogue' }], ['#/lesson/dr-cluster', { screen: 'lesson', id: 'dr-cluster', seed: 0 }], ['#/lesson/dr-cluster?seed=7', { screen: 'lesson', id: 'dr-cluster', seed: 7 }],
  ['#/lesson/dr-cluster?seed=x', { screen: 'lesson', id: 'dr-cluster', seed: 0 }], ['#/lesson/../x', { screen: 'unknown', hash: '#/lesson/../x' }], ['#/sandbox', { screen: 'lesson', id: 'sandbox', seed: 0 }], ['#/reference', { screen: 'reference' }], ['#/glossary', { screen: 'glossary' }], ['#/glossary?q=-m%20%26', { screen: 'glossary', q: '-m &' }], ['#/reference?q=', { screen: 'reference' }], ['#/nowhere', { screen: 'unknown', hash: '#/nowhere' }],
])('%s', (hash, want) => expect(parseRoute(hash)).toEqual(want));

test('a lesson address reads back', () => expect(parseRoute(lessonHash('nat-cluster', 12))).toEqual({ screen: 'lesson', id: 'nat-cluster', seed: 12 }));

test('something to look up reads back', () => expect(parseRoute(lookUpHash('reference', '-A -t VIP:PORT'))).toEqual({ screen: 'reference', q: '-A -t VIP:PORT' }));

test('a command to try reads back, one line only', () => {
  const hash = tryHash('lvs51', "ipvsadm -A -t 192.168.2.51:80 -s rr && echo 'a=b'");
  expect([parseRoute(hash), toTry(hash), toTry('#/sandbox'), toTry('#/sandbox?on=lvs51&type=reboot%0A')]).toEqual([{ screen: 'lesson', id: 'sandbox', seed: 0 }, { host: 'lvs51', line: "ipvsadm -A -t 192.168.2.51:80 -s rr && echo 'a=b'" }, null, null]);
});

// Addresses of screens.
import { expect, test } from 'vitest';
import { lessonHash, parseRoute } from './route';

test.each([
  ['', { screen: 'catalogue' }], ['#/', { screen: 'catalogue' }], ['#/lesson/dr-cluster', { screen: 'lesson', id: 'dr-cluster', seed: 0 }], ['#/lesson/dr-cluster?seed=7', { screen: 'lesson', id: 'dr-cluster', seed: 7 }],
  ['#/lesson/dr-cluster?seed=x', { screen: 'lesson', id: 'dr-cluster', seed: 0 }], ['#/lesson/../x', { screen: 'unknown', hash: '#/lesson/../x' }], ['#/nowhere', { screen: 'unknown', hash: '#/nowhere' }],
])('%s', (hash, want) => expect(parseRoute(hash)).toEqual(want));

test('a lesson address reads back', () => expect(parseRoute(lessonHash('nat-cluster', 12))).toEqual({ screen: 'lesson', id: 'nat-cluster', seed: 12 }));

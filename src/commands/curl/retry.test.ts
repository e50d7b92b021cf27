// --retry and --limit-rate: what is tried again, the words (as recorded from curl 7.88), and the pace.
import { expect, test } from 'vitest';
import { holdBackUs, pauseUs, rateOf, transient, warning } from './retry';
import { CurlError } from './screen';

const none = new Set<string>();
test.each<[string, Set<string>, CurlError | null, number, string | null]>([
  ['a timeout', none, new CurlError(28, ''), 0, 'timeout'],
  ['an unknown host', none, new CurlError(6, ''), 0, 'timeout'],
  ['a refused connection', none, new CurlError(7, '', 'ECONNREFUSED'), 0, null],
  ['a refused connection, if told', new Set(['retry-connrefused']), new CurlError(7, '', 'ECONNREFUSED'), 0, 'connection refused'],
  ['no route, though told of refusals', new Set(['retry-connrefused']), new CurlError(7, '', 'EHOSTUNREACH'), 0, null],
  ['any error, if told', new Set(['retry-all-errors']), new CurlError(7, '', 'EHOSTUNREACH'), 0, '(retrying all errors)'],
  ['503', none, null, 503, 'HTTP error'],
  ['503 with -f', none, new CurlError(22, ''), 503, 'HTTP error'],
  ['404', none, null, 404, null],
])('%s', (_, flags, error, status, want) => {
  expect(transient(flags, error, status)).toBe(want);
});

test('warnings break at 79 columns', () => {
  expect(warning('Problem : timeout. Will retry in 1 seconds. 1 retries left.')).toBe('Warning: Problem : timeout. Will retry in 1 seconds. 1 retries left.\n');
  expect(warning('Problem : connection refused. Will retry in 1 seconds. 1 retries left.')).toBe(
    'Warning: Problem : connection refused. Will retry in 1 seconds. 1 retries \nWarning: left.\n',
  );
});

test('pauses, rates, and holding back', () => {
  expect([0, 1, 2, 12].map((n) => pauseUs(n, 0) / 1e6)).toEqual([1, 2, 4, 600]);
  expect(pauseUs(3, 5)).toBe(5_000_000);
  expect(['100', '5k', '2M', '1G', '7B'].map(rateOf)).toEqual([100, 5120, 2 * 1024 ** 2, 1024 ** 3, 7]);
  expect([rateOf('x'), rateOf('5Z')]).toEqual([{ warns: 'invalid number specified for rate' }, { warns: 'unsupported rate unit. Use G, M, K or B!' }]);
  expect([holdBackUs(0, 1e6, 0), holdBackUs(1000, 20000, 0), holdBackUs(100_000, 200_000, 500_000), holdBackUs(100_000, 200_000, 3e6)]).toEqual([0, 0, 1_500_000, 0]);
});

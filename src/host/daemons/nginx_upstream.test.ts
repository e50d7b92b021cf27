// nginx as a balancer: turns, failures, what servers are asked, and what nginx -t says of it.
import { describe, expect, test } from 'vitest';
import { ip } from '../../kernel/test_net';
import { debian12 } from '../images/debian_12';
import { hosts, type Hosts } from '../test_host';
import { nginxMain } from './http_start';
import { choosePeer, newPeer, type PeerGroup, releasePeer } from './nginx_upstream';

const group = (method: PeerGroup['method'], ...weights: number[]): PeerGroup => ({ name: 'g', method, peers: weights.map((w, i) => ({ ...newPeer(i, 80, String.fromCharCode(97 + i)), weight: w, effective: w })) });
/** Names of those who get `n` requests of a client, one after the other. */
function turns(g: PeerGroup, n: number, client = 0xc0a80432 | 0, fails = '', now = 100): string {
  let text = '';
  for (let i = 0; i < n; i++) {
    const p = choosePeer(g, client, [], now);
    text += p?.name ?? '-';
    if (p !== null) releasePeer(g, p, fails.includes(p.name), now);
  }
  return text;
}

describe('whose turn it is', () => {
  test.each<[string, PeerGroup, string]>([
    ['equal', group('round_robin', 1, 1), 'ababab'],
    ['weights are spread', group('round_robin', 5, 1, 1), 'aabacaa'],
    ['three to one', group('round_robin', 3, 1), 'aabaaaba'],
    ['least_conn among equals', group('least_conn', 1, 1), 'abab'],
    ['ip_hash: 192.168.4.0/24 of two', group('ip_hash', 1, 1), 'bbb'],
  ])('%s', (_what, g, order) => expect(turns(g, order.length)).toBe(order));

  test('ip_hash looks at three octets only', () => {
    const g = group('ip_hash', 1, 1, 1);
    expect(turns(g, 1, ip('10.1.2.3'))).toBe(turns(g, 1, ip('10.1.2.200')));
  });

  test('a server that failed rests for fail_timeout, then gets one try; a backup serves when all others are out', () => {
    const g = group('round_robin', 1, 1, 1);
    g.peers[2]!.backup = true;
    expect(turns(g, 5, 0, 'a', 100)).toBe('abbbb');
    expect(turns(g, 3, 0, 'b', 105)).toBe('bcc');
    expect(turns(g, 4, 0, '', 200)).toMatch(/a.*b|b.*a/);
  });
});

const LAN = { lan: { client50: '192.168.4.50/24', lb: '192.168.4.51/24', web52: '192.168.4.52/24', web53: '192.168.4.53/24' } };
const CONF = `error_log /var/log/nginx/error.log; pid /run/nginx.pid; events {}
http {
  log_format short '$remote_addr "$request" $status $upstream_addr $upstream_status "$http_x_forwarded_for"';
  access_log /var/log/nginx/access.log short;
  upstream two { server 192.168.4.52; server 192.168.4.53 weight=2; }
  server { listen 80; server_tokens off; location / { proxy_pass http://two; } location /app/ { proxy_pass http://192.168.4.52/; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }
    location ~ \\.php$ { return 200 "$1 php $uri\\n"; } location = /deep { client_max_body_size 2; proxy_pass http://two; } location /shut { deny 192.168.4.0/24; allow all; proxy_pass http://two; } }
}
`;

function balanced(): Hosts {
  const n = hosts(debian12, LAN);
  for (const web of ['web52', 'web53']) {
    const v = n.host(web).vfs;
    v.put('/etc/nginx/nginx.conf', 'error_log /dev/null; pid /run/nginx.pid; events {}\nhttp { log_format f "$request $http_host $http_connection $http_x_forwarded_for"; server { listen 80; root /var/www/html; access_log /var/log/nginx/access.log f; } }\n');
    v.put('/var/www/html/index.html', `${web}\n`);
    expect(n.exec(web, (p) => nginxMain(p, []), ['nginx'])).toEqual({ out: '', err: '', status: 0 });
  }
  n.host('lb').vfs.put('/etc/nginx/nginx.conf', CONF);
  expect(n.exec('lb', (p) => nginxMain(p, []), ['nginx'])).toEqual({ out: '', err: '', status: 0 });
  return n;
}
const get = (n: Hosts, path = '/', more = ''): string => n.talk('client50', ip('192.168.4.51'), 80, `GET ${path} HTTP/1.1\r\nHost: lb\r\n${more}Connection: close\r\n\r\n`);
const bodyOf = (text: string): string => text.replace('<closed>', '').slice(text.indexOf('\r\n\r\n') + 4);

test('requests go round by weight; the answer is the server\'s, dressed by nginx', () => {
  const n = balanced();
  expect([1, 2, 3, 4, 5, 6].map(() => bodyOf(get(n)).trim())).toEqual(['web53', 'web52', 'web53', 'web53', 'web52', 'web53']);
  expect(get(n).replace(/Date: .*?\r\n|Last-Modified: .*?\r\n|ETag: .*?\r\n/g, '')).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx\r\nContent-Type: text\/html\r\nContent-Length: 6\r\nConnection: close\r\nAccept-Ranges: bytes\r\n\r\nweb5\d\n/);
  get(n, '/app/index.html?x=1', 'X-Forwarded-For: 1.2.3.4\r\n');
  const seen = n.host('web52').vfs.read('/var/log/nginx/access.log')!.trim().split('\n');
  expect([seen[0], seen.at(-1)]).toEqual(['GET / HTTP/1.0 two close -', 'GET /index.html?x=1 HTTP/1.0 192.168.4.52 close 1.2.3.4, 192.168.4.50']);
});

test('a dead server costs its request nothing and rests; when none is left the client gets 502', () => {
  const n = balanced();
  n.exec('web53', (p) => nginxMain(p, ['-s', 'stop']));
  n.run(0);
  expect([1, 2, 3].map(() => bodyOf(get(n)).trim())).toEqual(['web52', 'web52', 'web52']);
  n.exec('web52', (p) => nginxMain(p, ['-s', 'stop']));
  n.run(0);
  expect(get(n)).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
  const log = n.host('lb').vfs.read('/var/log/nginx/error.log')!.trim().split('\n').map((l) => l.replace(/^.{20}/, '').replace(/\d+#\d+: \*\d+ /, '').replace(/, client.*upstream: /, ' '));
  expect(log).toEqual([
    '[error] connect() failed (111: Connection refused) while connecting to upstream "http://192.168.4.53:80/", host: "lb"', '[warn] upstream server temporarily disabled while connecting to upstream "http://192.168.4.53:80/", host: "lb"',
    '[error] connect() failed (111: Connection refused) while connecting to upstream "http://192.168.4.52:80/", host: "lb"', '[warn] upstream server temporarily disabled while connecting to upstream "http://192.168.4.52:80/", host: "lb"',
    '[error] no live upstreams while connecting to upstream "http://two/", host: "lb"',
  ]);
  expect(n.host('lb').vfs.read('/var/log/nginx/access.log')!.trim().split('\n').filter((_l, i) => i === 0 || i === 3)).toEqual([
    '192.168.4.50 "GET / HTTP/1.1" 200 192.168.4.53:80, 192.168.4.52:80 502, 200 "-"', '192.168.4.50 "GET / HTTP/1.1" 502 192.168.4.52:80, two 502, 502 "-"',
  ]);
});

test('other directives act: a regular expression, a limit for bodies, deny', () => {
  const n = balanced();
  expect(bodyOf(get(n, '/x/a.php'))).toBe(' php /x/a.php\n');
  expect(n.talk('client50', ip('192.168.4.51'), 80, 'POST /deep HTTP/1.1\r\nHost: lb\r\nContent-Length: 3\r\n\r\nabc')).toMatch(/^HTTP\/1\.1 413 Request Entity Too Large\r\n/);
  expect(get(n, '/shut')).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
});

describe('nginx -t', () => {
  const t = (http: string): string => {
    const n = hosts(debian12, LAN);
    n.host('lb').vfs.put('/tmp/t.conf', `events {} http { ${http} }\n`);
    const r = n.exec('lb', (p) => nginxMain(p, ['-t', '-c', '/tmp/t.conf']), ['nginx']);
    return r.err.replace(/^\d.{18} \[(\w+)\] \S+ /gm, '$1 ').split('\n')[0]!;
  };
  test.each<[string, string]>([
    ['upstream b { }', 'emerg no servers are inside upstream in /tmp/t.conf:1'],
    ['upstream b { server nosuch; }', 'emerg host not found in upstream "nosuch" in /tmp/t.conf:1'],
    ['upstream b { server 1.2.3.4 weight=x; }', 'emerg invalid parameter "weight=x" in /tmp/t.conf:1'],
    ['upstream b { server 1.2.3.4; } upstream b { server 1.2.3.5; }', 'emerg duplicate upstream "b" in /tmp/t.conf:1'],
    ['server { location / { proxy_pass http://nosuch; } }', 'emerg host not found in upstream "nosuch" in /tmp/t.conf:1'],
    ['server { location / { proxy_pass 1.2.3.4; } }', 'emerg invalid URL prefix in /tmp/t.conf:1'],
    ['server { location ~ [ { } }', 'emerg pcre2_compile() failed: missing terminating ] for character class in "[" in /tmp/t.conf:1'],
    ['access_log /tmp/z nosuch;', 'emerg unknown log format "nosuch" in /tmp/t.conf:1'],
    ['client_max_body_size x;', 'emerg "client_max_body_size" directive invalid value in /tmp/t.conf:1'],
    ['upstream b { hash $remote_addr; server 1.2.3.4; }', 'nginx: directive "hash" of an upstream exists on Linux but is not modelled in LVS Lab (see MODELLED.md)'],
    ['send_timeout 5s;', 'warn "send_timeout 5s" exists on Linux but is not modelled in LVS Lab: it changes nothing in /tmp/t.conf:1'],
  ])('%s', (http, first) => expect(t(http)).toBe(first));
});

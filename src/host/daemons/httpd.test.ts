// The HTTP daemon: replies, errors and logs of both personalities, as whole texts.
import { describe, expect, test } from 'vitest';
import { ip } from '../../kernel/test_net';
import { cloneState } from '../../lib/clone';
import { debian12 } from '../images/debian_12';
import { el } from '../images/el';
import { SIG } from '../process';
import { hosts, type Hosts } from '../test_host';
import { nginxMain, httpdMain } from './http_start';

const CONF = `user www-data;
worker_processes 1;
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;
events { worker_connections 512; }
http {
  types { text/html html; text/plain txt; }
  default_type text/html;
  access_log /var/log/nginx/access.log;
  keepalive_timeout 65;
  server { listen 80; root /var/www/html; index index.html; }
}
`;

const web = ip('192.168.4.52');
const LAN = { lan: { client50: '192.168.4.50/24', web52: '192.168.4.52/24' } };

function nginx(): Hosts {
  const n = hosts(debian12, LAN);
  const v = n.host('web52').vfs;
  v.put('/etc/nginx/nginx.conf', CONF);
  v.put('/var/www/html/index.html', 'web52\n');
  v.put('/var/www/html/a/b.html', 'page b\n');
  v.utimes(null, '/var/www/html/index.html', null, 0x6b031107);
  const r = n.exec('web52', (p) => nginxMain(p, []), ['nginx']);
  expect(r).toEqual({ out: '', err: '', status: 0 });
  return n;
}

const page = (title: string): string => `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n`;

describe('nginx answers as recorded', () => {
  const H = 'Server: nginx/1.22.1\r\nDate: D\r\n';
  const ok = (connection: string): string =>
    `HTTP/1.1 200 OK\r\n${H}Content-Type: text/html\r\nContent-Length: 6\r\nLast-Modified: Sun, 22 Nov 2026 15:57:59 GMT\r\nConnection: ${connection}\r\nETag: "6b031107-6"\r\nAccept-Ranges: bytes\r\n\r\n`;
  const fail = (status: string, connection: string, more = ''): string =>
    `HTTP/1.1 ${status}\r\n${H}Content-Type: text/html\r\nContent-Length: ${page(status).length}\r\n${more}Connection: ${connection}\r\n`;
  const cases: [string, string, string][] = [
    ['HTTP/1.0', 'GET / HTTP/1.0\r\n\r\n', `${ok('close')}web52\n<closed>`],
    ['keep-alive', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', `${ok('keep-alive')}web52\n`],
    ['HEAD', 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n', ok('keep-alive')],
    ['two at once', 'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', `${ok('keep-alive')}web52\n${ok('close')}web52\n<closed>`],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', `${fail('400 Bad Request', 'close')}\r\n${page('400 Bad Request')}<closed>`],
    ['missing', 'GET /no.html HTTP/1.1\r\nHost: x\r\n\r\n', `${fail('404 Not Found', 'keep-alive')}\r\n${page('404 Not Found')}`],
    ['listing', 'GET /a/ HTTP/1.1\r\nHost: x\r\n\r\n', `${fail('403 Forbidden', 'keep-alive')}\r\n${page('403 Forbidden')}`],
    ['directory', 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n', `${fail('301 Moved Permanently', 'keep-alive', 'Location: http://x/a/\r\n')}\r\n${page('301 Moved Permanently')}`],
    ['POST', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=b', `${fail('405 Not Allowed', 'keep-alive')}\r\n${page('405 Not Allowed')}`],
    ['range', 'GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=0-2\r\n\r\n', `${ok('keep-alive').replace('200 OK', '206 Partial Content').replace('Length: 6', 'Length: 3').replace('Accept-Ranges: bytes', 'Content-Range: bytes 0-2/6')}web`],
    ['out of range', 'GET / HTTP/1.1\r\nHost: x\r\nRange: bytes=100-\r\n\r\n', `${fail('416 Requested Range Not Satisfiable', 'keep-alive')}Content-Range: bytes */6\r\n\r\n${page('416 Requested Range Not Satisfiable')}`],
    ['not modified', 'GET / HTTP/1.1\r\nHost: x\r\nIf-Modified-Since: Sun, 22 Nov 2026 15:57:59 GMT\r\n\r\n', `HTTP/1.1 304 Not Modified\r\n${H}Last-Modified: Sun, 22 Nov 2026 15:57:59 GMT\r\nConnection: keep-alive\r\nETag: "6b031107-6"\r\n\r\n`],
    ['above the root', 'GET /../x HTTP/1.1\r\nHost: x\r\n\r\n', `${fail('400 Bad Request', 'close')}\r\n${page('400 Bad Request')}<closed>`],
    ['HTTP/0.9', 'GET /\r\n', 'web52\n<closed>'],
  ];
  const n = nginx();
  test.each(cases)('%s', (_name, asked, answer) => {
    expect(n.talk('client50', web, 80, asked).replace(/Date: [^\r]*/g, 'Date: D')).toBe(answer);
  });
  test('logs', () => {
    const text = n.host('web52').vfs.read('/var/log/nginx/access.log')!;
    expect(text.split('\n').slice(0, 6).map((l) => l.replace(/\[.*\]/, '[D]'))).toEqual([
      '192.168.4.50 - - [D] "GET / HTTP/1.0" 200 6 "-" "-"', '192.168.4.50 - - [D] "GET / HTTP/1.1" 200 6 "-" "-"', '192.168.4.50 - - [D] "HEAD / HTTP/1.1" 200 0 "-" "-"',
      '192.168.4.50 - - [D] "GET / HTTP/1.1" 200 6 "-" "-"', '192.168.4.50 - - [D] "GET / HTTP/1.1" 200 6 "-" "-"', '192.168.4.50 - - [D] "GET / HTTP/1.1" 400 157 "-" "-"',
    ]);
    expect(n.host('web52').vfs.read('/var/log/nginx/error.log')!.replace(/^.{19}/, 'D').replace(/\d+#\d+: \*\d+/, 'P').split('\n')[0]).toBe(
      'D [error] P open() "/var/www/html/no.html" failed (2: No such file or directory), client: 192.168.4.50, server: , request: "GET /no.html HTTP/1.1", host: "x"',
    );
  });
});

test('a changed page is served at once, and a fork serves too', () => {
  const n = nginx();
  const get = 'GET / HTTP/1.0\r\n\r\n';
  const body = (s: string): string => s.slice(s.indexOf('\r\n\r\n') + 4);
  expect(body(n.talk('client50', web, 80, get))).toBe('web52\n<closed>');
  n.host('web52').vfs.put('/var/www/html/index.html', 'new\n');
  expect(body(n.talk('client50', web, 80, get))).toBe('new\n<closed>');
  const copy = cloneState(n.host('web52'));
  expect(copy.vfs.read('/var/www/html/index.html')).toBe('new\n');
  expect(copy.daemons.size).toBe(1);
  copy.vfs.put('/var/www/html/index.html', 'fork\n');
  expect(n.host('web52').vfs.read('/var/www/html/index.html')).toBe('new\n');
});

describe('nginx control', () => {
  const bad = (text: string): string => {
    const n = hosts(debian12, LAN);
    n.host('web52').vfs.put('/tmp/t.conf', `${text}\n`);
    const r = n.exec('web52', (p) => nginxMain(p, ['-t', '-c', '/tmp/t.conf']), ['nginx']);
    return `${r.err.replace(/^\d.{18}/gm, 'D').replace(/\d+#\d+/g, 'P')}${r.status}`;
  };
  const said = (what: string): string => `D [emerg] P: ${what}\nnginx: configuration file /tmp/t.conf test failed\n1`;
  test.each([
    ['events { } http { server { listen 80 }', said('unexpected "}" in /tmp/t.conf:1')],
    ['events { } http { server { listen 80; root /x; }', said('unexpected end of file, expecting "}" in /tmp/t.conf:2')],
    ['events { } http { server { listen 80 default; listen 80; } }', said('a duplicate listen 0.0.0.0:80 in /tmp/t.conf:1')],
    ['events {} http { server { listen 1.2.3.4:80; } }', `nginx: the configuration file /tmp/t.conf syntax is ok\n${said('bind() to 1.2.3.4:80 failed (99: Cannot assign requested address)')}`],
    ['events {} http { server { listen 99999; } }', said('invalid port in "99999" of the "listen" directive in /tmp/t.conf:1')],
    ['http { }', `nginx: the configuration file /tmp/t.conf syntax is ok\n${said('no "events" section in configuration')}`],
    ['events {} http { server { listen 80; root; } }', said('invalid number of arguments in "root" directive in /tmp/t.conf:1')],
    ['events {} http { root /a; root /b; }', said('"root" directive is duplicate in /tmp/t.conf:1')],
    ['events {} listen 80;', said('"listen" directive is not allowed here in /tmp/t.conf:1')],
    ['events {} http { server { foo on; } }', said('unknown directive "foo" in /tmp/t.conf:1')],
    ['events {} http { sendfile maybe; }', said('invalid value "maybe" in "sendfile" directive, it must be "on" or "off" in /tmp/t.conf:1')],
    ['events {} http { include nofile; }', said('open() "/tmp/nofile" failed (2: No such file or directory) in /tmp/t.conf:1')],
    ['events {} http { access_log /nodir/x; server { } }', `nginx: the configuration file /tmp/t.conf syntax is ok\n${said('open() "/nodir/x" failed (2: No such file or directory)')}`],
    ['events {} http { root "x; }', said('unexpected end of file, expecting ";" or "}" in /tmp/t.conf:2')],
  ])('%s', (text, answer) => {
    expect(bad(text)).toBe(answer);
  });
  test('start twice, signals, stop', () => {
    const n = nginx();
    const host = n.host('web52');
    const again = n.exec('web52', (p) => nginxMain(p, []), ['nginx']);
    expect(again).toEqual({ out: '', err: `${'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n'.repeat(5)}nginx: [emerg] still could not bind()\n`, status: 1 });
    expect([...host.procs.values()].map((p) => p.argv.join(' '))).toEqual(['nginx: master process nginx', 'nginx: worker process']);
    const master = [...host.procs.values()][0]!;
    host.kill([...host.procs.values()][1]!, SIG.KILL);
    n.run(0);
    expect([...host.procs.values()].map((p) => p.comm)).toEqual(['nginx', 'nginx']);
    expect(host.vfs.read('/run/nginx.pid')).toBe(`${master.pid}\n`);
    const signal = (): string => n.exec('web52', (p) => nginxMain(p, ['-s', 'stop'])).err.replace(/^.{19}/gm, 'D').replace(/\d+#\d+/g, 'P');
    expect(signal()).toBe('D [notice] P: signal process started\n');
    n.run(0);
    expect(host.procs.size).toBe(0);
    expect(signal()).toBe('D [notice] P: signal process started\nD [error] P: open() "/run/nginx.pid" failed (2: No such file or directory)\n');
    expect(n.talk('client50', web, 80, 'GET / HTTP/1.0\r\n\r\n')).toBe('');
  });
});

describe('Apache', () => {
  const n = hosts(el, LAN);
  const v = n.host('web52').vfs;
  v.put('/var/www/html/test.html', 'web52\n');
  v.utimes(null, '/var/www/html/test.html', null, 0x6b031107);
  const r = n.exec('web52', (p) => httpdMain(p, ['-DFOREGROUND']), ['/usr/sbin/httpd', '-DFOREGROUND']);
  test('starts', () => {
    expect(r).toEqual({
      out: '',
      err: "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 192.168.4.52. Set the 'ServerName' directive globally to suppress this message\n",
      status: 0,
    });
  });
  const H = 'Date: D\r\nServer: Apache/2.4.6 (CentOS)\r\n';
  const body = (title: string, text: string): string => `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${title}</title>\n</head><body>\n<h1>${title.slice(4)}</h1>\n${text}</body></html>\n`;
  test.each([
    ['page', 'GET /test.html HTTP/1.1\r\nHost: x\r\n\r\n', `HTTP/1.1 200 OK\r\n${H}Last-Modified: Sun, 22 Nov 2026 15:57:59 GMT\r\nETag: "6-${(0x6b031107 * 1e6).toString(16)}"\r\nAccept-Ranges: bytes\r\nContent-Length: 6\r\nContent-Type: text/html; charset=UTF-8\r\n\r\nweb52\n<closed>`],
    ['missing', 'GET /x HTTP/1.0\r\n\r\n', `HTTP/1.1 404 Not Found\r\n${H}Content-Length: ${body('404 Not Found', '<p>The requested URL /x was not found on this server.</p>\n').length}\r\nConnection: close\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n${body('404 Not Found', '<p>The requested URL /x was not found on this server.</p>\n')}<closed>`],
  ])('%s', (_name, asked, answer) => {
    n.talk('client50', web, 80, asked);
    const got = n.talk('client50', web, 80, asked).replace(/Date: [^\r]*/g, 'Date: D');
    expect(got.replace(/<closed>$/, '')).toBe(answer.replace(/<closed>$/, ''));
  });
  test('welcome page, log and idle end', () => {
    expect(n.talk('client50', web, 80, 'GET / HTTP/1.0\r\n\r\n').split('\r\n')[0]).toBe('HTTP/1.1 403 Forbidden');
    expect(v.read('/var/log/httpd/access_log')!.split('\n')[0]!.replace(/\[.*\]/, '[D]')).toBe('192.168.4.50 - - [D] "GET /test.html HTTP/1.1" 200 6 "-" "-"');
  });
  test('bad configuration', () => {
    v.put('/etc/httpd/conf.d/x.conf', '\nLisen 81\n');
    expect(n.exec('web52', (p) => httpdMain(p, ['-t']))).toEqual({
      out: '', status: 1,
      err: "AH00526: Syntax error on line 2 of /etc/httpd/conf.d/x.conf:\nInvalid command 'Lisen', perhaps misspelled or defined by a module not included in the server configuration\n",
    });
  });
  test('ProxyPass: the page of another host, its absence, and a host that refuses', () => {
    const p = hosts(el, { lan: { client50: '192.168.4.50/24', web52: '192.168.4.52/24', data60: '192.168.4.60/24' } });
    p.host('web52').vfs.put('/etc/httpd/conf.d/shop.conf', 'ServerName web52\nProxyPass /shop/ http://192.168.4.60/goods/\n');
    p.host('data60').vfs.put('/etc/httpd/conf.d/name.conf', 'ServerName data60\n');
    p.host('data60').vfs.put('/var/www/html/goods/price.html', '666\n');
    for (const h of ['web52', 'data60']) expect(p.exec(h, (q) => httpdMain(q, []))).toEqual({ out: '', err: '', status: 0 });
    const ask = (path: string): string => p.talk('client50', web, 80, `GET ${path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`).replace(/(Date|Last-Modified|ETag): [^\r]*\r\n/g, '');
    expect(ask('/shop/price.html')).toBe('HTTP/1.1 200 OK\r\nServer: Apache/2.4.6 (CentOS)\r\nAccept-Ranges: bytes\r\nContent-Length: 4\r\nContent-Type: text/html; charset=UTF-8\r\nConnection: close\r\n\r\n666\n<closed>');
    p.host('data60').vfs.put('/var/www/html/goods/price.html', '777\n');
    expect(ask('/shop/price.html')).toContain('\r\n\r\n777\n');
    expect(ask('/shop/nothing').split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
    expect(ask('/price.html').split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
    const seen = (h: string): string[] => p.host(h).vfs.read('/var/log/httpd/access_log')!.trimEnd().split('\n').map((l) => l.replace(/\[.*\]/, '[D]'));
    expect([seen('web52')[0], seen('data60')[0]]).toEqual(['192.168.4.50 - - [D] "GET /shop/price.html HTTP/1.1" 200 4 "-" "-"', '192.168.4.52 - - [D] "GET /goods/price.html HTTP/1.1" 200 4 "-" "-"']);
    p.exec('data60', (q) => httpdMain(q, ['-k', 'stop']));
    p.run(2);
    expect(ask('/shop/price.html')).toContain('HTTP/1.1 503 Service Unavailable\r\n');
    p.host('web52').vfs.put('/etc/httpd/conf.d/shop.conf', 'ProxyPass / http://data60/\n');
    expect(p.exec('web52', (q) => httpdMain(q, ['-t']))).toMatchObject({ status: 64, err: expect.stringContaining('only http://ADDRESS[:PORT]/ without parameters is modelled') });
  });
  test('an address and all addresses on one port', () => {
    const other = hosts(el, LAN);
    other.host('web52').vfs.put('/etc/httpd/conf.d/listen.conf', 'ServerName web52\nListen 192.168.4.52:80\n');
    expect(other.exec('web52', (p) => httpdMain(p, []))).toEqual({
      out: '', status: 1,
      err: '(98)Address already in use: AH00072: make_sock: could not bind to address 192.168.4.52:80\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n',
    });
  });
});

test('a directive that would show on Linux and changes nothing here is warned of, with its place', () => {
  const n = nginx();
  n.host('web52').vfs.put('/etc/nginx/nginx.conf', CONF.replace('  keepalive_timeout', '  gzip on;\n  keepalive_timeout'));
  const r = n.exec('web52', (p) => nginxMain(p, ['-t']), ['nginx', '-t']);
  expect([r.out, r.err.replace(/^.*\[warn\] \d+#\d+/, 'WARN'), r.status]).toEqual([
    '',
    'WARN: "gzip on" exists on Linux but is not modelled in LVS Lab: it changes nothing in /etc/nginx/nginx.conf:10\nnginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n',
    0,
  ]);
});

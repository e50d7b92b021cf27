// What curl sends: the head of a request, and from which address and port. Counterpart: curl's lib/http.c (Curl_http), lib/connect.c (bindlocal).
import { gethostbyname } from '../../host/resolve';
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { selectSource } from '../../kernel/ipv4/source';
import type { Ip } from '../../wire/packet';
import { base64 } from './http_client';
import type { Config } from './options';
import { CurlError } from './screen';
import type { Url } from './url';

/** Request head for one URL. */
export function requestHead(c: Config, uploads: boolean, url: Url, method: string, withBody: number | null): Bytes {
  const custom = c.headers.map((h) => {
    const m = /^([^:;]+)([:;])\s*(.*)$/.exec(h);
    return m === null ? null : { name: m[1]!.trim(), value: m[3]!, empty: m[2] === ';' };
  });
  const said = (name: string): boolean => custom.some((h) => h !== null && h.name.toLowerCase() === name);
  const host = custom.find((h) => h !== null && h.name.toLowerCase() === 'host');
  const port = url.port === (url.scheme === 'https' ? 443 : 80) ? '' : `:${url.port}`;
  let text = `${method} ${url.path} HTTP/${c.flags.has('http1.0') ? '1.0' : '1.1'}\r\n`;
  const put = (name: string, value: Bytes): void => {
    if (!said(name.toLowerCase())) text += `${name}: ${value}\r\n`;
  };
  if (host) text += host.value === '' ? '' : `Host: ${host.value}\r\n`;
  else text += `Host: ${url.host}${port}\r\n`;
  const user = c.values.get('user') ?? (url.user === '' ? undefined : url.user);
  if (user !== undefined) put('Authorization', `Basic ${base64(user.includes(':') ? user : `${user}:`)}`);
  const range = c.values.get('range');
  if (range !== undefined) put('Range', `bytes=${range}`);
  const agent = c.values.get('user-agent') ?? 'curl/7.88.1';
  if (agent !== '') put('User-Agent', agent);
  put('Accept', '*/*');
  if (c.flags.has('compressed')) put('Accept-Encoding', 'deflate, gzip, br, zstd');
  const referer = c.values.get('referer');
  if (referer !== undefined) put('Referer', referer);
  const cookie = c.values.get('cookie');
  if (cookie !== undefined) put('Cookie', cookie);
  for (const h of custom) {
    if (h === null || h.name.toLowerCase() === 'host') continue;
    if (h.value !== '') text += `${h.name}: ${h.value}\r\n`;
    else if (h.empty) text += `${h.name}:\r\n`;
  }
  if (withBody !== null) {
    put('Content-Length', String(withBody));
    if (method !== 'PUT' && !uploads) put('Content-Type', 'application/x-www-form-urlencoded');
  }
  return `${text}\r\n`;
}

/** Source address and ports of --interface and --local-port. */
export function localEnd(p: Process, c: Config): { src: Ip; ports: [number, number] | null } {
  const k = p.host.kernel;
  const name = c.values.get('interface');
  let src = 0;
  if (name !== undefined) {
    const plain = name.replace(/^(if|host)!/, '');
    const dev = name.startsWith('host!') ? undefined : k.devByName(plain);
    const ip = dev !== undefined ? selectSource(k, dev, 0) : gethostbyname(p, plain);
    if (ip === null || ip === 0) throw new CurlError(45, `Couldn't bind to '${plain}'`);
    src = ip;
  }
  const m = /^(\d+)(?:-(\d+))?$/.exec(c.values.get('local-port') ?? '');
  return { src, ports: m === null ? null : [Number(m[1]), Number(m[2] ?? m[1])] };
}

// nginx's variables, where a directive's text has them. Counterpart: ngx_http_variables.c.
import type { Bytes } from '../../lib/text';
import { addressText } from '../../wire/ipv6';
import { normalPath } from './http';
import type { Asked } from './http_find';

/** What is known of a request besides what was asked: how it was answered, and by whom. */
export interface Answered {
  status: number;
  bytesSent: number;
  bodyBytes: number;
  upstream: Bytes;
  upstreamStatus: Bytes;
  /** Local time as the combined log writes it. */
  time: Bytes;
}

const NAMES = [
  'remote_addr', 'remote_port', 'remote_user', 'host', 'hostname', 'http_host', 'server_name', 'server_addr', 'server_port', 'server_protocol', 'scheme', 'request', 'request_method', 'request_uri', 'uri',
  'document_uri', 'args', 'query_string', 'is_args', 'status', 'bytes_sent', 'body_bytes_sent', 'time_local', 'content_length', 'content_type', 'proxy_host', 'proxy_add_x_forwarded_for', 'upstream_addr', 'upstream_status', 'pid', 'nginx_version',
];

/** The first variable of a text that is not known here; null when all are. */
export function unknownVariable(text: Bytes): Bytes | null {
  for (const m of text.matchAll(/\$\{?([a-z0-9_]+)\}?/gi)) if (!NAMES.includes(m[1]!) && !/^(?:http_|arg_|\d$)/.test(m[1]!)) return m[1]!;
  return null;
}

/** A text with its variables; an empty one is '' (in a log '-'). `groups`: what a regular expression found. */
export function expandVariables(text: Bytes, a: Asked, more: { answered?: Answered; proxyHost?: Bytes; groups?: readonly (string | undefined)[]; empty?: Bytes } = {}): Bytes {
  return text.replace(/\$(?:\{([a-z0-9_]+)\}|([a-z0-9_]+))/gi, (_whole, x: string | undefined, y: string | undefined) => variable((x ?? y)!, a, more) || (more.empty ?? ''));
}

function variable(name: string, a: Asked, more: { answered?: Answered; proxyHost?: Bytes; groups?: readonly (string | undefined)[] }): Bytes {
  const { request } = a;
  const header = (h: string): Bytes => request.headers.get(h)?.[0] ?? '';
  const client = addressText(a.client, a.host.world.ip6);
  const normal = normalPath(request.target);
  const done = more.answered;
  if (/^\d$/.test(name)) return more.groups?.[Number(name)] ?? '';
  if (name.startsWith('http_') && name !== 'http_host') return header(name.slice(5).replaceAll('_', '-'));
  if (name.startsWith('arg_')) return new RegExp(`[?&]${name.slice(4)}=([^&]*)`).exec(normal?.query ?? '')?.[1] ?? '';
  switch (name) {
    case 'remote_addr': return client;
    case 'remote_port': return String(a.clientPort);
    case 'host': return (header('host') || a.site.names[0] || a.localAddress).replace(/:\d*$/, '').toLowerCase();
    case 'hostname': return a.host.kernel.hostname;
    case 'http_host': return header('host');
    case 'server_name': return a.site.names[0] ?? '';
    case 'server_addr': return a.localAddress;
    case 'server_port': return String(a.localPort);
    case 'server_protocol': return request.version === 9 ? 'HTTP/0.9' : `HTTP/1.${request.version - 10}`;
    case 'scheme': return 'http';
    case 'request': return request.line;
    case 'request_method': return request.method;
    case 'request_uri': return request.target;
    case 'uri': case 'document_uri': return normal?.path ?? '';
    case 'args': case 'query_string': return (normal?.query ?? '').slice(1);
    case 'is_args': return (normal?.query ?? '') === '' ? '' : '?';
    case 'content_length': return header('content-length');
    case 'content_type': return header('content-type');
    case 'proxy_host': return more.proxyHost ?? '';
    case 'proxy_add_x_forwarded_for': return header('x-forwarded-for') === '' ? client : `${header('x-forwarded-for')}, ${client}`;
    case 'upstream_addr': return done?.upstream ?? '';
    case 'upstream_status': return done?.upstreamStatus ?? '';
    case 'status': return done === undefined ? '' : String(done.status);
    case 'bytes_sent': return String(done?.bytesSent ?? 0);
    case 'body_bytes_sent': return String(done?.bodyBytes ?? 0);
    case 'time_local': return done?.time ?? '';
    case 'pid': return String(a.worker?.pid ?? 0);
    case 'nginx_version': return '1.22.1';
    default: return '';
  }
}

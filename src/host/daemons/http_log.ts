// Lines of the access and error logs of either server. Counterpart: ngx_http_log_module.c and nginx's error log, Apache's mod_log_config.c and server/log.c.
import type { Bytes } from '../../lib/text';
import { tcpRemote } from '../../kernel/ipv4/tcp';
import { addressText } from '../../wire/ipv6';
import type { Host } from '../host';
import type { HttpRequest } from './http';
import { apacheDate, nginxDate } from './http_dates';
import type { Asked } from './http_find';
import type { Upstream } from './http_proxy';
import type { Reply } from './http_reply';
import { expandVariables } from './nginx_vars';

type Program = 'nginx' | 'httpd';

function quoted(program: Program, s: Bytes | undefined): Bytes {
  if (s === undefined || s === '') return '-';
  return s.replace(/["\\\x00-\x1f\x7f-\xff]/g, (c) => (program === 'nginx' ? `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : c === '"' || c === '\\' ? `\\${c}` : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));
}

/** Combined log format from the request line on. */
export function logTail(program: Program, request: HttpRequest, reply: Reply): Bytes {
  const bytes = program === 'httpd' && reply.bodyBytes === 0 ? '-' : String(reply.bodyBytes);
  // nginx had not read the headers of a bad request when it gave up.
  const bare = program === 'nginx' && (reply.status === 400 || reply.status === 505);
  const header = (name: string): Bytes => quoted(program, bare ? undefined : request.headers.get(name)?.[0]);
  return `"${request.line === '' ? (program === 'nginx' ? '' : '-') : quoted(program, request.line)}" ${reply.status} ${bytes} "${header('referer')}" "${header('user-agent')}"\n`;
}

/** A line in a format of log_format's. */
export function formattedLine(format: Bytes, a: Asked, reply: Reply, time: Bytes, up: Upstream | null): Bytes {
  const sent = reply.head === '' ? reply.rest.length : reply.head.length + 29 + reply.rest.length;
  const answered = { status: reply.status, bytesSent: sent, bodyBytes: reply.bodyBytes, upstream: up?.passing?.tried.join(', ') ?? '', upstreamStatus: up?.passing?.statuses.join(', ') ?? '', time };
  return `${expandVariables(format, a, { answered, empty: '-' })}\n`;
}

/** A line for the error log about a connection's request; `url`: the server it was handed on to. */
export function errorLine(host: Host, program: Program, pid: number, sock: number, a: Asked, text: Bytes, level: 'error' | 'warn' = 'error', url: Bytes = ''): Bytes {
  const client = addressText(tcpRemote(host.kernel, sock), host.world.ip6);
  const now = host.vfs.now();
  if (program === 'httpd') return `[${apacheDate(now)}] [core:error] [pid ${pid}] [client ${client}:${host.kernel.tcp.ports[sock]! & 0xffff}] ${text}\n`;
  const named = a.request.headers.get('host')?.[0];
  return `${nginxDate(now)} [${level}] ${pid}#${pid}: *${sock + 1} ${text}, client: ${client}, server: ${a.site.names[0] ?? ''}, request: "${a.request.line}"${url === '' ? '' : `, upstream: "${url}"`}${named === undefined ? '' : `, host: "${named}"`}\n`;
}

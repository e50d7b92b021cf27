// curl's -w: variables of a finished transfer. Counterpart: curl's src/tool_writeout.c.
// Not modelled: %{json}, %{header_json}, certificates.
import type { Bytes } from '../../lib/text';

/** What a transfer leaves behind for -w. */
export interface Outcome {
  exit: number;
  error: string;
  status: number;
  url: Bytes;
  effectiveUrl: Bytes;
  method: string;
  scheme: string;
  contentType: Bytes;
  localIp: string;
  localPort: number;
  remoteIp: string;
  remotePort: number;
  connects: number;
  redirects: number;
  redirectUrl: Bytes;
  filename: Bytes;
  sizeDownload: number;
  sizeUpload: number;
  sizeHeader: number;
  sizeRequest: number;
  headers: readonly (readonly [Bytes, Bytes])[];
  urlIndex: number;
  httpVersion: string;
  /** Times from the start, us; 0 when the point was not reached. */
  lookup: number;
  connect: number;
  pretransfer: number;
  startTransfer: number;
  redirectTime: number;
  total: number;
}

const seconds = (us: number): string => `${Math.floor(us / 1e6)}.${String(Math.floor(us % 1e6)).padStart(6, '0')}`;
const three = (n: number): string => String(n).padStart(3, '0');

const VARIABLES: Readonly<Record<string, (o: Outcome) => string>> = {
  content_type: (o) => o.contentType,
  errormsg: (o) => o.error,
  exitcode: (o) => String(o.exit),
  filename_effective: (o) => o.filename,
  ftp_entry_path: () => '',
  http_code: (o) => three(o.status),
  http_connect: () => '000',
  http_version: (o) => o.httpVersion,
  local_ip: (o) => o.localIp,
  local_port: (o) => String(o.localPort),
  method: (o) => o.method,
  num_certs: () => '0',
  num_connects: (o) => String(o.connects),
  num_headers: (o) => String(o.headers.length),
  num_redirects: (o) => String(o.redirects),
  proxy_ssl_verify_result: () => '0',
  redirect_url: (o) => o.redirectUrl,
  referer: () => '',
  remote_ip: (o) => o.remoteIp,
  remote_port: (o) => String(o.remotePort),
  response_code: (o) => three(o.status),
  scheme: (o) => o.scheme.toUpperCase(),
  size_download: (o) => String(o.sizeDownload),
  size_header: (o) => String(o.sizeHeader),
  size_request: (o) => String(o.sizeRequest),
  size_upload: (o) => String(o.sizeUpload),
  speed_download: (o) => String(o.total > 0 ? Math.floor((o.sizeDownload * 1e6) / o.total) : 0),
  speed_upload: (o) => String(o.total > 0 ? Math.floor((o.sizeUpload * 1e6) / o.total) : 0),
  ssl_verify_result: () => '0',
  time_appconnect: () => seconds(0),
  time_connect: (o) => seconds(o.connect),
  time_namelookup: (o) => seconds(o.lookup),
  time_pretransfer: (o) => seconds(o.pretransfer),
  time_redirect: (o) => seconds(o.redirectTime),
  time_starttransfer: (o) => seconds(o.startTransfer),
  time_total: (o) => seconds(o.total),
  url: (o) => o.url,
  urlnum: (o) => String(o.urlIndex),
  url_effective: (o) => o.effectiveUrl,
};

/** Pieces of output, each for standard output (1) or standard error (2). */
export function writeOut(format: Bytes, o: Outcome): { fd: 1 | 2; text: Bytes }[] {
  const parts: { fd: 1 | 2; text: Bytes }[] = [];
  let fd: 1 | 2 = 1;
  const put = (text: Bytes, to: 1 | 2 = fd): void => {
    const last = parts.at(-1);
    if (last !== undefined && last.fd === to) last.text += text;
    else parts.push({ fd: to, text });
  };
  for (let i = 0; i < format.length; i++) {
    const c = format[i]!;
    if (c === '\\' && i + 1 < format.length) {
      const n = format[++i]!;
      put(n === 'n' ? '\n' : n === 't' ? '\t' : n === 'r' ? '\r' : `\\${n}`);
    } else if (c === '%' && format[i + 1] === '%') {
      put('%');
      i++;
    } else if (c === '%' && format[i + 1] === '{') {
      const end = format.indexOf('}', i);
      if (end < 0) {
        put('%{');
        i++;
        continue;
      }
      const name = format.slice(i + 2, end);
      i = end;
      const variable = VARIABLES[name];
      if (name === 'stderr') fd = 2;
      else if (name === 'stdout') fd = 1;
      else if (name === 'onerror') {
        if (o.exit === 0) break;
      } else if (name === 'json' || name === 'header_json') put(`curl: variable %{${name}} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, 2);
      else if (variable === undefined) put(`curl: unknown --write-out variable: '${name}'\n`, 2);
      else put(variable(o));
    } else if (c === '%' && format.startsWith('%header{', i)) {
      const end = format.indexOf('}', i);
      const name = format.slice(i + 8, end < 0 ? format.length : end).toLowerCase();
      put(o.headers.find(([n]) => n.toLowerCase() === name)?.[1] ?? '');
      i = end < 0 ? format.length : end;
    } else put(c);
  }
  return parts;
}

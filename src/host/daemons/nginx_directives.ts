// Which directives nginx 1.22 knows, where each may stand, and which this server takes. Data for nginx_conf.ts.

export type Context = 'main' | 'events' | 'http' | 'server' | 'location' | 'types' | 'upstream';

/** Contexts, number of arguments (min, max), and what a value must be. */
export interface Spec {
  in: readonly Context[];
  min: number;
  max: number;
  kind?: 'flag' | 'number' | 'block' | 'size';
  /** May be said once in a block. */
  once?: boolean;
  /** Exists in nginx, not here. */
  modelled?: false;
  /** True for arguments that would show on Linux and change nothing here: nginx warns of it. */
  idle?: (args: readonly string[]) => boolean;
}

const HSL: readonly Context[] = ['http', 'server', 'location'];
const HS: readonly Context[] = ['http', 'server'];
const no = (where: readonly Context[]): Spec => ({ in: where, min: 0, max: 99, modelled: false });
const flag = (where: readonly Context[]): Spec => ({ in: where, min: 1, max: 1, kind: 'flag', once: true });
const word = (where: readonly Context[], min = 1, max = 1): Spec => ({ in: where, min, max, once: true });
const many = (where: readonly Context[], min = 1, max = 99): Spec => ({ in: where, min, max });

/** Understood, and without effect here; nginx -t says so. */
const idle = (where: readonly Context[]): Spec => ({ ...word(where), idle: () => true });

/** Directives that change what is served, and those that a server of this size may take without effect (buffers, threads, TLS parameters aside). */
export const DIRECTIVES: Readonly<Record<string, Spec>> = {
  events: { in: ['main'], min: 0, max: 0, kind: 'block' }, http: { in: ['main'], min: 0, max: 0, kind: 'block' }, server: { in: ['http'], min: 0, max: 0, kind: 'block' },
  location: { in: ['server', 'location'], min: 1, max: 2, kind: 'block' }, types: { in: HSL, min: 0, max: 0, kind: 'block' },
  include: { in: ['main', 'events', 'http', 'server', 'location', 'types'], min: 1, max: 1 },
  user: word(['main'], 1, 2), worker_processes: word(['main']), pid: word(['main']), error_log: many(['main', ...HSL], 1, 2), daemon: flag(['main']), master_process: flag(['main']),
  worker_rlimit_nofile: { in: ['main'], min: 1, max: 1, kind: 'number', once: true }, worker_connections: { in: ['events'], min: 1, max: 1, kind: 'number', once: true },
  multi_accept: flag(['events']), use: word(['events']), accept_mutex: flag(['events']), worker_priority: word(['main']), worker_cpu_affinity: word(['main'], 1, 99),
  listen: many(['server'], 1, 9), server_name: many(['server'], 1, 99), root: word(HSL), alias: word(['location']), index: many(HSL), autoindex: flag(HSL),
  default_type: word(HSL), access_log: many(HSL, 1, 3), keepalive_timeout: word(HSL, 1, 2), keepalive_requests: { in: HSL, min: 1, max: 1, kind: 'number', once: true },
  return: word(['server', 'location'], 1, 2), try_files: word(['server', 'location'], 2, 99), error_page: many(HSL, 2, 99), charset: word(HSL), server_tokens: word(HSL),
  sendfile: flag(HSL), tcp_nopush: flag(HSL), tcp_nodelay: flag(HSL), types_hash_max_size: { in: HSL, min: 1, max: 1, kind: 'number', once: true },
  types_hash_bucket_size: { in: HSL, min: 1, max: 1, kind: 'number', once: true }, server_names_hash_bucket_size: { in: ['http'], min: 1, max: 1, kind: 'number', once: true },
  client_max_body_size: word(HSL), client_body_timeout: idle(HSL), client_header_timeout: idle(HS), send_timeout: idle(HSL), log_not_found: { ...flag(HSL), idle: (args) => args[0] === 'off' }, deny: many(HSL, 1, 1), allow: many(HSL, 1, 1),
  reset_timedout_connection: flag(HSL), log_format: many(['http'], 2, 99), gzip: { ...flag(HSL), idle: (args) => args[0] === 'on' }, gzip_types: many(HSL), gzip_vary: flag(HSL), gzip_min_length: word(HSL), gzip_comp_level: word(HSL), gzip_proxied: many(HSL), gzip_disable: many(HSL), ssl_protocols: many(HS), ssl_prefer_server_ciphers: flag(HS),
  proxy_pass: { in: ['location'], min: 1, max: 1, once: true }, upstream: { in: ['http'], min: 1, max: 1, kind: 'block' }, proxy_connect_timeout: word(HSL), proxy_read_timeout: word(HSL), proxy_send_timeout: idle(HSL), proxy_http_version: word(HSL),
  proxy_buffering: { ...flag(HSL), idle: (args) => args[0] === 'off' }, proxy_buffers: many(HSL, 2, 2), proxy_buffer_size: word(HSL), proxy_next_upstream: no(HSL), proxy_redirect: no(HSL), proxy_cache: no(HSL), proxy_hide_header: no(HSL), proxy_ssl_verify: no(HSL), proxy_bind: no(HSL),
  rewrite: no(HSL), if: no(['server', 'location']), set: no(['server', 'location']), fastcgi_pass: no(HSL), ssl_certificate: no(HS), ssl_certificate_key: no(HS),
  stream: no(['main']), map: no(['http']), geo: no(['http']), split_clients: no(['http']), limit_req: no(HSL), limit_req_zone: no(['http']), limit_conn: no(HSL), limit_rate: no(HSL), add_header: many(HSL, 2, 3), expires: no(HSL),
  auth_basic: no(HSL), auth_basic_user_file: no(HSL), stub_status: no(HSL), sub_filter: no(HSL), proxy_set_header: many(HSL, 2, 2), limit_except: no(['location']), internal: { in: ['location'], min: 0, max: 0, once: true }, env: no(['main']), load_module: no(['main']),
};

// nginx.conf: tokens, contexts and the messages of a bad one. Counterpart: nginx 1.22 src/core/ngx_conf_file.c.
import type { Bytes } from '../../lib/text';
import { parseIp } from '../../wire/ipv4';
import { shellGlob } from './glob';
import { ConfigError, type ConfigResult, type HttpConfig, type HttpLocation, type HttpSite } from './http_config';
import { type Context, DIRECTIVES } from './nginx_directives';
import { checkRegex, type ConfigFiles, readListen } from './nginx_listen';
import { inherit, proxyPass, sharedLine, time, upstreamLine } from './nginx_proxy_conf';
import { type Directive, Tokens } from './nginx_tokens';
import type { PeerGroup } from './nginx_upstream';
import { unknownVariable } from './nginx_vars';

interface Scope {
  context: Context;
  said: Set<string>;
  site: HttpSite | null;
  location: HttpLocation | null;
  upstream?: PeerGroup;
}

/** Parses nginx.conf and all it includes. */
export function parseNginx(files: ConfigFiles, path: Bytes): ConfigResult {
  const parser = new Parser(files, path);
  try {
    return { config: parser.run() };
  } catch (e) {
    if (e instanceof ConfigError) return { error: e.text, notModelled: e.notModelled };
    throw e;
  }
}

class Parser {
  private readonly config: HttpConfig = {
    sites: [], types: {}, defaultType: 'text/plain', charset: '', errorLog: '', pidFile: '/run/nginx.pid', user: 'www-data', keepaliveSec: 75, keepaliveMax: 1000, directories: [],
    serverName: '', workers: 1, complaint: '', warnings: [],
  };
  private readonly http: HttpLocation = { exact: false, path: '' };
  private httpLog: Bytes | null = null;
  private httpFormat: Bytes | undefined;
  private readonly formats: Record<Bytes, Bytes> = {};
  /** What can only be checked when every group is known. */
  private readonly later: (() => void)[] = [];
  private readonly errorPages: Record<number, Bytes> = {};
  private events = false;
  private typesSet = false;

  constructor(
    private readonly files: ConfigFiles,
    private readonly main: Bytes,
  ) {}

  run(): HttpConfig {
    const text = this.files.read(this.main);
    if (text === null) throw new ConfigError(`open() "${this.main}" failed (2: No such file or directory)`);
    const scope: Scope = { context: 'main', said: new Set(), site: null, location: null };
    this.file(this.main, text, scope);
    if (!this.typesSet) this.config.types = { html: 'text/html', gif: 'image/gif', jpg: 'image/jpeg' };
    if (!this.events) this.config.complaint = 'no "events" section in configuration';
    return this.config;
  }

  private file(path: Bytes, text: Bytes, scope: Scope): void {
    const t = new Tokens(path, text);
    this.block(t, scope, true);
  }

  private block(t: Tokens, scope: Scope, top: boolean): void {
    for (;;) {
      const d = t.directive(top);
      if (d === null) return;
      this.directive(t, scope, d);
    }
  }

  private directive(t: Tokens, scope: Scope, d: Directive): void {
    const [name, ...args] = d.words as [Bytes, ...Bytes[]];
    if (scope.context === 'types' && name !== 'include') {
      if (d.block) throw t.error(`unexpected "{"`);
      for (const ext of args) this.config.types[ext] = name;
      return;
    }
    if (scope.upstream !== undefined) {
      if (d.block) throw t.error(`directive "${name}" is not terminated by ";"`);
      upstreamLine(t, scope.upstream, name, args, (host) => this.resolve(host), (text) => this.config.warnings.push(t.error(text).message));
      return;
    }
    const spec = DIRECTIVES[name];
    if (spec === undefined) throw t.error(`unknown directive "${name}"`);
    if (!spec.in.includes(scope.context)) throw t.error(`"${name}" directive is not allowed here`);
    if (spec.modelled === false) throw new ConfigError(`nginx: directive "${name}" exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);
    if (spec.kind === 'block' && !d.block) throw t.error(`directive "${name}" has no opening "{"`);
    if (spec.kind !== 'block' && d.block) throw t.error(`directive "${name}" is not terminated by ";"`);
    if (args.length < spec.min || args.length > spec.max) throw t.error(`invalid number of arguments in "${name}" directive`);
    if (spec.once) {
      if (scope.said.has(name)) throw t.error(`"${name}" directive is duplicate`);
      scope.said.add(name);
    }
    if (spec.kind === 'flag' && args[0] !== 'on' && args[0] !== 'off') throw t.error(`invalid value "${args[0]}" in "${name}" directive, it must be "on" or "off"`);
    if (spec.kind === 'number' && !/^\d+$/.test(args[0]!)) throw t.error(name === 'worker_connections' ? `invalid number "${args[0]}"` : `"${name}" directive invalid number`);
    if (spec.idle?.(args) === true) this.config.warnings.push(t.error(`"${name} ${args.join(' ')}" exists on Linux but is not modelled in LVS Lab: it changes nothing`).message);
    this.apply(t, scope, name, args);
  }

  private apply(t: Tokens, scope: Scope, name: Bytes, args: Bytes[]): void {
    const c = this.config;
    const first = args[0] ?? '';
    // What http, server and location share is set on the innermost that is open.
    const place: HttpLocation = scope.location ?? (scope.site === null ? this.http : (scope.site as unknown as HttpLocation));
    const fresh = (key: string): boolean => !scope.said.has(key) && scope.said.add(key) !== undefined;
    if (sharedLine(t, place, name, args, fresh)) return;
    switch (name) {
      case 'upstream': {
        const groups = (c.upstreams ??= {});
        if (groups[first] !== undefined) throw t.error(`duplicate upstream "${first}"`);
        const upstream: PeerGroup = { name: first, method: 'round_robin', peers: [] };
        groups[first] = upstream;
        this.block(t, { context: 'upstream', said: new Set(), site: null, location: null, upstream }, false);
        if (upstream.peers.length === 0) throw t.error('no servers are inside upstream');
        return;
      }
      case 'proxy_pass':
        proxyPass(t, place, first, (c.upstreams ??= {}), this.later, (host) => this.resolve(host));
        return;
      case 'internal':
      case 'server_tokens':
        if (name === 'internal') place.internal = true;
        else c.quiet = first === 'off';
        return;
      case 'log_format': {
        const text = args.slice(1).filter((w) => !w.startsWith('escape=')).join('');
        const unknown = unknownVariable(text);
        if (unknown !== null) throw new ConfigError(`nginx: variable "$${unknown}" exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);
        if (this.formats[first] !== undefined) throw t.error(`duplicate "log_format" name "${first}"`);
        this.formats[first] = text;
        return;
      }
      case 'events':
        this.events = true;
        this.block(t, { context: 'events', said: new Set(), site: null, location: null }, false);
        return;
      case 'http':
        this.httpBlock(t);
        return;
      case 'server':
        this.serverBlock(t);
        return;
      case 'location':
        this.locationBlock(t, scope, args);
        return;
      case 'types':
        if (!this.typesSet) c.types = {};
        this.typesSet = true;
        this.block(t, { context: 'types', said: new Set(), site: null, location: null }, false);
        return;
      case 'include':
        this.include(t, scope, first);
        return;
      case 'listen':
        readListen(t, scope.site!, args, this.files, this.config.sites);
        return;
      case 'server_name':
        scope.site!.names.push(...args);
        return;
      case 'root':
        place.root = absolute(first.replace(/(.)\/$/, '$1'), '/usr/share/nginx/');
        return;
      case 'alias':
        place.alias = absolute(first, '/usr/share/nginx/');
        return;
      case 'index':
        place.index = scope.said.has('index') ? [...(place.index ?? []), ...args] : args;
        scope.said.add('index');
        return;
      case 'autoindex':
        place.autoindex = first === 'on';
        return;
      case 'return': {
        const code = Number(first);
        if (!/^\d{1,3}$/.test(first)) {
          if (args.length === 2 || !/^(https?:\/\/|\$scheme)/.test(first)) throw t.error(`invalid return code "${first}"`);
          place.returns = { code: 302, text: first };
        } else place.returns = { code, text: args[1] ?? '' };
        return;
      }
      case 'try_files':
        place.tryFiles = args;
        return;
      case 'error_page':
        for (const code of args.slice(0, -1)) {
          if (/^=\d*$/.test(code) || args.at(-1)!.startsWith('@')) throw new ConfigError(`nginx: error_page ${args.join(' ')} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);
          if (!/^\d{3}$/.test(code)) throw t.error(`invalid value "${code}"`);
          (scope.site?.errorPages ?? this.errorPages)[Number(code)] = args[args.length - 1]!;
        }
        return;
      case 'access_log': {
        const path = first === 'off' ? '' : absolute(first, '/usr/share/nginx/');
        const named = args[1];
        const format = named === undefined || named === 'combined' ? undefined : this.formats[named];
        if (named !== undefined && named !== 'combined' && format === undefined) throw t.error(`unknown log format "${named}"`);
        if (scope.site === null) [this.httpLog, this.httpFormat] = [path, format];
        else {
          scope.site.accessLog = path;
          if (format !== undefined) scope.site.logFormat = format;
        }
        return;
      }
      case 'error_log':
        if (scope.context === 'main' || c.errorLog === '') c.errorLog = first;
        return;
      case 'default_type':
        c.defaultType = first;
        return;
      case 'charset':
        c.charset = first === 'off' ? '' : first;
        return;
      case 'keepalive_timeout': {
        const seconds = time(first);
        if (seconds === null) throw t.error('"keepalive_timeout" directive invalid value');
        c.keepaliveSec = seconds;
        return;
      }
      case 'keepalive_requests':
        c.keepaliveMax = Number(first);
        return;
      case 'worker_processes':
        if (first !== 'auto' && !/^\d+$/.test(first)) throw t.error(`invalid value "${first}"`);
        c.workers = first === 'auto' ? 1 : Math.max(1, Math.min(64, Number(first)));
        return;
      case 'user':
        c.user = first;
        return;
      case 'pid':
        c.pidFile = absolute(first, '/usr/share/nginx/');
        return;
    }
  }

  private httpBlock(t: Tokens): void {
    const scope: Scope = { context: 'http', said: new Set(), site: null, location: null };
    this.block(t, scope, false);
    for (const check of this.later) check();
    for (const s of this.config.sites) {
      // What was said after or outside the servers is inherited where they are silent.
      if (s.root === '') s.root = this.http.root ?? '/usr/share/nginx/html';
      if (s.index.length === 0) s.index = this.http.index ?? ['index.html'];
      if (s.accessLog === '\0') {
        s.accessLog = this.httpLog ?? '/var/log/nginx/access.log';
        if (this.httpFormat !== undefined) s.logFormat = this.httpFormat;
      }
      inherit(s, this.http);
      for (const l of s.locations) inherit(l, s);
      s.errorPages = { ...this.errorPages, ...s.errorPages };
      s.autoindex = s.autoindex || this.http.autoindex === true;
    }
  }

  private serverBlock(t: Tokens): void {
    const site: HttpSite = { listens: [], names: [], root: '', index: [], autoindex: false, locations: [], returns: null, errorPages: {}, accessLog: '\0' };
    this.config.sites.push(site);
    this.block(t, { context: 'server', said: new Set(), site, location: null }, false);
    if (site.listens.length === 0) site.listens.push({ ip: 0, port: 80, isDefault: false });
  }

  private locationBlock(t: Tokens, scope: Scope, args: Bytes[]): void {
    const [mod, path] = args.length === 2 ? [args[0]!, args[1]!] : ['', args[0]!];
    if (mod === '~' || mod === '~*') checkRegex(t, path);
    else if (mod !== '' && mod !== '=' && mod !== '^~') throw t.error(`invalid location modifier "${mod}"`);
    const site = scope.site!;
    if (site.locations.some((l) => l.path === path && l.exact === (mod === '='))) throw t.error(`duplicate location "${path}"`);
    const location: HttpLocation = { exact: mod === '=', path, ...(mod.startsWith('~') ? { regex: mod === '~*' ? ('i' as const) : ('' as const) } : {}), ...(mod === '^~' ? { final: true } : {}) };
    site.locations.push(location);
    this.block(t, { context: 'location', said: new Set(), site, location }, false);
  }

  /** A host name in a configuration: /etc/hosts. */
  private resolve(name: Bytes): number | null {
    for (const line of (this.files.read('/etc/hosts') ?? '').split('\n')) {
      const [ip = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
      if (names.includes(name) && parseIp(ip) !== null) return parseIp(ip);
    }
    return null;
  }

  private include(t: Tokens, scope: Scope, pattern: Bytes): void {
    const full = absolute(pattern, `${this.main.slice(0, this.main.lastIndexOf('/'))}/`);
    const found = shellGlob(this.files, full);
    if (found === null) {
      const text = this.files.read(full);
      if (text === null) throw t.error(`open() "${full}" failed (2: No such file or directory)`);
      this.file(full, text, scope);
      return;
    }
    for (const path of found) {
      const text = this.files.read(path);
      if (text !== null) this.file(path, text, scope);
    }
  }
}

const absolute = (path: Bytes, prefix: Bytes): Bytes => (path.startsWith('/') ? path : prefix + path);

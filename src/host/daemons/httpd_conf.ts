// httpd.conf: directives, sections and the messages of a bad one. Counterpart: Apache httpd 2.4 server/config.c, server/core.c.
import type { Bytes } from '../../lib/text';
import { parseIp } from '../../wire/ipv4';
import { MIME } from '../images/base';
import { shellGlob } from './glob';
import { ConfigError, type ConfigResult, type HttpConfig, type HttpListen, type HttpSite } from './http_config';
import type { ConfigFiles } from './nginx_listen';

/** Directives that have no effect on what this server does, and how many arguments they take at least. */
const QUIET = new Set([
  'serverroot', 'user', 'group', 'serveradmin', 'loglevel', 'logformat', 'typesconfig', 'addtype', 'addhandler', 'addoutputfilter', 'enablesendfile', 'enablemmap', 'loadmodule', 'timeout',
  'serversignature', 'hostnamelookups', 'usecanonicalname', 'pidfile', 'mimemagicfile', 'addicon', 'addiconbytype', 'addiconbyencoding', 'defaulticon', 'readmename', 'headername', 'indexignore',
  'indexoptions', 'startservers', 'minspareservers', 'maxspareservers', 'maxclients', 'maxrequestworkers', 'maxrequestsperchild', 'maxconnectionsperchild', 'serverlimit', 'threadsperchild',
  'minsparethreads', 'maxsparethreads', 'allowoverride', 'order', 'traceenable', 'addlanguage', 'languagepriority', 'forcelanguagepriority', 'addencoding', 'addcharset', 'define', 'mutex', 'fileetag',
]);
/** Directives that exist and are not modelled. */
const NOT_MODELLED = new Set([
  'proxypassreverse', 'proxypreservehost', 'rewriteengine', 'rewriterule', 'rewritecond', 'sslengine', 'sslcertificatefile', 'authtype', 'authname', 'authuserfile', 'scriptalias', 'header', 'requestheader', 'setenvif',
  'setenv', 'expiresactive', 'deflatecompressionlevel', 'setoutputfilter', 'sethandler', 'action', 'balancermember', 'errorlogformat',
]);
const SECTIONS = new Set(['directory', 'directorymatch', 'files', 'filesmatch', 'location', 'locationmatch', 'ifmodule', 'ifdefine', 'ifversion', 'virtualhost', 'limit', 'limitexcept', 'requireall', 'requireany', 'proxy']);

interface Open {
  name: string;
  arg: Bytes;
  line: number;
}

/** Parses httpd.conf and all it includes. */
export function parseHttpd(files: ConfigFiles, path: Bytes, isDir: (path: Bytes) => boolean): ConfigResult {
  const main: HttpSite = { listens: [], names: [], root: '/usr/share/httpd/htdocs', index: ['index.html'], autoindex: false, locations: [], returns: null, errorPages: {}, accessLog: '' };
  const config: HttpConfig = {
    sites: [main], types: { ...MIME }, defaultType: '', charset: '', errorLog: '/var/log/httpd/error_log', pidFile: '/run/httpd/httpd.pid', user: 'apache', keepaliveSec: 5, keepaliveMax: 100,
    directories: [], serverName: '', workers: 5, complaint: '', warnings: [],
  };
  const open: Open[] = [];
  let root = '/etc/httpd';
  const listens: HttpListen[] = [];

  const one = (file: Bytes, text: Bytes): void => {
    const depth = open.length;
    const lines = text.split('\n');
    for (let i = 0; i < lines.length; i++) {
      const start = i + 1;
      let line = lines[i]!.trim();
      while (line.endsWith('\\') && i + 1 < lines.length) line = line.slice(0, -1) + lines[++i]!.trim();
      if (line === '' || line.startsWith('#')) continue;
      const fail = (what: Bytes): ConfigError => new ConfigError(`AH00526: Syntax error on line ${start} of ${file}:\n${what}\n`);
      if (line.startsWith('</')) {
        const name = line.slice(2).replace(/>.*/, '').trim();
        const top = open.pop();
        if (top === undefined || open.length < depth) throw fail(`</${name}> without matching <${name}> section`);
        if (top.name !== name.toLowerCase()) throw fail(`Expected </${sectionName(top)}> but saw </${name}>`);
        continue;
      }
      if (line.startsWith('<')) {
        const m = /^<(\w+)\s*([^>]*)(>?)/.exec(line);
        if (m === null || !SECTIONS.has(m[1]!.toLowerCase())) throw fail(`Invalid command '${line.split(/\s/)[0]}', perhaps misspelled or defined by a module not included in the server configuration`);
        if (m[3] === '') throw fail(`<${m[1]}> directive missing closing '>'`);
        const arg = unquote(m[2]!.trim());
        open.push({ name: m[1]!.toLowerCase(), arg, line: start });
        if (m[1]!.toLowerCase() === 'virtualhost') {
          config.sites.push({ ...main, listens: vhostAddress(arg, fail), names: [], locations: [...main.locations], errorPages: { ...main.errorPages } });
        }
        continue;
      }
      const words = splitWords(line);
      directive(words[0]!, words.slice(1), fail);
    }
    if (open.length > depth) {
      const top = open[open.length - 1]!;
      throw new ConfigError(`AH00526: Syntax error on line ${top.line} of ${file}:\n<${sectionName(top)}> was not closed.\n`);
    }
  };

  const directive = (name: Bytes, args: Bytes[], fail: (what: Bytes) => ConfigError): void => {
    const key = name.toLowerCase();
    // Sections for modules that are there are read; for a define that was not given they are not.
    if (open.some((o) => o.name === 'ifdefine')) return;
    if (open.some((o) => o.name === 'ifmodule' && o.arg.startsWith('!'))) return;
    if (NOT_MODELLED.has(key)) throw new ConfigError(`httpd: directive ${name} exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, true);
    const vhost = open.some((o) => o.name === 'virtualhost');
    const site = vhost ? config.sites[config.sites.length - 1]! : main;
    const section = open.filter((o) => ['directory', 'files', 'filesmatch', 'location', 'locationmatch', 'directorymatch'].includes(o.name)).pop();
    const need = (n: number, says: string): void => {
      if (args.length !== n) throw fail(`${name} takes ${n === 1 ? 'one argument' : `${n} arguments`}, ${says}`);
    };
    switch (key) {
      case 'serverroot':
        need(1, 'Common directory of server-related files (logs, confs, etc.)');
        root = args[0]!;
        if (!isDir(root)) throw fail('ServerRoot must be a valid directory');
        return;
      case 'listen': {
        if (args.length < 1 || args.length > 2) throw fail('Listen requires 1 or 2 arguments.');
        const where = args[0]!;
        const colon = where.lastIndexOf(':');
        const portText = colon < 0 ? where : where.slice(colon + 1);
        const host = colon < 0 ? '' : where.slice(0, colon);
        if (host.startsWith('[')) return;
        const ip = host === '' || host === '*' ? 0 : parseIp(host);
        if (!/^\d+$/.test(portText)) throw fail(colon < 0 ? 'Port must be specified' : 'The port number "' + portText + '" is outside the appropriate range (i.e., 1..65535).');
        if (Number(portText) < 1 || Number(portText) > 65535) throw fail('Invalid address or port');
        if (ip === null) throw fail(`bad address`);
        if (!listens.some((l) => l.ip === ip && l.port === Number(portText))) listens.push({ ip, port: Number(portText), isDefault: false });
        return;
      }
      case 'documentroot':
        need(1, 'Root directory of the document tree');
        if (!isDir(absolute(args[0]!, root))) throw fail(`DocumentRoot must be a directory`);
        site.root = absolute(args[0]!, root).replace(/(.)\/$/, '$1');
        return;
      case 'servername':
        need(1, 'The hostname and port of the server');
        if (vhost) site.names.push(args[0]!);
        else config.serverName = args[0]!;
        return;
      case 'serveralias':
        site.names.push(...args);
        return;
      case 'directoryindex':
        site.index = args;
        return;
      case 'keepalive':
        need(1, "Whether persistent connections should be On or Off");
        if (args[0]!.toLowerCase() === 'off') config.keepaliveSec = 0;
        return;
      case 'keepalivetimeout':
        if (config.keepaliveSec !== 0) config.keepaliveSec = Number(args[0]);
        return;
      case 'maxkeepaliverequests':
        config.keepaliveMax = Number(args[0]);
        return;
      case 'adddefaultcharset':
        config.charset = args[0]!.toLowerCase() === 'off' ? '' : args[0]!.toLowerCase() === 'on' ? 'iso-8859-1' : args[0]!;
        return;
      case 'errorlog':
        config.errorLog = absolute(args[0]!, root);
        return;
      case 'customlog':
      case 'transferlog':
        site.accessLog = absolute(args[0]!, root);
        return;
      case 'errordocument':
        if (args.length !== 2) throw fail(`${name} takes two arguments, Change responses for HTTP errors`);
        if (section === undefined) site.errorPages[Number(args[0])] = args[1]!;
        else if (section.name === 'locationmatch' && section.arg === '^/+$') site.locations.push({ exact: true, path: '/', tryFiles: [`=${args[0]}`, args[1]!], autoindex: false });
        return;
      case 'alias':
        need(2, 'a fakename and a realname');
        site.locations.push({ exact: false, path: args[0]!, alias: args[1]! });
        return;
      case 'proxypass': {
        const [path, url, ...more] = section?.name === 'location' ? [section.arg, ...args] : args;
        const m = /^http:\/\/([\d.]+)(?::(\d+))?(\/.*)?$/.exec(url ?? '');
        const ip = m === null ? null : parseIp(m[1]!);
        if (path === undefined || url === undefined) throw fail('ProxyPass|ProxyPassMatch needs a path when not defined in a location');
        if (ip === null || more.length > 0) throw new ConfigError(`httpd: ProxyPass ${[path, url, ...more].join(' ')}: only http://ADDRESS[:PORT]/ without parameters is modelled in LVS Lab (see MODELLED.md)\n`, true);
        site.locations.push({ exact: false, path, proxy: { ip, port: Number(m![2] ?? 80), path: m![3] ?? '' } });
        return;
      }
      case 'redirect': {
        const code = /^\d{3}$/.test(args[0] ?? '') ? Number(args[0]) : args[0] === 'permanent' ? 301 : 302;
        const [from, to] = args.slice(-2) as [Bytes, Bytes];
        site.locations.push({ exact: false, path: from, returns: { code, text: to } });
        return;
      }
      case 'options':
        if (section?.name === 'directory') dirRule(section.arg).indexes = args.some((a) => /^\+?(indexes|all)$/i.test(a));
        return;
      case 'require':
        if (section?.name === 'directory') dirRule(section.arg).denied = args.join(' ').toLowerCase() === 'all denied';
        if (section?.name === 'location') site.locations.push({ exact: false, path: section.arg, denied: args.join(' ').toLowerCase() === 'all denied' });
        return;
      case 'deny':
        if (section?.name === 'directory' && /^from all$/i.test(args.join(' '))) dirRule(section.arg).denied = true;
        return;
      case 'allow':
        if (section?.name === 'directory' && /^from all$/i.test(args.join(' '))) dirRule(section.arg).denied = false;
        return;
      case 'include':
      case 'includeoptional': {
        need(1, 'Name(s) of the config file(s) to be included');
        const pattern = absolute(args[0]!, root);
        const paths = shellGlob(files, pattern) ?? [pattern];
        for (const path of paths) {
          const text = files.read(path);
          if (text !== null) one(path, text);
          else if (key === 'include') throw fail(`Could not open configuration file ${path}: No such file or directory`);
        }
        return;
      }
    }
    if (!QUIET.has(key)) throw fail(`Invalid command '${name}', perhaps misspelled or defined by a module not included in the server configuration`);
    if (args.length === 0) throw fail(`${name} requires at least one argument`);
  };

  const dirRule = (path: Bytes): HttpConfig['directories'][number] => {
    let rule = config.directories.find((d) => d.path === path);
    if (rule === undefined) {
      rule = { path: path === '/' ? '/' : path.replace(/\/$/, ''), indexes: null, denied: null };
      config.directories.push(rule);
    }
    return rule;
  };

  try {
    const text = files.read(path);
    if (text === null) throw new ConfigError(`httpd: Could not open configuration file ${path}: No such file or directory\n`);
    one(path, text);
    main.listens = listens;
    return { config };
  } catch (e) {
    if (e instanceof ConfigError) return { error: e.text, notModelled: e.notModelled };
    throw e;
  }
}

const SECTION_NAMES: Readonly<Record<string, string>> = { virtualhost: 'VirtualHost', directory: 'Directory', ifmodule: 'IfModule', files: 'Files', location: 'Location', locationmatch: 'LocationMatch' };
const sectionName = (o: Open): string => SECTION_NAMES[o.name] ?? o.name;
const unquote = (s: Bytes): Bytes => (/^".*"$/.test(s) || /^'.*'$/.test(s) ? s.slice(1, -1) : s);
const absolute = (path: Bytes, root: Bytes): Bytes => (path.startsWith('/') ? path : `${root}/${path}`);

/** <VirtualHost ADDR[:PORT]>: where it applies. */
function vhostAddress(arg: Bytes, fail: (what: Bytes) => ConfigError): HttpListen[] {
  return arg.split(/\s+/).map((a) => {
    const m = /^(\*|_default_|[\d.]+)(?::(\d+|\*))?$/.exec(a);
    const ip = m === null ? null : m[1] === '*' || m[1] === '_default_' ? 0 : parseIp(m[1]!);
    if (ip === null) throw fail(`Could not resolve host name ${a}`);
    return { ip, port: m![2] === undefined || m![2] === '*' ? 0 : Number(m![2]), isDefault: false };
  });
}

/** Words of a line with double and single quotes. */
function splitWords(line: Bytes): Bytes[] {
  const words: Bytes[] = [];
  const re = /"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g;
  for (let m = re.exec(line); m !== null; m = re.exec(line)) words.push(m[1] !== undefined ? m[1].replace(/\\(.)/g, '$1') : (m[2] ?? m[3]!));
  return words;
}

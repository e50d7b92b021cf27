// What a call of ssh wants: command line, ~/.ssh/config, /etc/ssh/ssh_config, in this order. ssh(1), ssh_config(5); OpenSSH 7.4 ssh.c, readconf.c.
import type { Process } from '../../host/process';
import { readFile } from '../../host/syscall';
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { notModelledText } from '../command';
import { type User, users } from '../files';
import { namesHost } from './known_hosts';

export const USAGE =
  'usage: ssh [-1246AaCfGgKkMNnqsTtVvXxYy] [-b bind_address] [-c cipher_spec]\n           [-D [bind_address:]port] [-E log_file] [-e escape_char]\n           [-F configfile] [-I pkcs11] [-i identity_file]\n' +
  '           [-J [user@]host[:port]] [-L address] [-l login_name] [-m mac_spec]\n           [-O ctl_cmd] [-o option] [-p port] [-Q query_option] [-R address]\n           [-S ctl_path] [-W host:port] [-w local_tun[:remote_tun]]\n           [user@]hostname [command]\n';
const FLAGS = '1246afgknqstvxACGKMNPTVXYy';
const VALUES = 'bceilmopDEFIJLOQRSwW';
/** Options of Linux this build has not. */
const MISSING = '16fgsACGKMNPXYyDEIJLOQRSwWcmP';
/** Keywords that change nothing here: what they choose is not modelled, or is as they wish already. */
const IDLE = new Set(
  ('addkeystoagent addressfamily canonicalizehostname challengeresponseauthentication cipher ciphers clearallforwardings compression compressionlevel connectionattempts enablesshkeysign escapechar exitonforwardfailure fingerprinthash ' +
    'forwardagent forwardx11 forwardx11timeout forwardx11trusted gatewayports gssapiauthentication gssapidelegatecredentials hashknownhosts hostbasedauthentication hostkeyalgorithms identitiesonly ipqos kbdinteractiveauthentication ' +
    'kexalgorithms macs nohostauthenticationforlocalhost permitlocalcommand protocol pubkeyacceptedkeytypes rekeylimit rhostsrsaauthentication rsaauthentication sendenv tcpkeepalive updatehostkeys useprivilegedport verifyhostkeydns visualhostkey xauthlocation').split(' '),
);
/** Keywords of Linux that would do something this build cannot. */
const UNABLE = new Set('controlmaster controlpath controlpersist dynamicforward globalknownhostsfile identityagent localcommand localforward match proxycommand proxyjump proxyusefdpass remoteforward tunnel tunneldevice hostkeyalias'.split(' '));
const ONCE = new Set('batchmode bindaddress checkhostip connecttimeout hostname loglevel numberofpasswordprompts passwordauthentication port preferredauthentications pubkeyauthentication requesttty serveralivecountmax serveraliveinterval stricthostkeychecking user userknownhostsfile'.split(' '));
const YES_NO = new Set('batchmode checkhostip passwordauthentication pubkeyauthentication'.split(' '));
const LEVELS = ['quiet', 'fatal', 'error', 'info', 'verbose', 'debug1', 'debug2', 'debug3'];

/** Ends ssh with a message, whatever the log level. */
export class Refused extends Error {
  constructor(
    readonly text: Bytes,
    readonly status = 255,
  ) {
    super(text);
  }
}

export interface Wish {
  /** As typed, and where to connect to. */
  host: Bytes;
  hostName: Bytes;
  user: Bytes;
  port: number;
  family: 0 | 4 | 6;
  bind: Bytes;
  command: Bytes;
  identities: Bytes[];
  tty: 'auto' | 'yes' | 'force' | 'no';
  noStdin: boolean;
  /** Index in LEVELS: 0 says nothing, 2 errors, 3 warnings too, 5 what -v adds. */
  level: number;
  strict: 'yes' | 'no' | 'ask';
  knownHosts: Bytes;
  checkIp: boolean;
  timeoutUs: number;
  batch: boolean;
  password: boolean;
  pubkey: boolean;
  /** Methods in the order wished. */
  methods: string[];
  prompts: number;
  aliveUs: number;
  aliveMax: number;
  escape: Bytes;
  me: User;
}

class Settings {
  readonly once = new Map<string, Bytes>();
  readonly identities: Bytes[] = [];

  /** One keyword with its value; `where` names the place for messages. */
  set(keyword: Bytes, value: Bytes, where: (colon: boolean) => Bytes): void {
    const key = keyword.toLowerCase();
    if (key === 'identityfile') {
      this.identities.push(value);
      return;
    }
    const off = /^(no|none)$/i.test(value);
    if (UNABLE.has(key)) {
      if (off) return;
      throw new Refused(notModelledText('ssh', `option ${keyword}`), 64);
    }
    if (IDLE.has(key)) return;
    if (!ONCE.has(key)) throw new Refused(`${where(true)}: Bad configuration option: ${key}\r\n${where(true).startsWith('command-line') ? '' : `${where(true).replace(/: line \d+$/, '')}: terminating, 1 bad configuration options\r\n`}`);
    if (value === '') throw new Refused(`${where(false)}: Missing argument.\r\n`);
    if (YES_NO.has(key) && !/^(yes|no|true|false)$/i.test(value)) throw new Refused(`${where(false)}: Bad yes/no argument.\r\n`);
    if (key === 'stricthostkeychecking' && !/^(yes|no|ask|off|true|false)$/i.test(value)) throw new Refused(`${where(false)}: Bad yes/no/ask argument.\r\n`);
    if (key === 'loglevel' && !LEVELS.includes(value.toLowerCase()) && value.toLowerCase() !== 'debug') throw new Refused(`${where(false)}: unsupported log level '${value}'\r\n`);
    if (/^(port|connecttimeout|numberofpasswordprompts|serveralivecountmax|serveraliveinterval)$/.test(key) && !/^\d+$/.test(value)) throw new Refused(`${where(false)}: ${/timeout|interval/.test(key) ? 'invalid time value' : 'Bad number'}.\r\n`);
    if (!this.once.has(key)) this.once.set(key, value);
  }

  /** The blocks of a file that are for `host`. */
  file(p: Process, path: Bytes, host: Bytes): void {
    let text: Bytes;
    try {
      text = readFile(p, path);
    } catch (e) {
      if (!(e instanceof SysError)) throw e;
      return;
    }
    let here = true;
    text.split('\n').forEach((line, i) => {
      const m = /^\s*([^\s=#][^\s=]*)(?:\s*=\s*|\s+|$)(.*?)\s*$/.exec(line);
      if (m === null) return;
      const value = m[2]!.replace(/^"(.*)"$/, '$1');
      if (m[1]!.toLowerCase() === 'host') here = namesHost(value.replace(/\s+/g, ','), host);
      else if (here) this.set(m[1]!, value, (colon) => `${path}${colon ? ':' : ''} line ${i + 1}`);
    });
  }
}

/** Reads the command line and the files. Throws Refused; null asks for the usage text. */
export function readWish(p: Process, args: readonly Bytes[]): Wish | null {
  const s = new Settings();
  const given = { user: '', tty: 'auto' as Wish['tty'], noStdin: false, family: 0 as Wish['family'], quiet: false, verbose: 0, config: '', escape: '~' };
  let host = '';
  const command: Bytes[] = [];
  let i = 0;
  const readOptions = (): void => {
    for (; i < args.length; i++) {
      const word = args[i]!;
      if (word === '--') {
        i++;
        return;
      }
      if (!/^-./.test(word)) return;
      for (let j = 1; j < word.length; j++) {
        const c = word[j]!;
        if (!FLAGS.includes(c) && !VALUES.includes(c)) throw new Refused(`unknown option -- ${c}\r\n${USAGE}`);
        let v = '';
        if (VALUES.includes(c)) {
          const value = word.slice(j + 1) || args[++i];
          if (value === undefined) throw new Refused(`option requires an argument -- ${c}\r\n${USAGE}`);
          v = value;
          j = word.length;
        }
        if (MISSING.includes(c) && c !== '6') throw new Refused(notModelledText('ssh', `option -${c}`), 64);
        if (c === 'V') throw new Refused('OpenSSH_7.4p1, OpenSSL 1.0.2k-fips  26 Jan 2017\n', 0);
        if (c === 'p') {
          if (!/^\d+$/.test(v) || Number(v) < 1 || Number(v) > 65535) throw new Refused(`Bad port '${v}'\n`);
          s.once.set('port', s.once.get('port') ?? v);
        } else if (c === 'l') given.user ||= v;
        else if (c === 'i') s.identities.push(v);
        else if (c === 'o') {
          const m = /^\s*([^\s=]+)(?:\s*=\s*|\s+|$)(.*)$/.exec(v);
          if (m !== null) s.set(m[1]!, m[2]!.replace(/^"(.*)"$/, '$1'), (colon) => `command-line${colon ? ': line 0' : ' line 0'}`);
        } else if (c === 'q') given.quiet = true;
        else if (c === 'v') given.verbose++;
        else if (c === 't') given.tty = given.tty === 'yes' ? 'force' : given.tty === 'force' ? 'force' : 'yes';
        else if (c === 'T') given.tty = 'no';
        else if (c === 'n') given.noStdin = true;
        else if (c === '4') given.family = 4;
        else if (c === '6') given.family = 6;
        else if (c === 'F') given.config = v;
        else if (c === 'b') s.once.set('bindaddress', v);
        else if (c === 'e') given.escape = v === 'none' ? '' : v;
      }
    }
  };
  readOptions();
  if (i >= args.length) return null;
  const word = args[i++]!;
  const at = word.lastIndexOf('@');
  if (at >= 0) given.user ||= word.slice(0, at);
  host = word.slice(at + 1);
  if (host === '' || (at === 0)) return null;
  if (args[i - 2] !== '--') readOptions();
  command.push(...args.slice(i));
  const me = users(p).find((u) => u.uid === p.uid);
  if (me === undefined) throw new Refused(`No user exists for uid ${p.uid}\r\n`);
  if (given.config !== '') {
    if (!p.host.vfs.access(p, given.config, 0)) throw new Refused(`Can't open user config file ${given.config}: No such file or directory\r\n`);
    s.file(p, given.config, host);
  } else {
    s.file(p, `${me.home}/.ssh/config`, host);
    s.file(p, '/etc/ssh/ssh_config', host);
  }
  const yes = (key: string, otherwise: boolean): boolean => (s.once.has(key) ? /^(yes|true)$/i.test(s.once.get(key)!) : otherwise);
  const home = (path: Bytes): Bytes => path.replace(/^~(?=\/)/, me.home).replace(/%d/g, me.home);
  const strict = (s.once.get('stricthostkeychecking') ?? 'ask').toLowerCase();
  const level = (s.once.get('loglevel') ?? 'info').toLowerCase();
  const tty = (s.once.get('requesttty') ?? 'auto').toLowerCase();
  return {
    host, hostName: (s.once.get('hostname') ?? host).replace(/%h/g, host), user: given.user || s.once.get('user') || me.name, port: Number(s.once.get('port') ?? 22), family: given.family, bind: s.once.get('bindaddress') ?? '', command: command.join(' '),
    identities: (s.identities.length > 0 ? s.identities : ['rsa', 'ecdsa', 'ed25519'].map((t) => `~/.ssh/id_${t}`)).map(home), noStdin: given.noStdin,
    tty: given.tty === 'auto' && ['yes', 'no', 'force'].includes(tty) ? (tty as Wish['tty']) : given.tty, level: given.quiet ? 0 : given.verbose > 0 ? 4 + given.verbose : LEVELS.indexOf(level === 'debug' ? 'debug1' : level),
    strict: /^(yes|true)$/.test(strict) ? 'yes' : /^(no|off|false)$/.test(strict) ? 'no' : 'ask', knownHosts: home(s.once.get('userknownhostsfile') ?? '~/.ssh/known_hosts').split(/\s+/)[0]!, checkIp: yes('checkhostip', true),
    timeoutUs: Number(s.once.get('connecttimeout') ?? 0) * 1e6, batch: yes('batchmode', false), password: yes('passwordauthentication', true), pubkey: yes('pubkeyauthentication', true),
    methods: (s.once.get('preferredauthentications') ?? 'publickey,password').split(','), prompts: Number(s.once.get('numberofpasswordprompts') ?? 3), aliveUs: Number(s.once.get('serveraliveinterval') ?? 0) * 1e6,
    aliveMax: Number(s.once.get('serveralivecountmax') ?? 3), escape: given.escape, me,
  };
}

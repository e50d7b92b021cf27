// sshd_config(5): what of it this build obeys. Counterpart: OpenSSH 7.4 servconf.c.
// Not modelled: Match blocks, and every keyword of ACCEPTED that SshdConfig does not hold (they are accepted and have no effect).
import type { Bytes } from '../../lib/text';
import { inetAton } from '../../wire/ipv4';
import { IP6_BASE } from '../../wire/ipv6';
import type { Host } from '../host';

export interface SshdConfig {
  ports: number[];
  /** Port 0: those of `ports`. */
  listen: { ip: number; port: number }[];
  permitRoot: 'yes' | 'no' | 'without-password';
  password: boolean;
  pubkey: boolean;
  strictModes: boolean;
  maxAuthTries: number;
  graceSeconds: number;
  printLastLog: boolean;
  printMotd: boolean;
  banner: Bytes;
  gssapi: boolean;
}

const ACCEPTED = new Set(
  ('acceptenv addressfamily allowagentforwarding allowgroups allowstreamlocalforwarding allowtcpforwarding allowusers authenticationmethods authorizedkeyscommand authorizedkeyscommanduser authorizedkeysfile banner ' +
    'challengeresponseauthentication chrootdirectory ciphers clientalivecountmax clientaliveinterval compression denygroups denyusers fingerprinthash forcecommand gatewayports gssapiauthentication gssapicleanupcredentials ' +
    'hostbasedauthentication hostkey hostkeyalgorithms ignorerhosts ignoreuserknownhosts ipqos kbdinteractiveauthentication kerberosauthentication kexalgorithms listenaddress logingracetime loglevel macs maxauthtries maxsessions maxstartups ' +
    'passwordauthentication permitemptypasswords permitopen permitrootlogin permittty permittunnel permituserenvironment permituserrc pidfile port printlastlog printmotd protocol pubkeyacceptedkeytypes pubkeyauthentication rekeylimit ' +
    'rsaauthentication showpatchlevel strictmodes subsystem syslogfacility tcpkeepalive usedns uselogin usepam useprivilegeseparation versionaddendum x11displayoffset x11forwarding x11uselocalhost xauthlocation keyregenerationinterval serverkeybits').split(' '),
);
const FLAGS: Readonly<Record<string, 'password' | 'pubkey' | 'strictModes' | 'printLastLog' | 'printMotd' | 'gssapi'>> = {
  passwordauthentication: 'password', pubkeyauthentication: 'pubkey', strictmodes: 'strictModes', printlastlog: 'printLastLog', printmotd: 'printMotd', gssapiauthentication: 'gssapi',
};

/** '2m', '120' in seconds; NaN when it is neither. */
function seconds(text: Bytes): number {
  const m = /^(\d+)([smh]?)$/i.exec(text);
  return m === null ? Number.NaN : Number(m[1]) * ({ m: 60, h: 3600 }[m[2]!.toLowerCase()] ?? 1);
}

/** An address to listen on: `a.b.c.d[:port]`, `[v6]:port` or `v6`. */
function listenAddress(host: Host, text: Bytes): { ip: number; port: number } | null {
  const m = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+)(?::(\d+))?$/.exec(text);
  const name = m === null ? text : m[1]!;
  const v4 = inetAton(name);
  if (v4 !== null) return { ip: v4, port: Number(m?.[2] ?? 0) };
  const v6 = host.world.ip6.intern(name);
  return v6 === null ? null : { ip: IP6_BASE + v6, port: Number(m?.[2] ?? 0) };
}

/** Reads a configuration file; `error` is what sshd says of a bad one, `status` what it exits with. */
export function readSshdConfig(host: Host, path: Bytes): SshdConfig | { error: Bytes; status: number } {
  const text = host.vfs.read(path);
  if (text === null) return { error: `${path}: No such file or directory\r\n`, status: 1 };
  const c: SshdConfig = { ports: [], listen: [], permitRoot: 'yes', password: true, pubkey: true, strictModes: true, maxAuthTries: 6, graceSeconds: 120, printLastLog: true, printMotd: true, banner: '', gssapi: false };
  const seen = new Set<string>();
  let bad = 0;
  let errors = '';
  const fatal = (n: number, what: Bytes): { error: Bytes; status: number } => ({ error: `${errors}${path} line ${n}: ${what}\r\n`, status: 255 });
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const m = /^\s*([^\s=#][^\s=]*)(?:\s*=\s*|\s+|$)(.*?)\s*$/.exec(lines[i]!);
    if (m === null) continue;
    const key = m[1]!.toLowerCase();
    const value = m[2]!.replace(/^"(.*)"$/, '$1');
    if (key === 'match') return { error: `sshd: Match exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n`, status: 64 };
    if (!ACCEPTED.has(key)) {
      errors += `${path}: line ${i + 1}: Bad configuration option: ${m[1]}\r\n`;
      bad++;
      continue;
    }
    if (value === '') return fatal(i + 1, `missing ${/^(port|loginGraceTime)$/i.test(key) ? 'integer value' : 'argument'}.`);
    if (key === 'port') {
      const n = Number(value);
      if (!/^\d+$/.test(value) || n === 0 || n > 65535) return fatal(i + 1, 'Badly formatted port number.');
      c.ports.push(n);
      continue;
    }
    if (key === 'listenaddress') {
      const at = listenAddress(host, value);
      if (at === null) return { error: `${errors}bad addr or host: ${value} (Name or service not known)\r\n`, status: 255 };
      c.listen.push(at);
      continue;
    }
    if (seen.has(key)) continue; // the first one counts
    seen.add(key);
    const flag = FLAGS[key];
    if (flag !== undefined) {
      if (!/^(yes|no|true|false)$/i.test(value)) return fatal(i + 1, `Bad yes/no argument: ${value}`);
      c[flag] = /^(yes|true)$/i.test(value);
    } else if (key === 'permitrootlogin') {
      const how = value.toLowerCase();
      if (!['yes', 'no', 'without-password', 'prohibit-password', 'forced-commands-only'].includes(how)) return fatal(i + 1, `Bad yes/without-password/forced-commands-only/no argument: ${value}`);
      c.permitRoot = how === 'yes' ? 'yes' : how === 'no' || how === 'forced-commands-only' ? 'no' : 'without-password';
    } else if (key === 'logingracetime') {
      c.graceSeconds = seconds(value);
      if (Number.isNaN(c.graceSeconds)) return fatal(i + 1, 'invalid time value.');
    } else if (key === 'maxauthtries') c.maxAuthTries = Number(value) || 6;
    else if (key === 'banner') c.banner = value === 'none' ? '' : value;
  }
  if (bad > 0) return { error: `${errors}${path}: terminating, ${bad} bad configuration options\r\n`, status: 255 };
  if (c.ports.length === 0) c.ports.push(22);
  return c;
}

// known_hosts: which key a host is known by. sshd(8), SSH_KNOWN_HOSTS FILE FORMAT; OpenSSH 7.4 hostfile.c.
// Not modelled: hashed names, @cert-authority and @revoked lines.
import type { Process } from '../../host/process';
import { readFile, writeFile } from '../../host/syscall';
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { type KeyType, parsePublic } from './key';

export interface KnownKey {
  hosts: Bytes;
  type: KeyType;
  base64: Bytes;
  file: Bytes;
  line: number;
}

/** `host`, or `[host]:port` for another port than 22. */
export const hostPort = (host: Bytes, port: number): Bytes => (port === 22 ? host : `[${host}]:${port}`);

/** Does a comma-separated list of patterns name `host`? */
export function namesHost(patterns: Bytes, host: Bytes): boolean {
  let found = false;
  for (const raw of patterns.toLowerCase().split(',')) {
    const not = raw.startsWith('!');
    const re = new RegExp(`^${(not ? raw.slice(1) : raw).replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
    if (!re.test(host.toLowerCase())) continue;
    if (not) return false;
    found = true;
  }
  return found;
}

/** Keys a file knows for `host`; none when it cannot be read. */
export function knownKeys(p: Process, file: Bytes, host: Bytes): KnownKey[] {
  let text = '';
  try {
    text = readFile(p, file);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
  }
  return text.split('\n').flatMap((line, i) => {
    const hosts = /^\s*([^\s#@]\S*)\s/.exec(line)?.[1];
    const key = parsePublic(line);
    return hosts === undefined || key === null || !namesHost(hosts, host) ? [] : [{ hosts, type: key.type, base64: key.base64, file, line: i + 1 }];
  });
}

/** What the files say of a host's key: NEW, OK, or CHANGED (a key of this type that differs), with the entry found. */
export function lookupKey(keys: readonly KnownKey[], type: KeyType, base64: Bytes): { status: 'NEW' | 'OK' | 'CHANGED'; found: KnownKey | null } {
  const same = keys.filter((k) => k.type === type);
  const equal = same.find((k) => k.base64 === base64);
  if (equal !== undefined) return { status: 'OK', found: equal };
  return same.length > 0 ? { status: 'CHANGED', found: same[0]! } : { status: 'NEW', found: null };
}

/** Adds a line, making ~/.ssh when it is missing. False when that fails. */
export function addKnownHost(p: Process, file: Bytes, line: Bytes): boolean {
  try {
    const dir = file.slice(0, file.lastIndexOf('/'));
    if (dir !== '' && !p.host.vfs.access(p, dir, 0)) p.host.vfs.mkdir(p, dir, 0o700);
    const old = p.host.vfs.access(p, file, 0) ? readFile(p, file) : '';
    writeFile(p, file, `${old === '' || old.endsWith('\n') ? '' : '\n'}${line}\n`, true, 0o644);
    return true;
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    return false;
  }
}

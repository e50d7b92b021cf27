// One connection of sshd: versions, keys, who may log in, then the session. Counterpart: OpenSSH 7.4 sshd.c, auth2.c, auth2-pubkey.c.
import { DEFAULT_SSHD_CONFIG, sshDaemonOf, sshLog } from '../../host/daemons/sshd';
import { readSshdConfig, type SshdConfig } from '../../host/daemons/sshd_config';
import type { Op, Process } from '../../host/process';
import { socketNames } from '../../host/socket';
import { closeFd, nowUs, waitOn } from '../../host/syscall';
import { SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { addressText } from '../../wire/ipv6';
import { passwordFits } from '../accounts/crypt';
import { encodeBase64 } from '../base64';
import { type User, users } from '../files';
import { shadowField } from '../passwd';
import { fingerprint, parsePublic, privateType, publicBlob } from './key';
import { serverSession } from './server_session';
import { cookie, kexinit, Lost, M, Transport, VERSION } from './transport';

/** How long a wrong password takes to be refused, us. */
const FAILED_US = 2_000_000;

/** Runs a connection whose socket is descriptor 0; the process's exit status. */
export function* serveConnection(p: Process, path: Bytes): Op<number> {
  const f = p.fds.get(0);
  if (f?.kind !== 'socket') return 255;
  const t = new Transport(p, f);
  const [lip, lport, rip, rport] = socketNames(p, f);
  const from = addressText(rip, p.host.world.ip6);
  const here = addressText(lip, p.host.world.ip6);
  const peer = { from, port: rport, text: `${from} port ${rport}`, connection: `${from} ${rport} ${here} ${lport}`, client: `${from} ${rport} ${lport}`, session: '' };
  const kept = sshDaemonOf(p.host)?.config ?? readSshdConfig(p.host, path === '' ? DEFAULT_SSHD_CONFIG : path);
  if ('error' in kept) return 255;
  const grace = kept.graceSeconds > 0 ? nowUs(p) + kept.graceSeconds * 1e6 : Number.POSITIVE_INFINITY;
  p.argv = ['sshd: [accepted]'];
  let user: User | null = null;
  try {
    t.raw(`${VERSION}\r\n`);
    const version = yield* t.receiveLine(grace);
    if (!/^SSH-(2\.0|1\.99)-/.test(version)) {
      t.raw('Protocol mismatch.\n');
      sshLog(p.host, p.pid, `Bad protocol version identification '${version}' from ${peer.text}`);
      return yield* leave(p);
    }
    const key = hostKey(p);
    if (key === null) return yield* leave(p);
    const theirs = yield* t.receive(grace);
    const mine = cookie(p);
    peer.session = theirs.fields[0] ?? '';
    t.send(M.KEXINIT, ...kexinit(mine));
    yield* t.receive(grace);
    t.send(M.KEXDH_REPLY, key);
    yield* t.receive(grace);
    t.send(M.NEWKEYS);
    t.useKeys(theirs.fields[0] ?? '', mine, true);
    user = yield* admit(p, t, kept, peer, grace);
    if (user === null) return yield* leave(p);
  } catch (e) {
    if (!(e instanceof Lost)) throw e;
    const late = e.errno === 'ETIMEDOUT' && nowUs(p) >= grace;
    sshLog(p.host, p.pid, late ? 'fatal: Timeout before authentication' : e.errno === 'ECONNRESET' ? `Connection reset by ${peer.text} [preauth]` : `Connection closed by ${peer.text} [preauth]`);
    return yield* leave(p);
  }
  sshLog(p.host, p.pid, `pam_unix(sshd:session): session opened for user ${user.name} by (uid=0)`);
  try {
    yield* serverSession(p, t, user, kept, peer);
  } catch (e) {
    if (!(e instanceof Lost)) throw e;
    sshLog(p.host, p.pid, e.errno === 'EOF' ? `Connection closed by ${peer.text}` : `Connection reset by ${peer.text}`);
  }
  sshLog(p.host, p.pid, `pam_unix(sshd:session): session closed for user ${user.name}`);
  return yield* leave(p);
}

/** Whom the server talks to. */
export interface Peer {
  from: Bytes;
  port: number;
  /** 'ADDRESS port N', as logs say. */
  text: Bytes;
  connection: Bytes;
  client: Bytes;
  /** What the client's random bytes name the session. */
  session: Bytes;
}

/** Closes the connection when the other side has taken all. */
function* leave(p: Process): Op<number> {
  yield* [];
  if (p.fds.has(0)) closeFd(p, 0);
  return 255;
}

/** The public part of this host's ECDSA key; null when the file is missing or unreadable. */
function hostKey(p: Process): Bytes | null {
  const text = p.host.vfs.read('/etc/ssh/ssh_host_ecdsa_key');
  const type = text === null ? null : privateType(text);
  return type === null ? null : publicBlob(type, text!);
}

/** Asks until somebody is let in; null when the connection ends first. */
function* admit(p: Process, t: Transport, c: SshdConfig, peer: Peer, grace: number): Op<User | null> {
  const methods = [...(c.pubkey ? ['publickey'] : []), ...(c.gssapi ? ['gssapi-keyex', 'gssapi-with-mic'] : []), ...(c.password ? ['password'] : [])].join(',');
  if (c.banner !== '') t.send(M.BANNER, p.host.vfs.read(c.banner) ?? '');
  for (let failures = 0; ; ) {
    const m = yield* t.receive(grace);
    if (m.type === M.DISCONNECT) return null;
    const [name = '', method = '', data = ''] = m.fields;
    const user = users(p).find((u) => u.name === name) ?? null;
    const rootMay = user?.uid !== 0 || c.permitRoot === 'yes' || (c.permitRoot === 'without-password' && method !== 'password');
    const who = `${user === null ? 'invalid user ' : ''}${name} from ${peer.text} ssh2`;
    if (user === null && method === 'none') sshLog(p.host, p.pid, `Invalid user ${name} from ${peer.text}`);
    if (method === 'publickey' && c.pubkey && user !== null && authorized(p, user, data, c.strictModes) && rootMay) {
      sshLog(p.host, p.pid, `Accepted publickey for ${name} from ${peer.text} ssh2: RSA ${fingerprint(data)}`);
      t.send(M.AUTH_SUCCESS);
      return user;
    }
    if (method === 'password' && c.password) {
      if (user !== null && rootMay && data !== '' && passwordFits(data, shadowField(p, name))) {
        sshLog(p.host, p.pid, `Accepted password for ${who}`);
        t.send(M.AUTH_SUCCESS);
        return user;
      }
      yield* waitOn(p, [], nowUs(p) + FAILED_US);
      sshLog(p.host, p.pid, `Failed password for ${who}`);
    }
    if (method !== 'none' && ++failures >= c.maxAuthTries) {
      sshLog(p.host, p.pid, `error: maximum authentication attempts exceeded for ${who} [preauth]`);
      t.send(M.DISCONNECT, `Received disconnect from ${addressOf(t, p)}: 2: Too many authentication failures`);
      return null;
    }
    t.send(M.AUTH_FAILURE, methods);
  }
}

const addressOf = (t: Transport, p: Process): Bytes => {
  const [ip, port] = socketNames(p, t.file);
  return `${addressText(ip, p.host.world.ip6)} port ${port}`;
};

/** Is the key in the user's authorized_keys, and may that file be believed? */
function authorized(p: Process, user: User, blob: Bytes, strict: boolean): boolean {
  const path = `${user.home}/.ssh/authorized_keys`;
  const text = p.host.vfs.read(path);
  if (text === null) return false;
  if (strict) {
    for (const at of [path, `${user.home}/.ssh`, user.home]) {
      try {
        const st = p.host.vfs.stat(null, at);
        if ((st.uid === 0 || st.uid === user.uid) && (st.mode & 0o022) === 0) continue;
      } catch (e) {
        if (!(e instanceof SysError)) throw e;
      }
      sshLog(p.host, p.pid, `Authentication refused: bad ownership or modes for ${at === path ? 'file' : 'directory'} ${at}`);
      return false;
    }
  }
  const base64 = encodeBase64(blob);
  return text.split('\n').some((line) => parsePublic(line)?.base64 === base64);
}

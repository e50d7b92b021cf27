// From a host's name to an accepted login: connection, versions, keys, the host's key, authentication. Counterpart: OpenSSH 7.4 sshconnect.c, sshconnect2.c.
import type { Op, Process } from '../../host/process';
import { lookupAny, lookupHost, resolveError } from '../../host/resolve';
import { openTcp, socketNames } from '../../host/socket';
import { installFd, nowUs, read, readFile } from '../../host/syscall';
import { strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Tty } from '../../host/tty';
import { addressText, isIp6 } from '../../wire/ipv6';
import { encodeBase64 } from '../base64';
import { fingerprint, fingerprintMd5, privateType, publicBlob } from './key';
import { addKnownHost, hostPort, type KnownKey, knownKeys, lookupKey } from './known_hosts';
import type { Log } from './log';
import type { Wish } from './options';
import { cookie, kexinit, Lost, M, type Message, Transport, VERSION } from './transport';

/** Ends ssh with status 255; the message is a fatal error's. */
export class Fatal255 extends Error {}

/** An accepted login. */
export interface Login {
  t: Transport;
  /** Address and port it went to, as messages name them. */
  ip: Bytes;
  /** Names the session at both ends. */
  session: Bytes;
}

/** The controlling terminal, where questions are asked whatever stdin is; null when there is none. */
export const controllingTty = (p: Process): Tty | null => (p.tty < 0 ? null : (p.host.ttys[p.tty] ?? null));

/** Asks on the terminal and reads a line; null without a terminal or at its end. */
function* ask(p: Process, question: Bytes, echo: boolean): Op<Bytes | null> {
  const tty = controllingTty(p);
  if (tty === null) return null;
  const fd = installFd(p, { kind: 'tty', tty: tty.index, refs: 0, readable: true, writable: true }, 3);
  const was = tty.echo;
  tty.show(question);
  tty.echo = echo;
  try {
    let line = '';
    for (;;) {
      const c: Bytes = yield* read(p, fd, 1);
      if (c === '') return line === '' ? null : line;
      if (c === '\n') break;
      line += c;
    }
    if (!echo) tty.show('\n');
    return line;
  } finally {
    tty.echo = was;
    p.fds.delete(fd);
  }
}

/** Opens the TCP connection. */
function* connect(p: Process, w: Wish, log: Log): Op<Login> {
  const ip = w.family === 0 ? lookupAny(p, w.hostName) : lookupHost(p, w.hostName, w.family);
  if (ip === null) throw new Fatal255(`ssh: Could not resolve hostname ${w.hostName.toLowerCase()}: ${resolveError(p)}`);
  const text = addressText(ip, p.host.world.ip6);
  const src = w.bind === '' ? 0 : (isIp6(ip) ? lookupHost(p, w.bind, 6) : lookupHost(p, w.bind, 4)) ?? 0;
  yield* log.debug(`Connecting to ${w.hostName} [${text}] port ${w.port}.`);
  const deadline = w.timeoutUs > 0 ? { deadline: nowUs(p) + w.timeoutUs } : {};
  try {
    const f = yield* openTcp(p, ip, w.port, { ...deadline, ...(src !== 0 ? { src } : {}) });
    installFd(p, f, 3);
    yield* log.debug('Connection established.');
    return { t: new Transport(p, f), ip: text, session: '' };
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* log.debug(`connect to address ${text} port ${w.port}: ${strerror(e.errno)}`);
    throw new Fatal255(`ssh: connect to host ${w.hostName} port ${w.port}: ${strerror(e.errno)}`);
  }
}

/** Both sides say their version. */
function* versions(w: Wish, t: Transport, log: Log, began: number): Op<void> {
  yield* log.debug(`Local version string ${VERSION}`);
  try {
    t.raw(`${VERSION}\r\n`);
    const deadline = w.timeoutUs > 0 ? began + w.timeoutUs : Number.POSITIVE_INFINITY;
    for (;;) {
      const line = yield* t.receiveLine(deadline);
      if (!line.startsWith('SSH-')) continue;
      const m = /^SSH-(\d+)\.(\d+)-(.+)$/.exec(line);
      if (m === null) throw new Fatal255(`Bad remote protocol version identification: '${line}'`);
      yield* log.debug(`Remote protocol version ${m[1]}.${m[2]}, remote software version ${m[3]}`);
      return;
    }
  } catch (e) {
    if (!(e instanceof Lost)) throw e;
    if (e.errno === 'ETIMEDOUT' && w.timeoutUs > 0) throw new Fatal255('Connection timed out during banner exchange');
    throw new Fatal255(`ssh_exchange_identification: ${e.errno === 'EOF' || e.errno === 'EPIPE' ? 'Connection closed by remote host' : `read: ${strerror(e.errno)}`}`);
  }
}

/** What a connection that ends before its time is called. */
function gone(e: Lost, w: Wish, ip: Bytes): Fatal255 {
  if (e.errno === 'EOF' || e.errno === 'EPIPE') return new Fatal255(`Connection closed by ${ip} port ${w.port}`);
  if (e.errno === 'ECONNRESET') return new Fatal255(`Connection reset by ${ip} port ${w.port}`);
  return new Fatal255(`ssh_dispatch_run_fatal: Connection to ${ip} port ${w.port}: ${strerror(e.errno)}`);
}

const AT = '@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@';

/** check_host_key: is this the host it was before? False ends the call; may switch password authentication off. */
function* trusted(p: Process, w: Wish, blob: Bytes, ip: Bytes, log: Log): Op<boolean> {
  const base64 = encodeBase64(blob);
  const [host, at] = [hostPort(w.hostName.toLowerCase(), w.port), hostPort(ip, w.port)];
  const local = /^127\.|^::1$/.test(ip);
  const checkIp = w.checkIp && !local && w.hostName !== ip;
  const files = [w.knownHosts, '/etc/ssh/ssh_known_hosts'];
  const of = (name: Bytes): KnownKey[] => files.flatMap((f) => knownKeys(p, f, name));
  const byHost = lookupKey(of(host), 'ecdsa', base64);
  const byIp = checkIp ? lookupKey(of(at), 'ecdsa', base64) : byHost;
  const place = (k: KnownKey): Bytes => `${k.file}:${k.line}`;
  if (byHost.status === 'OK') {
    yield* log.debug(`Host '${host}' is known and matches the ECDSA host key.`);
    yield* log.debug(`Found key in ${place(byHost.found!)}`);
    if (checkIp && byIp.status === 'NEW') {
      if (addKnownHost(p, w.knownHosts, `${at} ecdsa-sha2-nistp256 ${base64}`)) yield* log.info(`Warning: Permanently added the ECDSA host key for IP address '${at}' to the list of known hosts.`);
      else yield* log.info(`Failed to add the ECDSA host key for IP address '${at}' to the list of known hosts (${w.knownHosts}).`);
    }
  } else if (byHost.status === 'NEW') {
    // A key known for the host without its port counts too.
    if (w.port !== 22 && lookupKey(of(w.hostName), 'ecdsa', base64).status === 'OK') return true;
    if (w.strict === 'yes') {
      yield* log.error(`No ECDSA host key is known for ${host} and you have requested strict checking.`);
      return false;
    }
    if (w.strict === 'ask') {
      const question = `The authenticity of host '${host} (${at})' can't be established.\nECDSA key fingerprint is ${fingerprint(blob)}.\nECDSA key fingerprint is ${fingerprintMd5(blob)}.\nAre you sure you want to continue connecting (yes/no)? `;
      if (!(yield* confirm(p, w, question))) return false;
    }
    const names = checkIp && byIp.status === 'NEW' ? `${host},${at}` : host;
    if (addKnownHost(p, w.knownHosts, `${names} ecdsa-sha2-nistp256 ${base64}`)) yield* log.info(`Warning: Permanently added '${names}' (ECDSA) to the list of known hosts.`);
    else yield* log.info(`Failed to add the host to the list of known hosts (${w.knownHosts}).`);
  } else {
    const differ = checkIp && (byIp.status !== 'CHANGED' || byIp.found!.base64 !== byHost.found!.base64);
    if (differ) {
      const words = { NEW: 'is unknown', OK: 'is unchanged', CHANGED: 'has a different value' }[byIp.status];
      yield* log.errors(AT, '@       WARNING: POSSIBLE DNS SPOOFING DETECTED!          @', AT, `The ECDSA host key for ${host} has changed,`, `and the key for the corresponding IP address ${at}`, `${words}. This could either mean that`,
        'DNS SPOOFING is happening or the IP address for the host', 'and its host key have changed at the same time.', ...(byIp.found === null ? [] : [`Offending key for IP in ${place(byIp.found)}`]));
    }
    yield* log.errors(AT, '@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @', AT, 'IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!', 'Someone could be eavesdropping on you right now (man-in-the-middle attack)!', 'It is also possible that a host key has just been changed.',
      'The fingerprint for the ECDSA key sent by the remote host is', `${fingerprint(blob)}.`, 'Please contact your system administrator.', `Add correct host key in ${w.knownHosts} to get rid of this message.`, `Offending ECDSA key in ${place(byHost.found!)}`);
    if (w.strict !== 'no') {
      yield* log.error(`ECDSA host key for ${host} has changed and you have requested strict checking.`);
      return false;
    }
    if (w.password) yield* log.errors('Password authentication is disabled to avoid man-in-the-middle attacks.', 'Keyboard-interactive authentication is disabled to avoid man-in-the-middle attacks.');
    w.password = false;
    return true;
  }
  if (checkIp && byIp.status === 'CHANGED') {
    const text = `Warning: the ECDSA host key for '${host}' differs from the key for the IP address '${at}'\nOffending key for IP in ${place(byIp.found!)}${byHost.status === 'OK' ? `\nMatching host key in ${place(byHost.found!)}` : ''}`;
    if (w.strict === 'yes') {
      yield* log.info(text);
      yield* log.error('Exiting, you have requested strict checking.');
      return false;
    }
    if (w.strict === 'ask') return yield* confirm(p, w, `${text}\nAre you sure you want to continue connecting (yes/no)? `);
    yield* log.info(text);
  }
  return true;
}

/** yes or no; an empty answer is no. */
function* confirm(p: Process, w: Wish, question: Bytes): Op<boolean> {
  if (w.batch) return false;
  for (let text = question; ; text = "Please type 'yes' or 'no': ") {
    const answer = yield* ask(p, text, true);
    if (answer === null || answer === '' || /^no/i.test(answer)) return false;
    if (/^yes/i.test(answer)) return true;
  }
}

/** The public part of an identity file; null when it is no usable key. */
function* identity(p: Process, path: Bytes, log: Log, given: boolean): Op<Bytes | null> {
  let text: Bytes;
  try {
    const st = p.host.vfs.stat(p, path);
    text = readFile(p, path);
    if (st.uid === p.uid && (st.mode & 0o077) !== 0) {
      yield* log.errors(AT, '@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @', AT, `Permissions 0${(st.mode & 0o777).toString(8).padStart(3, '0')} for '${path}' are too open.`,
        'It is required that your private key files are NOT accessible by others.', 'This private key will be ignored.', `Load key "${path}": bad permissions`);
      return null;
    }
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    if (given) yield* log.info(`Warning: Identity file ${path} not accessible: ${e.message}.`);
    return null;
  }
  const type = privateType(text);
  if (type !== null) return publicBlob(type, text);
  yield* log.error(`Load key "${path}": invalid format`);
  return null;
}

/** One try: the server's answer; failures leave the methods that can continue. */
function* attempt(t: Transport, log: Log, ...fields: Bytes[]): Op<{ ok: boolean; methods: Bytes }> {
  t.send(M.AUTH, ...fields);
  for (;;) {
    const m: Message = yield* t.receive();
    if (m.type === M.AUTH_SUCCESS) return { ok: true, methods: '' };
    if (m.type === M.AUTH_FAILURE) return { ok: false, methods: m.fields[0] ?? '' };
    if (m.type === M.BANNER) yield* log.plain(m.fields[0] ?? '');
    if (m.type === M.DISCONNECT) throw new Fatal255(m.fields[0] ?? '');
  }
}

function* authenticate(p: Process, w: Wish, t: Transport, log: Log): Op<void> {
  let state = yield* attempt(t, log, w.user, 'none', '');
  if (state.ok) return;
  yield* log.debug(`Authentications that can continue: ${state.methods}`);
  const may = (name: string): boolean => state.methods.split(',').includes(name);
  for (const method of w.methods) {
    if (method === 'publickey' && w.pubkey && may('publickey')) {
      yield* log.debug('Next authentication method: publickey');
      for (const path of w.identities) {
        const blob = yield* identity(p, path, log, false);
        if (blob === null) continue;
        yield* log.debug(`Offering RSA public key: ${path}`);
        state = yield* attempt(t, log, w.user, 'publickey', blob);
        if (state.ok) return;
      }
    }
    if (method === 'password' && w.password && !w.batch && may('password')) {
      yield* log.debug('Next authentication method: password');
      for (let n = 0; n < w.prompts; n++) {
        if (n > 0) yield* log.error('Permission denied, please try again.');
        const password = yield* ask(p, `${w.user}@${w.host}'s password: `, false);
        state = yield* attempt(t, log, w.user, 'password', password ?? '');
        if (state.ok) return;
      }
    }
  }
  throw new Fatal255(`Permission denied (${state.methods}).`);
}

/** Connects and logs in. Throws Fatal255. */
export function* login(p: Process, w: Wish, log: Log): Op<Login> {
  const began = nowUs(p);
  const given = yield* connect(p, w, log);
  const { t, ip } = given;
  yield* versions(w, t, log, began);
  try {
    const mine = cookie(p);
    t.send(M.KEXINIT, ...kexinit(mine));
    const theirs = yield* t.receive();
    t.send(M.KEXDH_INIT, mine);
    const reply = yield* t.receive();
    const blob = reply.fields[0] ?? '';
    yield* log.debug(`Server host key: ecdsa-sha2-nistp256 ${fingerprint(blob)}`);
    if (!(yield* trusted(p, w, blob, ip, log))) throw new Fatal255('Host key verification failed.');
    t.send(M.NEWKEYS);
    yield* t.receive();
    t.useKeys(mine, theirs.fields[0] ?? '', false);
    yield* authenticate(p, w, t, log);
    const [, , , port] = socketNames(p, t.file);
    yield* log.debug('Authentication succeeded (publickey).');
    yield* log.verbose(`Authenticated to ${w.hostName} ([${ip}]:${port}).`);
    return { ...given, session: mine };
  } catch (e) {
    if (e instanceof Lost) throw gone(e, w, ip);
    throw e;
  }
}

// ssh-keygen(1): makes keys, shows fingerprints, looks after known_hosts. OpenSSH 7.4.
// Not modelled: passphrases, certificates, conversions, -H.
import type { Op, Process } from '../host/process';
import { read, readFile, writeFile } from '../host/syscall';
import { SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { decodeBase64 } from './base64';
import { users } from './files';
import { define, Fatal, put } from './io';
import { table } from './options';
import { askSecret } from './accounts/prompt';
import { notModelledText } from './command';
import { bitsOf, fingerprint, fingerprintMd5, KEY_TYPES, keyRandom, type KeyType, makeHostKeys, newPrivateKey, parsePublic, privateType, publicBlob, publicLine } from './ssh/key';
import { namesHost } from './ssh/known_hosts';
import { randomArt } from './ssh/randomart';

const USAGE =
  'usage: ssh-keygen [-q] [-b bits] [-t dsa | ecdsa | ed25519 | rsa | rsa1]\n                  [-N new_passphrase] [-C comment] [-f output_keyfile]\n       ssh-keygen -p [-P old_passphrase] [-N new_passphrase] [-f keyfile]\n' +
  '       ssh-keygen -l [-v] [-E fingerprint_hash] [-f input_keyfile]\n       ssh-keygen -y [-f input_keyfile]\n       ssh-keygen -F hostname [-f known_hosts_file] [-l]\n       ssh-keygen -R hostname [-f known_hosts_file]\n       ssh-keygen -A\n';
const SHOWN: Readonly<Record<KeyType, string>> = { rsa: 'RSA', ecdsa: 'ECDSA', ed25519: 'ED25519' };

/** A line of standard input; null at its end. */
function* answer(p: Process, question: Bytes): Op<Bytes | null> {
  yield* put(p, question);
  let line = '';
  for (;;) {
    const c: Bytes = yield* read(p, 0, 1);
    if (c === '') return line === '' ? null : line;
    if (c === '\n') return line;
    line += c;
  }
}

/** Text of a file. Throws Fatal in ssh-keygen's words. */
function textOf(p: Process, path: Bytes, word = ''): Bytes {
  try {
    return readFile(p, path);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    throw new Fatal(`${word}${path}: ${e.message}\r\n`, 255);
  }
}

/** -R and -F: takes a host's keys out of known_hosts, or shows them. */
function* knownHosts(p: Process, file: Bytes, host: Bytes, how: 'remove' | 'find', quiet: boolean, prints: boolean): Op<number> {
  const text = textOf(p, file, 'do_known_hosts: hostkeys_foreach failed: ').replace(/\n$/, '');
  const kept: Bytes[] = [];
  let found = false;
  const lines = text === '' ? [] : text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const hosts = /^\s*([^\s#@]\S*)\s/.exec(line)?.[1];
    const key = parsePublic(line);
    if (hosts === undefined || key === null || !namesHost(hosts, host)) {
      kept.push(line);
      continue;
    }
    found = true;
    if (!quiet) yield* put(p, how === 'remove' ? `# Host ${host} found: line ${i + 1}\n` : `# Host ${host} found: line ${i + 1} \n`);
    if (how === 'find') yield* put(p, prints ? `${host} ${SHOWN[key.type]} ${fingerprint(decodeBase64(key.base64).data)} ${key.comment}\n` : `${line}\n`);
  }
  if (how === 'find') return found ? 0 : 1;
  if (!found) throw new Fatal(`Host ${host} not found in ${file}\r\n`, 0);
  writeFile(p, `${file}.old`, `${text}\n`, false, 0o600);
  p.host.vfs.chmod(p, `${file}.old`, 0o644);
  writeFile(p, file, kept.map((l) => `${l}\n`).join(''));
  p.host.vfs.chmod(p, file, 0o600);
  yield* put(p, `${file} updated.\nOriginal contents retained as ${file}.old\n`);
  return 0;
}

/** -l: fingerprints of a key file's keys. */
function* fingerprints(p: Process, path: Bytes, hash: Bytes, art: boolean): Op<number> {
  const text = textOf(p, path);
  const type = privateType(text);
  // A private key is shown by the public one beside it, which has the comment.
  const pub = type === null ? text : (p.host.vfs.access(p, `${path}.pub`, 4) ? readFile(p, `${path}.pub`) : publicLine(type, publicBlob(type, text), 'no comment'));
  const keys = pub.split('\n').map(parsePublic).filter((k) => k !== null);
  if (keys.length === 0) throw new Fatal(`${path} is not a public key file.\r\n`, 255);
  for (const k of keys) {
    const blob = decodeBase64(k.base64).data;
    yield* put(p, `${bitsOf(k.type)} ${hash === 'md5' ? fingerprintMd5(blob) : fingerprint(blob)} ${k.comment === '' ? 'no comment' : k.comment} (${SHOWN[k.type]})\n`);
    if (art) yield* put(p, `${randomArt(blob, `${SHOWN[k.type]} ${bitsOf(k.type)}`)}\n`);
  }
  return 0;
}

export const sshKeygen = define({
  name: 'ssh-keygen',
  summary: 'authentication key generation, management and conversion',
  path: '/usr/bin/ssh-keygen',
  package: 'openssh',
  suite: '(OpenSSH) 7.4p1',
  help: USAGE,
  options: table('-t TYPE: type of the key: rsa, ecdsa, ed25519', '-f FILE: the key file or known_hosts file', '-N PASSPHRASE: the new passphrase; only an empty one is modelled', '-C COMMENT: the comment', '-q: quiet', '-R HOST: remove a host from known_hosts', '-F HOST: find a host in known_hosts', '-l: show the fingerprint', '-v: with the picture', '-E HASH: md5 or sha256', '-y: print the public key of a private one', '-A: make the host keys that are missing', '-b BITS: length of the key', '!-p: change the passphrase', '!-H: hash the names in known_hosts', '!-i: import', '!-e: export', '!-s KEY: certify', '!-c: change the comment', '!-B: bubblebabble'),
  getopt: { badExit: 1, tryHelp: USAGE },
  *run(p, opts) {
    const me = users(p).find((u) => u.uid === p.uid);
    if (me === undefined) throw new Fatal('No user exists for uid\r\n', 255);
    const given = opts.value('-f');
    const known = given ?? `${me.home}/.ssh/known_hosts`;
    for (const [key, how] of [['-R', 'remove'], ['-F', 'find']] as const) {
      const host = opts.value(key);
      if (host !== null) return yield* knownHosts(p, known, host, how, opts.has('-q'), opts.has('-l'));
    }
    if (opts.has('-A')) {
      makeHostKeys(p);
      return 0;
    }
    const typeName = (opts.value('-t') ?? 'rsa').toLowerCase();
    if (typeName === 'dsa' || typeName === 'rsa1') throw new Fatal(notModelledText('ssh-keygen', `a key of type ${typeName}`), 64);
    const type = KEY_TYPES.find((t) => t === typeName);
    if (type === undefined) throw new Fatal(`unknown key type ${typeName}\r\n`, 255);
    const bits = opts.value('-b');
    if (bits !== null && Number(bits) !== bitsOf(type)) throw new Fatal(notModelledText('ssh-keygen', `a key of ${bits} bits`), 64);
    const standard = `${me.home}/.ssh/id_${type}`;
    if (opts.has('-l')) return yield* fingerprints(p, given ?? standard, (opts.value('-E') ?? 'sha256').toLowerCase(), opts.has('-v'));
    if (opts.has('-y')) {
      const path = given ?? standard;
      const text = textOf(p, path);
      const kind = privateType(text);
      if (kind === null) throw new Fatal(`Load key "${path}": invalid format\r\n`, 255);
      yield* put(p, `${publicLine(kind, publicBlob(kind, text), '')}\n`);
      return 0;
    }
    return yield* generate(p, type, me, given, standard, opts.value('-N'), opts.value('-C'), opts.has('-q'));
  },
});

function* generate(p: Process, type: KeyType, me: { name: Bytes; home: Bytes }, given: Bytes | null, standard: Bytes, phrase: Bytes | null, comment: Bytes | null, quiet: boolean): Op<number> {
  if (!quiet) yield* put(p, `Generating public/private ${type} key pair.\n`);
  let path = given;
  if (path === null) {
    const typed = yield* answer(p, `Enter file in which to save the key (${standard}): `);
    if (typed === null) return 1;
    path = typed === '' ? standard : typed;
  }
  const dir = `${me.home}/.ssh`;
  if (path.includes(dir) && !p.host.vfs.access(p, dir, 0)) {
    p.host.vfs.mkdir(p, dir, 0o700);
    if (!quiet) yield* put(p, `Created directory '${dir}'.\n`);
  }
  if (p.host.vfs.access(p, path, 0)) {
    const sure = yield* answer(p, `${path} already exists.\nOverwrite (y/n)? `);
    if (sure === null || !/^y/i.test(sure)) return 1;
  }
  let secret = phrase;
  while (secret === null) {
    const one = (yield* askSecret(p, 'Enter passphrase (empty for no passphrase): ')) ?? '';
    const two = (yield* askSecret(p, 'Enter same passphrase again: ')) ?? '';
    if (one === two) secret = one;
    else yield* put(p, 'Passphrases do not match.  Try again.\n');
  }
  if (secret !== '') throw new Fatal(notModelledText('ssh-keygen', 'a key with a passphrase'), 64);
  const text = newPrivateKey(type, keyRandom(p, 'ssh-keygen'));
  const blob = publicBlob(type, text);
  const note = comment ?? `${me.name}@${p.host.kernel.hostname}`;
  try {
    writeFile(p, path, text, false, 0o600);
    p.host.vfs.chmod(p, path, 0o600);
    if (!quiet) yield* put(p, `Your identification has been saved in ${path}.\n`);
    writeFile(p, `${path}.pub`, `${publicLine(type, blob, note)}\n`, false, 0o644);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    throw new Fatal(`Saving key "${path}" failed: ${e.message}\r\n`, 1);
  }
  if (!quiet) yield* put(p, `Your public key has been saved in ${path}.pub.\nThe key fingerprint is:\n${fingerprint(blob)} ${note}\nThe key's randomart image is:\n${randomArt(blob, `${SHOWN[type]} ${bitsOf(type)}`)}\n`);
  return 0;
}

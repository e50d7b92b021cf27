// Keys of SSH: files, public parts and fingerprints in OpenSSH's formats (RFC 4253 §6.6, RFC 5656, RFC 8709).
// No arithmetic is done: the public part is derived from the private file's text by a hash, so that whoever holds the file holds the key.
// Not modelled: passphrases, certificates, DSA keys, agents.
import type { Process } from '../../host/process';
import type { Bytes } from '../../lib/text';
import { encodeBase64 } from '../base64';
import { md5, sha256Bytes } from '../hashes';

export type KeyType = 'rsa' | 'ecdsa' | 'ed25519';
export const KEY_TYPES: readonly KeyType[] = ['rsa', 'ecdsa', 'ed25519'];

/** Name of a key type in key files. */
export const WIRE_NAME: Readonly<Record<KeyType, string>> = { rsa: 'ssh-rsa', ecdsa: 'ecdsa-sha2-nistp256', ed25519: 'ssh-ed25519' };
const BITS: Readonly<Record<KeyType, number>> = { rsa: 2048, ecdsa: 256, ed25519: 256 };
const ARMOUR: Readonly<Record<KeyType, string>> = { rsa: 'RSA', ecdsa: 'EC', ed25519: 'OPENSSH' };
/** What the armoured bytes begin with, and how many there are. */
const PRIVATE: Readonly<Record<KeyType, readonly [Bytes, number]>> = {
  rsa: ['\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00', 1192], ecdsa: ['\x30\x77\x02\x01\x01\x04\x20', 121], ed25519: ['openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none', 402],
};

/** Made before: hosts of one seed have the same keys in every lab. The memory of pure functions, so no lab can tell. */
const made = new Map<Bytes, Bytes>();
const MADE = 512;

function once(key: Bytes, make: () => Bytes): Bytes {
  const known = made.get(key);
  if (known !== undefined) return known;
  const out = make();
  if (made.size >= MADE) made.clear();
  made.set(key, out);
  return out;
}

/** `n` bytes that follow from `seed`. */
function stretch(seed: Bytes, n: number): Bytes {
  let out = '';
  for (let i = 0; out.length < n; i++) out += sha256Bytes(`${i}/${seed}`);
  return out.slice(0, n);
}

const u32 = (n: number): Bytes => String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
/** A string of RFC 4251. */
const field = (s: Bytes): Bytes => u32(s.length) + s;

/** The text of a new private key; `next` gives random words. */
export function newPrivateKey(type: KeyType, next: () => number): Bytes {
  const seed = Array.from({ length: 8 }, () => u32(next())).join('');
  return once(`private ${type} ${seed}`, () => {
    const [head, size] = PRIVATE[type];
    const body = encodeBase64(head + stretch(seed, size - head.length));
    const name = ARMOUR[type];
    return `-----BEGIN ${name} PRIVATE KEY-----\n${body.match(/.{1,64}/g)!.join('\n')}\n-----END ${name} PRIVATE KEY-----\n`;
  });
}

/** Type of a private key file; null when it is none. */
export function privateType(text: Bytes): KeyType | null {
  const m = /^-----BEGIN (RSA|EC|OPENSSH) PRIVATE KEY-----\n[A-Za-z0-9+/=\n]+\n-----END \1 PRIVATE KEY-----\n?$/.exec(text);
  return m === null ? null : (KEY_TYPES.find((t) => ARMOUR[t] === m[1]) ?? null);
}

/** The public part of a private key's text. */
export function publicBlob(type: KeyType, text: Bytes): Bytes {
  const name = WIRE_NAME[type];
  return once(`public ${type} ${text}`, () => {
    if (type === 'rsa') return field(name) + field('\x01\0\x01') + field(`\0${String.fromCharCode(0x80 | stretch(text, 1).charCodeAt(0))}${stretch(`n${text}`, 255)}`);
    if (type === 'ecdsa') return field(name) + field('nistp256') + field(`\x04${stretch(text, 64)}`);
    return field(name) + field(stretch(text, 32));
  });
}

/** A line of a .pub file, without its newline. */
export const publicLine = (type: KeyType, blob: Bytes, comment: Bytes): Bytes => `${WIRE_NAME[type]} ${encodeBase64(blob)}${comment === '' ? '' : ` ${comment}`}`;

/** Type, base64 and comment of a line of a .pub, authorized_keys or known_hosts file (its part from the type on); null for anything else. */
export function parsePublic(line: Bytes): { type: KeyType; base64: Bytes; comment: Bytes } | null {
  const m = /(?:^|\s)(ssh-rsa|ecdsa-sha2-nistp256|ssh-ed25519) ([A-Za-z0-9+/]+=*)(?: (.*))?$/.exec(line.trimEnd());
  if (m === null || line.startsWith('#')) return null;
  return { type: KEY_TYPES.find((t) => WIRE_NAME[t] === m[1])!, base64: m[2]!, comment: m[3] ?? '' };
}

/** `SHA256:...` as ssh shows it. */
export const fingerprint = (blob: Bytes): Bytes => `SHA256:${encodeBase64(sha256Bytes(blob)).replace(/=+$/, '')}`;
/** `MD5:aa:bb:...`. */
export const fingerprintMd5 = (blob: Bytes): Bytes => `MD5:${md5(blob).match(/../g)!.join(':')}`;
export const bitsOf = (type: KeyType): number => BITS[type];

/** A process's source of random words for keys. */
export const keyRandom = (p: Process, stream: string): (() => number) => () => p.host.world.rng.next(`${stream}/${p.host.name}`);

/** Makes the host keys that are missing, as sshd-keygen does at the first start. */
export function makeHostKeys(p: Process): void {
  for (const type of KEY_TYPES) {
    const path = `/etc/ssh/ssh_host_${type}_key`;
    if (p.host.vfs.exists(path)) continue;
    const text = newPrivateKey(type, keyRandom(p, `sshd-keygen/${type}`));
    p.host.vfs.put(path, text, { mode: 0o640 });
    p.host.vfs.put(`${path}.pub`, `${publicLine(type, publicBlob(type, text), '')}\n`, { mode: 0o644 });
  }
}

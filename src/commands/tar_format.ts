// The ustar archive format: 512-byte headers and blocks. Counterpart: POSIX pax(1) ustar, GNU tar's long names ('L' records).
import type { Bytes } from '../lib/text';

/** One member. */
export interface Member {
  name: Bytes;
  mode: number;
  uid: number;
  gid: number;
  mtime: number;
  type: 'file' | 'dir' | 'symlink' | 'link' | 'fifo';
  link: Bytes;
  user: Bytes;
  group: Bytes;
  data: Bytes;
}

const BLOCK = 512;
const TYPES = { file: '0', link: '1', symlink: '2', dir: '5', fifo: '6' } as const;

const octal = (n: number, width: number): Bytes => `${Math.floor(n).toString(8).padStart(width - 1, '0')}\0`;
const pad = (text: Bytes, width: number): Bytes => text.slice(0, width).padEnd(width, '\0');
const blocks = (data: Bytes): Bytes => data + '\0'.repeat((BLOCK - (data.length % BLOCK)) % BLOCK);

function header(m: Member, name: Bytes, type: string, size: number): Bytes {
  const before = pad(name, 100) + octal(m.mode & 0o7777, 8) + octal(m.uid, 8) + octal(m.gid, 8) + octal(size, 12) + octal(m.mtime, 12);
  const after = type + pad(m.link, 100) + 'ustar  \0' + pad(m.user, 32) + pad(m.group, 32) + '\0'.repeat(16) + '\0'.repeat(155);
  const full = `${before}        ${after}`.padEnd(BLOCK, '\0');
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += full.charCodeAt(i);
  return `${full.slice(0, 148)}${sum.toString(8).padStart(6, '0')}\0 ${full.slice(156)}`;
}

/** Header and data of one member. */
export function packMember(m: Member): Bytes {
  let o = '';
  if (m.name.length > 100) o += header({ ...m, link: '', mode: 0, uid: 0, gid: 0, mtime: 0 }, '././@LongLink', 'L', m.name.length + 1) + blocks(`${m.name}\0`);
  const data = m.type === 'file' ? m.data : '';
  return o + header(m, m.name, TYPES[m.type], data.length) + blocks(data);
}

/** Two zero blocks, filled to the record size of 20 blocks. */
export function endOfArchive(length: number): Bytes {
  const end = length + 2 * BLOCK;
  const record = 20 * BLOCK;
  return '\0'.repeat(Math.ceil(end / record) * record - length);
}

/** Members of an archive; `bad` when it is none, `end` where the zero blocks begin. */
export function unpack(data: Bytes): { members: Member[]; bad: boolean; end: number } {
  const members: Member[] = [];
  let at = 0;
  let longName: Bytes | null = null;
  while (at + BLOCK <= data.length) {
    const h = data.slice(at, at + BLOCK);
    if (/^\0+$/.test(h)) return { members, bad: false, end: at };
    const number = (from: number, width: number): number => Number.parseInt(h.slice(from, from + width).replace(/[\0 ].*$/s, '') || '0', 8);
    const text = (from: number, width: number): Bytes => h.slice(from, from + width).replace(/\0.*$/s, '');
    let sum = 0;
    for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : h.charCodeAt(i);
    if (sum !== Number.parseInt(h.slice(148, 156).replace(/[\0 ]+/g, '') || '0', 8)) return { members, bad: true, end: at };
    const size = number(124, 12);
    const body = data.slice(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const flag = h[156]!;
    if (flag === 'L') {
      longName = body.replace(/\0.*$/s, '');
      continue;
    }
    const prefix = h.slice(257, 263) === 'ustar\0' ? text(345, 155) : '';
    const name = longName ?? (prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`);
    longName = null;
    const type = flag === '5' || (flag !== '2' && name.endsWith('/')) ? 'dir' : flag === '2' ? 'symlink' : flag === '1' ? 'link' : flag === '6' ? 'fifo' : 'file';
    members.push({ name, mode: number(100, 8), uid: number(108, 8), gid: number(116, 8), mtime: number(136, 12), type, link: text(157, 100), user: text(265, 32), group: text(297, 32), data: body });
  }
  return { members, bad: data.length > 0 && members.length === 0, end: at };
}

// df: space on file systems. Counterpart: coreutils df.c. The one disk has a fixed size; what is used is what files take.
import { DISK_KB, INODES, SYSTEM_KB } from '../host/inode';
import type { Op, Process } from '../host/process';
import { strerror } from '../lib/errno';
import { define, put, quoteIfNeeded, say, tryCall } from './io';
import { table } from './options';
import { humanSize } from './size_arg';
import { du1 } from './du';


interface Row { source: string; type: string; kb: number; used: number; avail?: number; on: string; inodes: number; iused: number }

/** NFS mounts, as their servers tell: each is asked first. */
function* remote(p: Process): Op<Row[]> {
  const rows: Row[] = [];
  for (const m of p.host.nfs?.mounts ?? []) {
    yield* p.host.nfs!.wait(p, p.host.nfs!.ask(m, { op: 'GET', fh: m.rootFh, known: '', read: false }, p));
    const [kb, used, avail, inodes, free] = m.space;
    rows.push({ source: m.source, type: 'nfs4', kb, used, avail, on: m.point, inodes, iused: inodes - free });
  }
  return rows;
}

export const df = define({
  name: 'df',
  summary: 'Show information about the file system on which each FILE resides, or all file systems by default.',
  path: '/usr/bin/df',
  package: 'coreutils',
  options: table('-a --all: include pseudo, duplicate, inaccessible file systems', '!-B --block-size SIZE: scale sizes by SIZE', '-h --human-readable: print sizes in powers of 1024', '-H --si: print sizes in powers of 1000', '-i --inodes: list inode information instead of block usage', '-k: like --block-size=1K', '-l --local: limit listing to local file systems', '-m: like --block-size=1M', '!--output [FIELDS]: use the output format defined by FIELDS', '-P --portability: use the POSIX output format', '--no-sync: do not invoke sync before getting usage info', '--sync: invoke sync before getting usage info', '--total: elide all entries insignificant to available space', '-t --type TYPE: limit listing to file systems of type TYPE', '-T --print-type: print file system type', '-x --exclude-type TYPE: limit listing to file systems not of type TYPE'),
  getopt: { badExit: 1 },
  *run(p, opts, args) {
    let status = 0;
    const used = SYSTEM_KB + Math.ceil(du1(p, '/root') / 2) + Math.ceil(du1(p, '/tmp') / 2);
    const avail = DISK_KB - used - Math.floor(DISK_KB / 20);
    const mounts: Row[] = [
      { source: 'udev', type: 'devtmpfs', kb: 988_612, used: 0, on: '/dev', inodes: 247_153, iused: 300 },
      { source: 'tmpfs', type: 'tmpfs', kb: 201_456, used: 620, on: '/run', inodes: 251_816, iused: 520 },
      { source: '/dev/vda1', type: 'ext4', kb: DISK_KB, used, on: '/', inodes: INODES, iused: 42_318 },
      { source: 'tmpfs', type: 'tmpfs', kb: 1_007_264, used: 0, on: '/dev/shm', inodes: 251_816, iused: 1 },
      ...(yield* remote(p)),
    ];
    let rows = args.length === 0 ? mounts : [];
    for (const a of args) {
      const st = tryCall(() => p.host.vfs.realpath(p, a));
      if (st.errno !== null) {
        status = 1;
        yield* say(p, 'df', `${quoteIfNeeded(a)}: ${strerror(st.errno)}`);
        continue;
      }
      const path = st.ok;
      rows.push(mounts.filter((m) => m.on === '/' || path === m.on || path.startsWith(`${m.on}/`)).sort((x, y) => y.on.length - x.on.length)[0]!);
    }
    const t = opts.value('-t');
    const x = opts.value('-x');
    rows = rows.filter((m) => (t === null || m.type === t) && (x === null || m.type !== x));
    if (rows.length === 0) {
      if (status === 0) yield* say(p, 'df', 'no file systems processed');
      return 1;
    }
    const si = opts.last('-h', '-H') === '-H';
    const human = opts.has('-h') || opts.has('-H');
    const size = (kb: number): string => (human ? (kb === 0 ? '0' : humanSize(kb * 1024, si ? 1000 : 1024)) : opts.has('-m') ? String(Math.ceil(kb / 1024)) : String(kb));
    const percent = (u: number, a: number): string => (u + a === 0 ? '-' : `${Math.ceil((u * 100) / (u + a))}%`);
    const inodes = opts.has('-i');
    const head = ['Filesystem', ...(opts.has('-T') ? ['Type'] : []), ...(inodes ? ['Inodes', 'IUsed', 'IFree', 'IUse%'] : [human ? 'Size' : opts.has('-m') ? '1M-blocks' : opts.has('-P') ? '1024-blocks' : '1K-blocks', 'Used', human ? 'Avail' : 'Available', opts.has('-P') ? 'Capacity' : 'Use%']), 'Mounted on'];
    const cells = rows.map((m) => {
      const free = m.on === '/' ? avail : (m.avail ?? m.kb - m.used);
      return [m.source, ...(opts.has('-T') ? [m.type] : []), ...(inodes ? [String(m.inodes), String(m.iused), String(m.inodes - m.iused), percent(m.iused, m.inodes - m.iused)] : [size(m.kb), size(m.used), size(free), percent(m.used, free)]), m.on];
    });
    const all = [head, ...cells];
    const widths = head.map((_h, i) => Math.max(i === 0 ? 14 : i === (opts.has('-T') ? 2 : 1) || i === (opts.has('-T') ? 3 : 2) || i === (opts.has('-T') ? 4 : 3) ? 5 : 4, ...all.map((r) => r[i]!.length)));
    const leftColumns = opts.has('-T') ? 2 : 1;
    yield* put(p, all.map((r) => `${r.map((c, i) => (i === r.length - 1 ? c : i < leftColumns ? c.padEnd(widths[i]!) : c.padStart(widths[i]!))).join(' ')}\n`).join(''));
    return status;
  },
});

// A mounted folder as the client keeps it: options, and what it knows of each file. Plain data. Counterpart: struct nfs_server, nfs_inode.
import type { Errno } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import type { Ip } from '../../wire/packet';

/** Options of a mount that change something here. Times are seconds, `timeo` tenths of one. */
export interface NfsOptions {
  ro: boolean;
  soft: boolean;
  timeo: number;
  retrans: number;
  acregmin: number;
  acregmax: number;
  acdirmin: number;
  acdirmax: number;
  resvport: boolean;
  /** '4.0', '4.1' or '4.2'. */
  vers: string;
  /** Minutes mount.nfs goes on trying. */
  retry: number;
  /** Bytes a READ or WRITE carries at most, as the kernel rounds them. */
  rsize: number;
  wsize: number;
  /** noexec is kept to; nosuid, nodev, noatime and sync are shown and ask for what is so anyway: there are no set-uid programs or devices on a mount, its times are the server's, and a change is told before its maker goes on. */
  flags: string[];
  /** An entry of fstab that needs the network (_netdev) or is left alone at boot (noauto), and the like. */
  comments: string[];
}

export const DEFAULT_OPTIONS: Readonly<NfsOptions> = Object.freeze({
  ro: false, soft: false, timeo: 600, retrans: 2, acregmin: 3, acregmax: 60, acdirmin: 30, acdirmax: 60, resvport: true, vers: '4.1', retry: 2, rsize: 262144, wsize: 262144, flags: [], comments: [],
});

/** What the client knows of one file. */
export interface NfsNode {
  /** The server's handle; 0 while its creation has not been answered. */
  fh: number;
  /** The change the content at hand belongs to; '' when none is at hand. */
  change: Bytes;
  /** When attributes came, us, and for how long they are believed. */
  at: number;
  ttl: number;
  /** What the server said of it last, when that was a refusal. */
  error: Errno | null;
}

export interface NfsMount {
  readonly id: number;
  /** Where it is mounted. */
  readonly point: Bytes;
  /** As typed: data60:/data. */
  readonly source: Bytes;
  readonly server: Ip;
  /** The folder on the server. */
  readonly path: Bytes;
  /** Handle of that folder, and the inode that stands for it here. */
  readonly rootFh: number;
  root: number;
  readonly options: NfsOptions;
  /** Who the server takes a user for, by uid. */
  as: Map<number, readonly [number, number]>;
  /** The server lets nobody here write. */
  exportRo: boolean;
  space: readonly [number, number, number, number, number];
  /** By inode number here, and the way back from the server's handles. */
  nodes: Map<number, NfsNode>;
  byHandle: Map<number, number>;
  /** Changes the server has not answered yet, in order; the first one is on its way when `sending`. */
  owed: Owed[];
  sending: boolean;
}

/** A change made here; files by their inode numbers here, because a handle may not have come yet. */
export type NfsChange =
  | { op: 'create'; dir: number; name: Bytes; ino: number }
  | { op: 'remove'; dir: number; name: Bytes }
  | { op: 'rename'; dir: number; name: Bytes; toDir: number; toName: Bytes }
  | { op: 'link'; ino: number; dir: number; name: Bytes }
  | { op: 'attr'; ino: number; mode?: number; uid?: number; gid?: number; size?: number; atime?: number; mtime?: number }
  | { op: 'write'; ino: number; offset: number; data: Bytes };

export interface Owed {
  /** Who made it and waits for the answer; 0 for the host itself. */
  pid: number;
  uid: number;
  gid: number;
  change: NfsChange;
}

/** What the server offers at most for rsize and wsize, and what too small a number becomes. */
const IO_SIZE = { least: 1024, otherwise: 4096, most: 262144 } as const;

/** nfs_io_size(): a power of two, no more than the server takes. */
const ioSize = (n: number): number => (n < IO_SIZE.least ? IO_SIZE.otherwise : 1 << (31 - Math.clz32(Math.min(n, IO_SIZE.most))));

/** The part of an option string that names `key=value` and words. Null with the word that is not taken. */
export function parseMountOptions(text: Bytes, base: NfsOptions = DEFAULT_OPTIONS): { options: NfsOptions } | { bad: Bytes; notModelled: boolean } {
  const o: NfsOptions = { ...base, flags: [...base.flags], comments: [...base.comments] };
  for (const word of text.split(',')) {
    const [key = '', value] = word.split('=') as [string, string?];
    const n = Number(value);
    const number = value !== undefined && /^\d+$/.test(value);
    switch (key) {
      case '': case 'defaults': case 'rw': case 'hard': case 'nosoft': case 'ac': case 'cto': case 'nolock': case 'lock': case 'fg': case 'intr': case 'nointr': case 'tcp': case 'async': case 'relatime': case 'remount':
        if (key === 'rw') o.ro = false;
        if (key === 'hard') o.soft = false;
        if (key === 'remount') return { bad: word, notModelled: true };
        break;
      case 'ro': o.ro = true; break;
      case 'soft': o.soft = true; break;
      case 'resvport': o.resvport = true; break;
      case 'noresvport': o.resvport = false; break;
      case 'noac': o.acregmin = o.acregmax = o.acdirmin = o.acdirmax = 0; break;
      case 'actimeo': case 'timeo': case 'retrans': case 'acregmin': case 'acregmax': case 'acdirmin': case 'acdirmax': case 'retry':
        if (!number) return { bad: word, notModelled: false };
        if (key === 'actimeo') o.acregmin = o.acregmax = o.acdirmin = o.acdirmax = n;
        else o[key] = n;
        break;
      case 'vers': case 'nfsvers':
        if (!/^[234](\.[0-2])?$/.test(value ?? '') || /^[23]\./.test(value ?? '')) return { bad: word, notModelled: false };
        if (!value!.startsWith('4')) return { bad: word, notModelled: true };
        o.vers = value === '4' ? '4.1' : value!;
        break;
      case 'proto':
        if (value !== 'tcp') return { bad: word, notModelled: value === 'udp' || value === 'rdma' || value === 'tcp6' };
        break;
      case 'nosuid': case 'nodev': case 'noexec': case 'noatime': case 'nodiratime': case 'sync': o.flags.push(key); break;
      case '_netdev': case 'auto': case 'noauto': case 'nofail': case 'user': case 'users': case 'nouser': o.comments.push(word); break;
      case 'rsize': case 'wsize':
        if (!number) return { bad: word, notModelled: false };
        o[key] = ioSize(n);
        break;
      default:
        if (/^x-systemd\.|^comment$/.test(key)) o.comments.push(word);
        else return { bad: word, notModelled: /^(bg|port|mountport|mountproto|mountvers|mounthost|sec|clientaddr|nocto|nosharecache|sharecache|lookupcache|local_lock|minorversion|migration|fsc|nconnect|softerr|bind|loop|nordirplus)$/.test(key) };
    }
  }
  return { options: o };
}

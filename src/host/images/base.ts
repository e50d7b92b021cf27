// What every image has: directories, devices, account files' form. Linux counterpart: the Filesystem Hierarchy Standard, devtmpfs.
import type { Bytes } from '../../lib/text';
import type { ImageFile, ImageFiles } from './image';

const dir = (mode = 0o755, uid = 0, gid = 0): ImageFile => ({ type: 'dir', mode, uid, gid });
const chr = (major: number, minor: number, mode: number, gid = 0): ImageFile => ({ type: 'chr', rdev: [major, minor], mode, gid });

/** Directories and links of a usr-merged system. */
export const DIRECTORIES: ImageFiles = {
  '/usr/bin': dir(), '/usr/sbin': dir(), '/usr/lib': dir(), '/usr/lib64': dir(), '/usr/local/bin': dir(), '/usr/local/sbin': dir(), '/usr/share': dir(), '/usr/libexec': dir(),
  '/bin': { to: 'usr/bin' }, '/sbin': { to: 'usr/sbin' }, '/lib': { to: 'usr/lib' }, '/lib64': { to: 'usr/lib64' },
  '/boot': dir(), '/dev': dir(), '/dev/pts': dir(), '/dev/shm': dir(0o1777), '/etc': dir(), '/home': dir(), '/media': dir(), '/mnt': dir(), '/opt': dir(),
  '/proc': dir(0o555), '/root': dir(0o700), '/run': dir(), '/run/lock': dir(0o1777), '/srv': dir(), '/sys': dir(0o555), '/tmp': dir(0o1777),
  '/var/cache': dir(), '/var/lib': dir(), '/var/log': dir(), '/var/spool': dir(), '/var/tmp': dir(0o1777), '/var/run': { to: '/run' }, '/var/lock': { to: '/run/lock' },
};

/** Device nodes. */
export const DEVICES: ImageFiles = {
  '/dev/console': chr(5, 1, 0o600), '/dev/full': chr(1, 7, 0o666), '/dev/kmsg': chr(1, 11, 0o644), '/dev/null': chr(1, 3, 0o666), '/dev/ptmx': chr(5, 2, 0o666, 5),
  '/dev/random': chr(1, 8, 0o666), '/dev/tty': chr(5, 0, 0o666, 5), '/dev/tty0': chr(4, 0, 0o620, 5), '/dev/tty1': chr(4, 1, 0o620, 5), '/dev/urandom': chr(1, 9, 0o666),
  '/dev/zero': chr(1, 5, 0o666), '/dev/vda': { type: 'blk', rdev: [254, 0], mode: 0o660, gid: 6 }, '/dev/vda1': { type: 'blk', rdev: [254, 1], mode: 0o660, gid: 6 },
  '/dev/fd': { to: '/proc/self/fd' }, '/dev/stdin': { to: '/proc/self/fd/0' }, '/dev/stdout': { to: '/proc/self/fd/1' }, '/dev/stderr': { to: '/proc/self/fd/2' },
};

/** Types by file name extension, as web servers know them. */
export const MIME: Readonly<Record<string, string>> = {
  html: 'text/html', htm: 'text/html', shtml: 'text/html', css: 'text/css', xml: 'text/xml', gif: 'image/gif', jpeg: 'image/jpeg', jpg: 'image/jpeg',
  js: 'application/javascript', txt: 'text/plain', png: 'image/png', svg: 'image/svg+xml', ico: 'image/x-icon', json: 'application/json', pdf: 'application/pdf',
  zip: 'application/zip', mp3: 'audio/mpeg', mp4: 'video/mp4', webm: 'video/webm', woff: 'font/woff', woff2: 'font/woff2', rss: 'application/rss+xml', md: 'text/markdown',
  gz: 'application/gzip', tar: 'application/x-tar', rpm: 'application/x-redhat-package-manager', bin: 'application/octet-stream', iso: 'application/octet-stream',
};

/** MIME as nginx's `types` block. */
export const nginxTypes = (): Bytes => {
  const by = new Map<string, string[]>();
  for (const [ext, type] of Object.entries(MIME)) by.set(type, [...(by.get(type) ?? []), ext]);
  return `\ntypes {\n${[...by].map(([type, exts]) => `    ${type.padEnd(38)}${exts.join(' ')};\n`).join('')}}\n`;
};

/** MIME as /etc/mime.types. */
export const mimeTypes = (): Bytes => {
  const by = new Map<string, string[]>();
  for (const [ext, type] of Object.entries(MIME)) by.set(type, [...(by.get(type) ?? []), ext]);
  return [...by].map(([type, exts]) => `${type.padEnd(48)}${exts.join(' ')}\n`).join('');
};

/** Routing table names and friends of iproute2. */
export const IPROUTE2: ImageFiles = {
  '/etc/iproute2/rt_tables': '#\n# reserved values\n#\n255\tlocal\n254\tmain\n253\tdefault\n0\tunspec\n#\n# local\n#\n#1\tinr.ruhep\n',
  '/etc/iproute2/rt_scopes': '#\n# reserved values\n#\n0\tglobal\n255\tnowhere\n254\thost\n253\tlink\n#\n# pseudo-reserved\n#\n200\tsite\n',
  '/etc/iproute2/rt_protos':
    '#\n# Reserved protocols.\n#\n0\tunspec\n1\tredirect\n2\tkernel\n3\tboot\n4\tstatic\n8\tgated\n9\tra\n10\tmrt\n11\tzebra\n12\tbird\n13\tdnrouted\n14\txorp\n15\tntk\n16\tdhcp\n18\tkeepalived\n42\tbabel\n99\topenr\n186\tbgp\n187\tisis\n188\tospf\n189\trip\n192\teigrp\n',
};

// The file system: names, permissions, attributes and errors as the kernel gives them.
import { describe, expect, test } from 'vitest';
import { SysError } from '../lib/errno';
import type { Host } from './host';
import { el } from './images/el';
import type { Process } from './process';
import { hosts } from './test_host';

const n = hosts(el, { lan: { box: '192.168.4.60/24' } });
const host: Host = n.host('box');
const v = host.vfs;
const root = host.fork(null);
root.cwd = '/root';
const nobody = host.fork(null);
nobody.uid = nobody.gid = 99;
nobody.cwd = '/tmp';

const err = (f: () => unknown): unknown => {
  try {
    return f() ?? null;
  } catch (e) {
    if (e instanceof SysError) return e.errno;
    throw e;
  }
};
const write = (p: Process, path: string, data: string, append = false): unknown =>
  err(() => {
    const f = v.open(p, path, { write: true, create: true, truncate: !append, append }, 0o666);
    if (f.kind === 'inode') v.writeOpen(p, f, data);
  });

test('names and links', () => {
  expect(v.realpath(root, '/bin/../sbin/httpd')).toBe('/usr/sbin/httpd');
  expect(v.readlink(root, '/etc/rc.local')).toBe('rc.d/rc.local');
  expect(v.stat(root, '/etc/rc.local').mode).toBe(0o644);
  v.mkdir(root, 'd/', 0o777);
  expect([v.stat(root, 'd').mode, v.stat(root, 'd').nlink, v.stat(root, '/root').nlink]).toEqual([0o755, 2, 4]);
  write(root, 'd/a', 'one');
  v.link(root, 'd/a', 'd/b');
  v.symlink(root, 'b', 'd/s');
  v.symlink(root, 'loop', 'd/loop');
  write(root, 'd/s', '+two', true);
  expect([v.read('/root/d/a'), v.stat(root, 'd/a').nlink, v.lstat(root, 'd/s').size, v.stat(root, 'd/s').size]).toEqual(['one+two', 2, 1, 7]);
  expect([
    err(() => v.stat(root, 'd/loop')), err(() => v.stat(root, 'd/a/x')), err(() => v.stat(root, 'd/a/')), err(() => v.stat(root, '')), err(() => v.mkdir(root, 'd', 0o777)),
    err(() => v.rmdir(root, 'd')), err(() => v.unlink(root, 'd')), err(() => v.rmdir(root, 'd/a')), err(() => v.link(root, 'd', 'e')), err(() => v.rename(root, 'd', 'd/e')),
    err(() => v.rename(root, 'd/a', 'd')), err(() => v.rename(root, 'd', 'd/a')), err(() => v.rmdir(root, '/proc')), err(() => v.mkdir(root, '/proc/x', 0o777)), err(() => v.open(root, 'd', { write: true }, 0)),
    err(() => v.stat(root, `/${'x'.repeat(256)}`)), err(() => v.link(root, 'd/a', '/proc/x')),
  ]).toEqual(['ELOOP', 'ENOTDIR', 'ENOTDIR', 'ENOENT', 'EEXIST', 'ENOTEMPTY', 'EISDIR', 'ENOTDIR', 'EPERM', 'EINVAL', 'EISDIR', 'EINVAL', 'EBUSY', 'ENOENT', 'EISDIR', 'ENAMETOOLONG', 'EXDEV']);
  v.rename(root, 'd', 'e');
  expect(v.readdir(root, 'e')).toEqual(['a', 'b', 's', 'loop']);
});

test('who may', () => {
  write(nobody, 'mine', 'x');
  expect([
    write(nobody, '/etc/x', 'x'), write(nobody, '/etc/hosts', 'x'), err(() => v.readdir(nobody, '/root')), err(() => v.stat(nobody, '/root/e')), err(() => v.chmod(nobody, '/etc/hosts', 0)),
    err(() => v.chown(nobody, 'mine', 0, 0, true)), v.access(nobody, '/etc/hosts', 4), v.access(nobody, '/etc/hosts', 2), v.access(root, '/etc/hosts', 1), v.access(root, '/usr/bin/true', 1),
  ]).toEqual(['EACCES', 'EACCES', 'EACCES', 'EACCES', 'EPERM', 'EPERM', true, false, false, true]);
  write(root, '/tmp/theirs', 'x');
  expect([err(() => v.unlink(nobody, 'theirs')), err(() => v.rename(nobody, 'theirs', 'y')), err(() => v.unlink(nobody, 'mine'))]).toEqual(['EPERM', 'EPERM', null]);
});

describe('attributes', () => {
  write(root, '/root/f', 'line\n');
  const all = (path: string): unknown[] => [
    write(root, path, 'x'), write(root, path, 'x', true), err(() => v.unlink(root, path)), err(() => v.rename(root, path, '/root/g')), err(() => v.link(root, path, '/root/h')),
    err(() => v.chmod(root, path, 0o600)), err(() => v.chown(root, path, 1, 1, true)), err(() => v.truncate(root, path, 0)),
  ];
  test('+i refuses everything', () => {
    v.setAttrs(root, '/root/f', 'ie');
    expect([v.getAttrs(root, '/root/f'), ...all('/root/f')]).toEqual(['ie', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM']);
  });
  test('+a lets append', () => {
    v.setAttrs(root, '/root/f', 'a');
    expect([...all('/root/f'), v.read('/root/f')]).toEqual(['EPERM', null, 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'EPERM', 'line\nx']);
  });
  test('+i on a directory keeps its names', () => {
    v.mkdirs('/root/dir');
    write(root, '/root/dir/in', '1');
    v.setAttrs(root, '/root/dir', 'i');
    expect([write(root, '/root/dir/new', 'x'), err(() => v.unlink(root, '/root/dir/in')), write(root, '/root/dir/in', '2'), err(() => v.mkdir(root, '/root/dir/sub', 0o777))]).toEqual(['EPERM', 'EPERM', null, 'EPERM']);
  });
});

test('a deleted file stays readable while it is open', () => {
  write(root, '/root/gone', 'still here');
  const f = v.open(root, '/root/gone', { read: true }, 0);
  root.fds.set(9, f);
  v.unlink(root, '/root/gone');
  expect([f.kind === 'inode' ? v.data(f.ino) : '', v.readlink(root, `/proc/${root.pid}/fd/9`), v.exists('/root/gone')]).toEqual(['still here', '/root/gone (deleted)', false]);
});

test('devices, /proc and /sys', () => {
  expect([v.open(root, '/dev/null', { write: true }, 0).kind, v.stat(root, '/dev/zero').rdevMinor, err(() => v.open(root, '/dev/tty', { read: true }, 0))]).toEqual(['null', 5, 'ENXIO']);
  // A walk through /proc ends: a thread has no threads of its own.
  const walk = (dir: string): string[] => v.readdir(root, dir).flatMap((n) => (v.lstat(root, `${dir}/${n}`).type === 'dir' ? walk(`${dir}/${n}`) : [`${dir}/${n}`]));
  const thread = `/proc/${root.pid}/task/${root.pid}`;
  expect(walk(`/proc/${root.pid}/task`).filter((x) => /net\/(arp|dev)$|comm$|\/task$/.test(x))).toEqual([`${thread}/comm`, `${thread}/net/arp`, `${thread}/net/dev`]);
  expect([v.read('/proc/sys/net/ipv4/ip_forward'), write(root, '/proc/sys/net/ipv4/ip_forward', '1\n', true), host.kernel.ipForward, write(root, '/proc/sys/net/ipv4/ip_forward', 'abc\n', true)]).toEqual(['0\n', null, true, 'EINVAL']);
  expect([write(root, '/proc/sys/net/ipv4/nosuch', '1'), write(root, '/proc/version', '1', true), write(nobody, '/proc/sys/net/ipv4/ip_forward', '0', true)]).toEqual(['ENOENT', 'EACCES', 'EACCES']);
  expect(v.readdir(root, '/proc/sys/net/ipv4/conf').sort()).toEqual(['all', 'default', 'eth0', 'lo']);
  expect([v.read('/sys/class/net/eth0/address'), v.read('/sys/class/net/lo/operstate'), v.read('/sys/class/net/eth0/statistics/rx_packets')]).toEqual(['02:00:00:00:00:00\n', 'unknown\n', '0\n']);
  expect(v.read('/proc/net/route')!.split('\n')[1]!.trimEnd()).toBe('eth0\t0004A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0');
  expect(v.read('/proc/self/comm')).toBe(null); // the kernel itself is no process
  expect(v.exists('/proc/net/ip_vs')).toBe(false);
});

test('a host of the same image sees nothing of it', () => {
  const other = hosts(el, { lan: { box: '192.168.4.60/24' } }).host('box');
  expect([other.vfs.exists('/root/e'), other.image.inodes.size]).toEqual([false, host.image.inodes.size]);
});

// NFS as an administrator meets it: exported, mounted, changed on either side, refused, gone and back. Whole outputs; texts of nfs-utils are from knowledge.
import { describe, expect, test } from 'vitest';
import { utf8Encode } from '../lib/text';
import { Lab } from './lab';
import { isProblem, parseJournal } from './journal';
import type { Topology } from './topology';

const HOSTS = '127.0.0.1 localhost\n192.168.4.52 web52\n192.168.4.53 web53\n192.168.4.60 data60\n';
const topology: Topology = {
  image: 'el',
  segments: [{ name: 'lan' }],
  hosts: ['client50', 'web52', 'web53', 'data60'].map((name) => ({
    name, interfaces: { eth0: { segment: 'lan', address: `192.168.4.${name.slice(-2)}/24` } }, packages: name === 'client50' ? [] : ['nfs-utils'], files: { '/etc/hosts': HOSTS },
  })),
};

/** What a command prints on both streams, and its status when it failed. */
const said = (lab: Lab, host: string, command: string): string => {
  const r = lab.exec(host, command, { timeoutUs: 400_000_000 });
  return r.stdout + r.stderr + (r.status === 0 ? '' : `(${r.status})`);
};
const cut = (lab: Lab, there: boolean): void => lab.act({ do: there ? 'plug' : 'unplug', host: 'data60', iface: 'eth0' });

/** data60 exports /data so; web52 and web53 have it at /var/www/html and serve it. */
function shop(options = 'rw,sync'): Lab {
  const lab = Lab.create(topology, { seed: 3 });
  said(lab, 'data60', `mkdir /data; echo 100 > /data/price.html; echo '/data 192.168.4.0/24(${options})' > /etc/exports; systemctl start nfs-server; systemctl enable nfs-server`);
  for (const h of ['web52', 'web53']) said(lab, h, "echo 'data60:/data /var/www/html nfs defaults,_netdev 0 0' >> /etc/fstab; mount -a; systemctl start httpd; systemctl enable httpd");
  return lab;
}
const served = (lab: Lab, path = '/price.html'): string => said(lab, 'client50', `curl -s 192.168.4.52${path}; curl -s 192.168.4.53${path}`);

test('exporting and mounting, as both sides show it', () => {
  const lab = shop();
  expect(said(lab, 'data60', 'exportfs; exportfs -v; exportfs -rv; cat /var/lib/nfs/etab; systemctl is-active nfs-server nfs-mountd rpcbind; rpcinfo -p')).toBe(
    '/data         \t192.168.4.0/24\n/data         \t192.168.4.0/24(sync,wdelay,hide,no_subtree_check,sec=sys,rw,secure,root_squash,no_all_squash)\nexporting 192.168.4.0/24:/data\n' +
      '/data\t192.168.4.0/24(rw,sync,wdelay,hide,nocrossmnt,secure,root_squash,no_all_squash,no_subtree_check,secure_locks,acl,no_pnfs,anonuid=65534,anongid=65534,sec=sys)\nactive\nactive\nactive\n' +
      '   program vers proto   port  service\n    100000    4   tcp    111  portmapper\n    100000    3   tcp    111  portmapper\n    100000    2   tcp    111  portmapper\n    100005    1   tcp  20048  mountd\n    100005    2   tcp  20048  mountd\n    100005    3   tcp  20048  mountd\n    100003    4   tcp   2049  nfs\n',
  );
  expect(said(lab, 'web52', 'showmount -e data60; mount -t nfs4; tail -1 /proc/mounts; df -hT /var/www/html; mount -av; cat /var/www/html/price.html; stat -c "%h %s %F" /var/www/html/price.html; lsattr /var/www/html/price.html')).toBe(
    'Export list for data60:\n/data 192.168.4.0/24\n' +
      'data60:/data on /var/www/html type nfs4 (rw,relatime,vers=4.1,rsize=262144,wsize=262144,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=192.168.4.52,local_lock=none,addr=192.168.4.60)\n' +
      'data60:/data /var/www/html nfs4 rw,relatime,vers=4.1,rsize=262144,wsize=262144,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=192.168.4.52,local_lock=none,addr=192.168.4.60 0 0\n' +
      'Filesystem     Type  Size  Used Avail Use% Mounted on\ndata60:/data   nfs4   20G  1.8G   17G  10% /var/www/html\n/                        : already mounted\n/var/www/html            : already mounted\n100\n1 4 regular file\n' +
      'lsattr: Inappropriate ioctl for device While reading flags on /var/www/html/price.html\n(1)',
  );
});

test('one edit on the storage and every server changes, also in a fork', () => {
  const lab = shop();
  const seen = [served(lab)];
  said(lab, 'data60', 'echo 666 > /data/price.html; mkdir /data/new; echo index > /data/new/index.html');
  seen.push(served(lab), served(lab, '/new/'));
  const fork = lab.fork();
  said(fork, 'data60', 'sed -i s/666/777/ /data/price.html');
  seen.push(served(fork), served(lab));
  said(lab, 'data60', 'rm -r /data/new');
  seen.push(said(lab, 'client50', 'curl -s -o /dev/null -w "%{http_code}\\n" 192.168.4.52/new/index.html'));
  expect(seen).toEqual(['100\n100\n', '666\n666\n', 'index\nindex\n', '777\n777\n', '666\n666\n', '404\n']);
});

test('a journal done again gives the same lab', () => {
  const lab = Lab.create(topology, { seed: 3 });
  for (const [host, line] of [
    ['data60', "mkdir /data; echo 100 > /data/price.html; echo '/data *(rw,no_root_squash)' > /etc/exports; systemctl start nfs-server"],
    ['web52', 'mount -t nfs data60:/data /var/www/html; systemctl start httpd'],
    ['web53', 'mount -t nfs data60:/data /mnt; echo 5 > /mnt/price.html'],
  ] as const) {
    lab.type(host, 0, `${line}\r`);
    lab.advance(5_000_000);
  }
  const saved = parseJournal(lab.snapshot());
  if (isProblem(saved)) throw new Error(saved.key);
  const again = Lab.restore(topology, saved);
  const ask = (l: Lab): string => said(l, 'client50', 'curl -s 192.168.4.52/price.html; date +%N');
  expect([again.now(), ask(again)]).toEqual([lab.now(), ask(lab)]);
  expect(ask(lab)).toMatch(/^5\n/);
});

describe('who may what', () => {
  const TRY = 'cd /var/www/html; echo 1 > price.html; touch x; mkdir d; rm price.html; chmod 600 price.html; mv price.html y; ln -s a b';
  test.each<[string, string, string]>([
    ['root is nobody', 'rw', "bash: line 1: price.html: Permission denied\ntouch: cannot touch 'x': Permission denied\nmkdir: cannot create directory 'd': Permission denied\nrm: cannot remove 'price.html': Permission denied\nchmod: changing permissions of 'price.html': Operation not permitted\nmv: cannot move 'price.html' to 'y': Permission denied\nln: failed to create symbolic link 'b': Permission denied\n(1)"],
    ['nobody writes', 'ro,no_root_squash', "bash: line 1: price.html: Read-only file system\ntouch: cannot touch 'x': Read-only file system\nmkdir: cannot create directory 'd': Read-only file system\nrm: cannot remove 'price.html': Read-only file system\nchmod: changing permissions of 'price.html': Read-only file system\nmv: cannot move 'price.html' to 'y': Read-only file system\nln: failed to create symbolic link 'b': Read-only file system\n(1)"],
    ['root is root', 'rw,no_root_squash', "chmod: cannot access 'price.html': No such file or directory\nmv: cannot stat 'price.html': No such file or directory\n"],
  ])('%s: %s', (_, options, want) => {
    const lab = shop(options);
    expect(said(lab, 'web52', TRY)).toBe(want);
  });
  test('what a squashed root makes where all may write belongs to nobody', () => {
    const lab = shop();
    expect(said(lab, 'data60', 'chmod 777 /data')).toBe('');
    expect(said(lab, 'web52', 'cd /var/www/html; echo hello > mine; echo more >> mine; mkdir d; cp mine d/; ln mine twin; stat -c "%n %u %g %a %h" mine d twin')).toBe('mine 65534 65534 644 2\nd 65534 65534 755 2\ntwin 65534 65534 644 2\n');
    expect(said(lab, 'data60', 'cd /data; stat -c "%n %u %g %a %h" mine d twin; cat mine d/mine')).toBe('mine 65534 65534 644 2\nd 65534 65534 755 2\ntwin 65534 65534 644 2\nhello\nmore\nhello\nmore\n');
    // web53 listed the folder a moment ago and believes that for acdirmin seconds; a name it is asked for is looked up at once.
    expect(said(lab, 'web53', 'cat /var/www/html/d/mine')).toBe('hello\nmore\n');
  });
  test('a page only root may read', () => {
    const lab = shop();
    said(lab, 'data60', 'chmod 600 /data/price.html');
    expect(said(lab, 'web52', 'cat /var/www/html/price.html; curl -s -o /dev/null -w "%{http_code}\\n" localhost/price.html')).toBe('403\ncat: /var/www/html/price.html: Permission denied\n');
  });
});

test('every kind of change arrives at the server', () => {
  const lab = shop('rw,no_root_squash');
  expect(
    said(lab, 'web52', 'cd /var/www/html; echo one > a; echo two >> a; mkdir -p d/e; mv a d/e/b; ln -s d/e/b s; cat s; cp s d/c; truncate -s 3 d/c; chown 48:48 d/c; chmod 640 d/c; touch -d 2020-01-02 d/c; sed -i s/one/ONE/ d/e/b; dd if=s of=z bs=1 count=3 2> /dev/null; tar cf t.tar d; rm -r d/e; ls -R; cat d/c z'),
  ).toBe('one\ntwo\n.:\nd\nprice.html\ns\nt.tar\nz\n\n./d:\nc\noneONE');
  expect(said(lab, 'data60', 'cd /data; find . | sort; stat -c "%n %u:%g %a %s %y" d/c; tar tf t.tar; tar xf t.tar -O d/e/b; readlink s')).toBe(
    '.\n./d\n./d/c\n./price.html\n./s\n./t.tar\n./z\nd/c 48:48 640 3 2020-01-02 00:00:00.000000000 +0000\nd/\nd/e/\nd/e/b\nd/c\nONE\ntwo\nd/e/b\n',
  );
});

describe('what goes wrong when mounting', () => {
  const lab = shop();
  test.each<[string, string]>([
    ['mount -t nfs data60:/none /mnt', 'mount.nfs: mounting data60:/none failed, reason given by server: No such file or directory\n(32)'],
    ['mount -t nfs data60:/etc /mnt', 'mount.nfs: access denied by server while mounting data60:/etc\n(32)'],
    ['mount -t nfs data60:/data /nowhere', 'mount.nfs: mount point /nowhere does not exist\n(32)'],
    ['mount -t nfs data60:/data /etc/hosts', 'mount.nfs: mount point /etc/hosts is not a directory\n(32)'],
    ['mount -t nfs data61:/data /mnt', 'mount.nfs: Failed to resolve server data61: Name or service not known\n(32)'],
    ['mount -t nfs data60:/data /mnt -o nonsense', 'mount.nfs: an incorrect mount option was specified\n(32)'],
    ['mount -t nfs data60:/data /mnt -o vers=3', 'mount.nfs: option vers=3 exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n(64)'],
    ['umount /var/www/html; mount -t nfs data60:/data /mnt -o noresvport', 'mount.nfs: Operation not permitted\n(32)'],
    ['mount data60:/data /var/www/html', 'mount.nfs: /var/www/html is busy or already mounted\n(32)'],
    ['mount -v -t nfs web53:/data /mnt -o retry=0 | grep mount.2.', 'mount.nfs: mount(2): Connection refused\nmount.nfs: mount(2): Connection refused\nmount.nfs: Connection timed out\n'],
    ['mount -v -t nfs 192.168.4.99:/data /mnt -o retry=0 | grep mount.2.', 'mount.nfs: mount(2): No route to host\nmount.nfs: Connection timed out\n'],
    ['cd /var/www/html; umount /var/www/html', 'umount.nfs4: /var/www/html: device is busy\n(16)'],
    ['umount /mnt', 'umount: /mnt: not mounted.\n(32)'],
    ['mount -o rsize=5000,wsize=2000000,noatime data60:/data /mnt; grep /mnt /proc/mounts | cut -d, -f 1-5', 'data60:/data /mnt nfs4 rw,noatime,vers=4.1,rsize=4096,wsize=262144\n'],
    ['umount /none', 'umount: /none: no mount point specified.\n(32)'],
    ['rmdir /var/www/html', "rmdir: failed to remove '/var/www/html': Device or resource busy\n(1)"],
    ['mv /var/www/html/price.html /tmp/ && ls /tmp/price.html', "mv: cannot remove '/var/www/html/price.html': Permission denied\n(1)"],
    ['showmount -e web53', 'clnt_create: RPC: Port mapper failure - Unable to receive: errno 111 (Connection refused)\n(1)'],
    ['umount -v /var/www/html; ls /var/www/html; mount /var/www/html; cat /var/www/html/price.html', '/var/www/html: nfs4 mount point detected\n/var/www/html: umounted\n100\n'],
  ])('%s', (command, want) => expect(said(lab.fork(), 'web52', command)).toBe(want));
  test('a host without nfs-utils', () =>
    expect(said(lab, 'client50', 'mount -t nfs data60:/data /mnt')).toBe('mount: /mnt: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.\n       dmesg(1) may have more information after failed mount system call.\n(32)'));
});

describe('lines of /etc/exports', () => {
  const NET = 'sync,wdelay,hide,no_subtree_check,sec=sys';
  test.each<[string, string]>([
    ['/data 192.168.4.52(rw,async) web*(ro,all_squash,anonuid=48)', `/data         \t192.168.4.52(a${NET},rw,secure,root_squash,no_all_squash)\n/data         \tweb*(sync,wdelay,hide,no_subtree_check,anonuid=48,sec=sys,ro,secure,root_squash,all_squash)\n`],
    ['/data 192.168.4.0/255.255.255.0 (rw)', `/data         \t192.168.4.0/255.255.255.0(${NET},ro,secure,root_squash,no_all_squash)\n/data         \t<world>(${NET},rw,secure,root_squash,no_all_squash)\nexportfs: No options for /data 192.168.4.0/255.255.255.0: suggest 192.168.4.0/255.255.255.0(sync) to avoid warning\n`],
    ['/data *(rww)', 'exportfs: /etc/exports:1: unknown keyword "rww"\n\n'],
    ['data *(rw)', 'exportfs: /etc/exports:1: syntax error: bad path name "data"\n'],
    ['/none *(ro)', `/none         \t<world>(${NET},ro,secure,root_squash,no_all_squash)\nexportfs: Failed to stat /none: No such file or directory\n`],
    ['/data *(rw,sec=krb5)', 'exportfs: option sec=krb5 in /etc/exports exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n'],
  ])('%s', (line, want) => {
    const lab = Lab.create(topology, { seed: 3 });
    expect(said(lab, 'data60', `mkdir /data; echo '${line}' > /etc/exports; exportfs -r; exportfs -v`)).toBe(want);
  });
});

test('noexec: what lies on the mount is read, not run', () => {
  const lab = shop('ro');
  said(lab, 'data60', "printf '#!/bin/bash\\necho ran\\n' > /data/x.sh; chmod 755 /data/x.sh");
  said(lab, 'web52', 'mount -o noexec data60:/data /mnt');
  expect(said(lab, 'web52', '/var/www/html/x.sh; bash /mnt/x.sh; test -x /mnt/x.sh || echo no; /mnt/x.sh')).toBe('ran\nran\nno\nbash: line 1: /mnt/x.sh: Permission denied\n(126)');
});

test('a hard mount waits for its server, in state D, and goes on when it is back', () => {
  const lab = shop();
  cut(lab, false);
  let from = lab.terminalOutput('web52', 0, 0).next;
  const typed = (text: string, us: number): string => {
    lab.type('web52', 0, utf8Encode(text));
    lab.advance(us);
    const o = lab.terminalOutput('web52', 0, from);
    from = o.next;
    return o.bytes.replaceAll('\r\n', '\n').replaceAll('[root@web52 ~]# ', '# ');
  };
  const seen = [typed('cat /var/www/html/price.html\r', 1_000_000), said(lab, 'web52', 'ps -o stat=,comm= -C cat'), typed('', 180_000_000), said(lab, 'web52', 'dmesg | tail -1 | cut -c16-')];
  seen.push(typed('\x03', 1_000_000), typed('cat /var/www/html/price.html\r', 5_000_000));
  cut(lab, true);
  seen.push(typed('', 120_000_000));
  expect(seen).toEqual(['cat /var/www/html/price.html\n', 'D+   cat\n', '', 'nfs: server data60 not responding, still trying\n', '^C\n# ', 'cat /var/www/html/price.html\n', '100\n# ']);
});

test('what names no file of the mount does not wait for it', () => {
  const lab = shop();
  cut(lab, false);
  expect(said(lab, 'web52', 'cd /tmp; timeout 5 ls /var/www/html/none; echo $?; ls -d /var; hostname; umount -l /var/www/html; ls /var/www/html/none')).toBe("124\n/var\nweb52\nls: cannot access '/var/www/html/none': No such file or directory\n(2)");
});

test('what the server keeps from changing is kept from changing here', () => {
  const lab = shop('rw,no_root_squash');
  said(lab, 'data60', 'chattr +i /data/price.html');
  expect(said(lab, 'web52', 'cd /var/www/html; echo 1 > price.html; rm -f price.html; cat price.html')).toBe("100\nbash: line 1: price.html: Operation not permitted\nrm: cannot remove 'price.html': Operation not permitted\n");
});

test('a file of a megabyte goes there and back', () => {
  const lab = shop('rw,no_root_squash');
  expect(said(lab, 'web52', 'dd if=/dev/zero of=/var/www/html/big bs=64k count=16 2> /dev/null; seq 9999 >> /var/www/html/big; md5sum < /var/www/html/big')).toBe('45bc3512429820fbecd73c2708e5cff2  -\n');
  expect([said(lab, 'web53', 'md5sum < /var/www/html/big'), said(lab, 'data60', 'md5sum < /data/big'), said(lab, 'client50', 'curl -s 192.168.4.52/big | md5sum')]).toEqual([0, 0, 0].map(() => '45bc3512429820fbecd73c2708e5cff2  -\n'));
});

test('a soft mount gives up', () => {
  const lab = shop();
  said(lab, 'web53', 'mount -t nfs -o soft,timeo=50,retrans=1 data60:/data /mnt');
  cut(lab, false);
  expect(said(lab, 'web53', 'cat /mnt/price.html; dmesg | tail -1 | cut -c16-; umount -f /mnt; ls /mnt')).toBe('nfs: server data60 not responding, timed out\ncat: /mnt/price.html: Input/output error\n');
});

test('after a power cut of all three the pages are there again', () => {
  const lab = shop();
  for (const host of ['data60', 'web52', 'web53']) lab.act({ do: 'power', host, on: false });
  for (const host of ['data60', 'web52', 'web53']) lab.act({ do: 'power', host, on: true });
  lab.advance(60_000_000);
  expect(served(lab)).toBe('100\n100\n');
});

test('a server that restarts is found again; a folder it no longer exports is stale', () => {
  const lab = shop();
  said(lab, 'data60', 'systemctl restart nfs-server');
  const seen = [served(lab)];
  said(lab, 'data60', 'exportfs -ua');
  seen.push(said(lab, 'web52', 'cat /var/www/html/price.html; ls /var/www/html; cd /var/www/html'));
  said(lab, 'data60', 'exportfs -r; mv /data /old; mkdir /data; echo new > /data/price.html');
  seen.push(said(lab, 'web52', 'cat /var/www/html/price.html; umount /var/www/html; mount -a; cat /var/www/html/price.html'));
  const STALE = 'Stale file handle\n';
  expect(seen).toEqual(['100\n100\n', `cat: /var/www/html/price.html: ${STALE}ls: cannot access '/var/www/html': ${STALE}bash: line 1: cd: /var/www/html: ${STALE}(1)`, `new\ncat: /var/www/html/price.html: ${STALE}`]);
});

test('the wire: calls and replies by name', () => {
  const lab = shop();
  said(lab, 'web52', 'umount /var/www/html');
  said(lab, 'web52', 'tcpdump -nn -c 12 -w /tmp/cap port 2049 > /dev/null 2>&1 & sleep 1; mount -a; cat /var/www/html/price.html; sleep 1; kill %1');
  expect(said(lab, 'web52', 'tcpdump -nn -r /tmp/cap 2> /dev/null | grep -o "NFS re.*" | sed "s/xid [0-9]*/xid N/; s/ [0-9]*$//"')).toBe('NFS request xid N\nNFS reply xid N reply ok\nNFS request xid N\nNFS reply xid N reply ok\n');
});

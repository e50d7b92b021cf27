// Programs a Debian 12 has and this build does not: running one says so and exits 64, instead of "command not found".
// Counterpart: the rest of procps, util-linux, coreutils, libc-bin, ncurses-bin, passwd, psmisc, e2fsprogs and others.
import type { ImageFiles } from './image';

const programs = (dir: string, names: string): ImageFiles => Object.fromEntries(names.split(' ').map((name) => [`${dir}/${name}`, { program: name }]));

/** A command of this build at the same path takes its place. */
export const NOT_MODELLED: ImageFiles = {
  ...programs(
    '/usr/bin',
    'pmap pwdx skill slabtop snice tload vmstat chrt choom col colrm fallocate findmnt flock hardlink ionice ipcmk ipcrm ipcs last lastb look lsblk lscpu lsipc lslocks lslogins lsmem lsns ' +
      'mcookie mesg mount mountpoint namei nsenter prlimit renice setarch setpriv setterm taskset ul umount unshare utmpdump whereis write ' +
      'base32 basenc b2sum chcon csplit dircolors expand factor hostid mknod numfmt pathchk pinky pr ptx runcon sha224sum sha384sum sha512sum shred stdbuf stty tsort unexpand ' +
      'getconf iconv ldd locale localedef infocmp reset tabs tic toe tput tset chage chfn chsh expiry faillog gpasswd lastlog newgrp passwd su fuser pstree ' +
      'zcmp zdiff zforce zless zmore znew diff3 sdiff lsof strace perl python3 dpkg dpkg-query',
  ),
  ...programs(
    '/usr/sbin',
    'agetty blkid blockdev fsck fstrim hwclock losetup mkfs mkswap pivot_root runuser sulogin swapoff swapon switch_root wipefs zramctl chroot ldconfig service ' +
      'chgpasswd chpasswd groupmems groupmod grpck newusers pwck vigr vipw debugfs dumpe2fs e2fsck e2label filefrag mke2fs mkfs.ext2 mkfs.ext3 mkfs.ext4 resize2fs tune2fs ' +
      'nft ipset bridge tc start-stop-daemon adduser addgroup deluser delgroup',
  ),
};

// An Enterprise Linux host as the course notes use it: CentOS 7 with systemd, yum, network scripts and httpd.
// Not modelled: SELinux (as if switched off), and thousands of packages. firewalld is there and not started, as on lab machines.
import { DEVICES, DIRECTORIES, IPROUTE2 } from './base';
import { BASE_UNITS, HTTPD_FILES, IPVSADM_CONFIG, IPVSADM_UNIT, KEEPALIVED_UNIT, MIME_TYPES, NOT_MODELLED, PROFILES } from './el_files';
import { SSH_FILES } from './el_ssh';
import type { ImageSpec, PackageSpec } from './image';
import { NFS_FILES } from './nfs';
import { PROTOCOLS, SERVICES, fileOf } from './services';

const PASSWD =
  'root:x:0:0:root:/root:/bin/bash\nbin:x:1:1:bin:/bin:/sbin/nologin\ndaemon:x:2:2:daemon:/sbin:/sbin/nologin\nadm:x:3:4:adm:/var/adm:/sbin/nologin\nlp:x:4:7:lp:/var/spool/lpd:/sbin/nologin\nsync:x:5:0:sync:/sbin:/bin/sync\nshutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\nhalt:x:7:0:halt:/sbin:/sbin/halt\nmail:x:8:12:mail:/var/spool/mail:/sbin/nologin\noperator:x:11:0:operator:/root:/sbin/nologin\ngames:x:12:100:games:/usr/games:/sbin/nologin\nftp:x:14:50:FTP User:/var/ftp:/sbin/nologin\nnobody:x:99:99:Nobody:/:/sbin/nologin\nsystemd-network:x:192:192:systemd Network Management:/:/sbin/nologin\ndbus:x:81:81:System message bus:/:/sbin/nologin\nsshd:x:74:74:Privilege-separated SSH:/var/empty/sshd:/sbin/nologin\napache:x:48:48:Apache:/usr/share/httpd:/sbin/nologin\ntcpdump:x:72:72::/:/sbin/nologin\n';
const GROUP =
  'root:x:0:\nbin:x:1:\ndaemon:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nlp:x:7:\nmem:x:8:\nkmem:x:9:\nwheel:x:10:\ncdrom:x:11:\nmail:x:12:\nman:x:15:\ndialout:x:18:\nfloppy:x:19:\ngames:x:20:\ntape:x:33:\nvideo:x:39:\nftp:x:50:\nlock:x:54:\naudio:x:63:\nnobody:x:99:\nusers:x:100:\nutmp:x:22:\nsystemd-network:x:192:\ndbus:x:81:\nsshd:x:74:\napache:x:48:\ntcpdump:x:72:\n';

const rpm = (name: string, version: string, release: string, summary: string, size: number, more: Partial<PackageSpec> = {}): PackageSpec => ({
  name, version, release, arch: 'x86_64', summary, repo: 'base', size, ...more,
});

const PACKAGES: readonly PackageSpec[] = [
  rpm('bash', '4.2.46', '35.el7_9', 'The GNU Bourne Again shell', 3_667_773),
  rpm('coreutils', '8.22', '24.el7_9.2', 'A set of basic GNU tools commonly used in shell scripts', 14_594_210),
  rpm('net-tools', '2.0', '0.25.20131004git.el7', 'Basic networking tools', 938_978),
  rpm('iproute', '4.11.0', '30.el7', 'Advanced IP routing and network device configuration tools', 1_781_540),
  rpm('iputils', '20160308', '10.el7', 'Network monitoring tools including ping', 343_488),
  rpm('procps-ng', '3.3.10', '28.el7', 'System and process monitoring utilities', 761_428),
  rpm('initscripts', '9.49.53', '1.el7_9.1', 'The inittab file and the /etc/init.d scripts', 1_562_316),
  rpm('NetworkManager', '1.18.8', '2.el7_9', 'Network connection manager and user applications', 6_048_512),
  rpm('curl', '7.29.0', '59.el7_9.2', 'A utility for getting files from remote servers (FTP, HTTP, and others)', 540_312),
  rpm('iptables', '1.4.21', '35.el7', 'Tools for managing Linux kernel packet filtering capabilities', 1_544_520),
  rpm('systemd', '219', '78.el7_9.9', 'A System and Service Manager', 24_581_020),
  rpm('vim-enhanced', '7.4.629', '8.el7_9', 'A version of the VIM editor which includes recent enhancements', 2_292_098, { repo: 'updates' }),
  rpm('nano', '2.3.1', '10.el7', 'A small text editor', 1_715_901),
  rpm('httpd', '2.4.6', '99.el7.centos.1', 'Apache HTTP Server', 9_821_136, { repo: 'updates', files: HTTPD_FILES }),
  rpm('ipvsadm', '1.27', '8.el7', 'Utility to administer the Linux Virtual Server', 77_136, {
    files: {
      '/usr/lib/systemd/system/ipvsadm.service': IPVSADM_UNIT,
      '/etc/sysconfig/ipvsadm-config': { text: IPVSADM_CONFIG, mode: 0o600 },
      '/usr/share/doc/ipvsadm-1.27/README': 'See ipvsadm(8).\n',
    },
  }),
  rpm('keepalived', '1.3.5', '19.el7', 'High Availability monitor built upon LVS, VRRP and service pollers', 1_030_144, {
    files: {
      '/usr/lib/systemd/system/keepalived.service': KEEPALIVED_UNIT,
      '/etc/sysconfig/keepalived': 'KEEPALIVED_OPTIONS="-D"\n',
      '/etc/keepalived/keepalived.conf': { text: '! Configuration File for keepalived\n\nglobal_defs {\n   router_id LVS_DEVEL\n}\n', mode: 0o644 },
    },
  }),
  rpm('arptables', '0.0.4', '8.el7', 'User space tool to set up tables of ARP rules', 122_700),
  rpm('nfs-utils', '1.3.0', '0.68.el7.2', 'NFS utilities and supporting clients and daemons for the kernel NFS server', 1_099_588, { repo: 'updates', files: NFS_FILES }),
  rpm('bind-utils', '9.11.4', '26.P2.el7_9.15', 'Utilities for querying DNS name servers', 601_428, { repo: 'updates' }),
  rpm('cronie', '1.4.11', '25.el7_9', 'Cron daemon for executing programs at set times', 220_300, { repo: 'updates' }),
  rpm('diffutils', '3.3', '6.el7_9', 'A GNU collection of diff utilities', 1_065_984, { repo: 'updates' }),
  rpm('e2fsprogs', '1.42.9', '19.el7', 'Utilities for managing ext2, ext3, and ext4 file systems', 3_127_264),
  rpm('ethtool', '4.8', '10.el7', 'Settings tool for Ethernet NICs', 309_516),
  rpm('findutils', '4.5.11', '6.el7', 'The GNU versions of find utilities (find and xargs)', 1_855_626),
  rpm('firewalld', '0.6.3', '13.el7_9', 'A firewall daemon with D-Bus interface providing a dynamic firewall', 2_135_412, { repo: 'updates' }),
  rpm('gawk', '4.0.2', '4.el7_3.1', 'The GNU version of the awk text processing utility', 2_435_978),
  rpm('glibc-common', '2.17', '326.el7_9', 'Common binaries and locale data for glibc', 121_127_476, { repo: 'updates' }),
  rpm('grep', '2.20', '3.el7', 'Pattern matching utilities', 1_195_131),
  rpm('gzip', '1.5', '11.el7_9', 'The GNU data compression program', 256_932, { repo: 'updates' }),
  rpm('hostname', '3.13', '3.el7_7.1', 'Utility to set/show the host name or domain name', 19_449),
  rpm('httpd-tools', '2.4.6', '99.el7.centos.1', 'Tools for use with the Apache HTTP Server', 171_828, { repo: 'updates' }),
  rpm('kmod', '20', '28.el7', 'Linux kernel module management utilities', 243_551),
  rpm('less', '458', '9.el7', 'A text file browser similar to more, but better', 215_376),
  rpm('openssh', '7.4p1', '23.el7_9', 'An open source implementation of SSH protocol versions 1 and 2', 1_996_158, { repo: 'updates' }),
  rpm('openssh-clients', '7.4p1', '23.el7_9', 'An open source SSH client applications', 2_642_852, { repo: 'updates' }),
  rpm('openssh-server', '7.4p1', '23.el7_9', 'An open source SSH server daemon', 993_810, { repo: 'updates' }),
  rpm('vim-minimal', '7.4.629', '8.el7_9', 'A minimal version of the VIM editor', 917_640, { repo: 'updates' }),
  rpm('man-db', '2.6.3', '11.el7', 'Tools for searching and reading man pages', 1_982_514),
  rpm('ncurses', '5.9', '14.20130511.el7_4', 'Ncurses support utilities', 439_684),
  rpm('nmap-ncat', '6.40', '19.el7', "Nmap's Netcat replacement", 433_872),
  rpm('passwd', '0.79', '6.el7', 'An utility for setting or changing passwords using PAM', 429_874),
  rpm('psmisc', '22.20', '17.el7', 'Utilities for managing processes on your system', 486_764),
  rpm('rpm', '4.11.3', '48.el7_9', 'The RPM package management system', 2_630_980, { repo: 'updates' }),
  rpm('sed', '4.2.2', '7.el7', 'A GNU stream text editor', 601_212),
  rpm('shadow-utils', '4.6', '5.el7', 'Utilities for managing accounts and shadow password files', 3_531_632),
  rpm('socat', '1.7.3.2', '2.el7', 'Bidirectional data relay between two data channels', 1_120_044),
  rpm('libselinux-utils', '2.5', '15.el7', 'SELinux libselinux utilities', 338_880),
  rpm('policycoreutils', '2.5', '34.el7', 'SELinux policy core utilities', 5_411_512),
  rpm('sudo', '1.8.23', '10.el7_9.3', 'Allows restricted root access for specified users', 3_208_052, { repo: 'updates' }),
  rpm('tar', '1.26', '35.el7', 'A GNU file archiving program', 2_838_259),
  rpm('tcpdump', '4.9.2', '4.el7_7.1', 'A network traffic monitoring tool', 1_061_012),
  rpm('traceroute', '2.0.22', '2.el7', 'Traces the route taken by packets over an IPv4/IPv6 network', 93_264),
  rpm('util-linux', '2.23.2', '65.el7_9.1', 'A collection of basic system utilities', 8_394_672, { repo: 'updates' }),
  rpm('wget', '1.14', '18.el7_6.1', 'A utility for retrieving files using the HTTP or FTP protocols', 2_065_040),
  rpm('which', '2.20', '7.el7', 'Displays where a particular program in your path is located', 76_769),
  rpm('yum', '3.4.3', '168.el7.centos', 'RPM package installer/updater/manager', 5_816_190),
  rpm('telnet', '0.17', '66.el7', 'The client program for the Telnet remote login protocol', 116_280, { repo: 'updates' }),
  rpm('conntrack-tools', '1.4.4', '7.el7', 'Manipulate netfilter connection tracking table and run High Availability', 554_988),
  rpm('nginx', '1.20.1', '10.el7', 'A high performance web server and reverse proxy server', 1_770_980, { repo: 'epel' }),
];

const PACKAGE_OF: Readonly<Record<string, string>> = {
  procps: 'procps-ng', iproute2: 'iproute', 'iputils-ping': 'iputils', 'iputils-arping': 'iputils', 'iputils-tracepath': 'iputils', vim: 'vim-enhanced', ifupdown: 'initscripts',
  conntrack: 'conntrack-tools', 'nginx-light': 'nginx', apache2: 'httpd', 'network-manager': 'NetworkManager', nginx: 'nginx', hostname: 'hostname',
  'apache2-utils': 'httpd-tools', bsdextrautils: 'util-linux', cron: 'cronie', debianutils: 'which', 'libc-bin': 'glibc-common', mawk: 'gawk', 'ncurses-bin': 'ncurses', 'netcat-openbsd': 'nmap-ncat',
};

export const el: ImageSpec = {
  name: 'el',
  pretty: 'CentOS Linux 7 (Core)',
  blockSize: 4096,
  packaging: 'rpm',
  packages: PACKAGES,
  installed: ['bash', 'coreutils', 'net-tools', 'iproute', 'iputils', 'procps-ng', 'initscripts', 'NetworkManager', 'curl', 'iptables', 'systemd', 'vim-enhanced', 'nano', 'httpd',
    'arptables', 'bind-utils', 'cronie', 'diffutils', 'e2fsprogs', 'ethtool', 'findutils', 'firewalld', 'gawk', 'glibc-common', 'grep', 'gzip', 'hostname', 'httpd-tools', 'kmod', 'less', 'libselinux-utils', 'man-db', 'ncurses', 'nmap-ncat', 'openssh', 'openssh-clients', 'openssh-server', 'passwd', 'policycoreutils', 'psmisc', 'rpm', 'sed', 'shadow-utils', 'socat', 'sudo', 'tar', 'tcpdump', 'traceroute', 'util-linux', 'vim-minimal', 'wget', 'which', 'yum'],
  packageOf: PACKAGE_OF,
  installsAll: true,
  without: ['apt', 'apt-get', 'dpkg', 'dpkg-query', 'start-stop-daemon', 'addgroup', 'deluser', 'delgroup', 'apt-cache', 'ss-server', 'dash'],
  env: {
    HOSTNAME: '', TERM: 'xterm-256color', SHELL: '/bin/bash', HISTSIZE: '1000', USER: 'root', LOGNAME: 'root', MAIL: '/var/spool/mail/root',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/root/bin', LANG: 'en_US.UTF-8', HISTCONTROL: 'ignoredups', HOME: '/root',
  },
  prompt: '[\\u@\\h \\W]\\$ ',
  kernelRelease: '3.10.0-1160.el7.x86_64',
  kernelVersion: '#1 SMP Mon Oct 19 16:18:59 UTC 2020',
  kernelBuilder: '(mockbuild@kbuilder.bsys.centos.org) (gcc version 4.8.5 20150623 (Red Hat 4.8.5-44) (GCC) )',
  machine: 'x86_64',
  platform: 'x86_64',
  enabled: ['NetworkManager', 'network', 'crond', 'sshd'],
  httpd: 'httpd',
  files: {
    ...DIRECTORIES,
    ...DEVICES,
    ...IPROUTE2,
    ...BASE_UNITS,
    ...NOT_MODELLED,
    ...SSH_FILES,
    '/etc/fstab': '\n#\n# /etc/fstab\n# Created by anaconda on Sat Nov  1 00:00:00 2025\n#\n# Accessible filesystems, by reference, are maintained under \'/dev/disk\'\n# See man pages fstab(5), findfs(8), mount(8) and/or blkid(8) for more info\n#\n/dev/mapper/centos-root /                       xfs     defaults        0 0\n/dev/mapper/centos-swap swap                    swap    defaults        0 0\n',
    '/etc/passwd': PASSWD,
    '/etc/group': GROUP,
    '/etc/shadow': { text: 'root:!!:18500:0:99999:7:::\n', mode: 0 },
    '/etc/os-release':
      'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\nPRETTY_NAME="CentOS Linux 7 (Core)"\nANSI_COLOR="0;31"\nCPE_NAME="cpe:/o:centos:centos:7"\nHOME_URL="https://www.centos.org/"\nBUG_REPORT_URL="https://bugs.centos.org/"\n\nCENTOS_MANTISBT_PROJECT="CentOS-7"\nCENTOS_MANTISBT_PROJECT_VERSION="7"\nREDHAT_SUPPORT_PRODUCT="centos"\nREDHAT_SUPPORT_PRODUCT_VERSION="7"\n\n',
    '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)\n',
    '/etc/redhat-release': { to: 'centos-release' },
    '/etc/system-release': { to: 'centos-release' },
    '/etc/issue': '\\S\nKernel \\r on an \\m\n\n',
    '/etc/hostname': 'localhost.localdomain\n',
    '/etc/hosts': '127.0.0.1   localhost localhost.localdomain localhost4 localhost4.localdomain4\n::1         localhost localhost.localdomain localhost6 localhost6.localdomain6\n',
    '/etc/host.conf': 'multi on\n',
    '/etc/nsswitch.conf': 'passwd:     files sss\nshadow:     files sss\ngroup:      files sss\n\nhosts:      files dns myhostname\n\nethers:     files\nnetworks:   files\nprotocols:  files\nrpc:        files\nservices:   files sss\n',
    '/etc/networks': 'default 0.0.0.0\nloopback 127.0.0.0\nlink-local 169.254.0.0\n',
    '/etc/resolv.conf': '# Generated by NetworkManager\n',
    '/etc/services': fileOf(SERVICES),
    '/etc/protocols': fileOf(PROTOCOLS),
    '/etc/mime.types': MIME_TYPES,
    '/etc/shells': '/bin/sh\n/bin/bash\n/sbin/nologin\n/usr/bin/sh\n/usr/bin/bash\n/usr/sbin/nologin\n',
    '/etc/sysctl.conf':
      '# sysctl settings are defined through files in\n# /usr/lib/sysctl.d/, /run/sysctl.d/, and /etc/sysctl.d/.\n#\n# Vendors settings live in /usr/lib/sysctl.d/.\n# To override a whole file, create a new file with the same in\n# /etc/sysctl.d/ and put new settings there. To override\n# only specific settings, add a file with a lexically later\n# name in /etc/sysctl.d/ and put new settings there.\n#\n# For more information, see sysctl.conf(5) and sysctl.d(5).\n',
    '/etc/modules-load.d': { type: 'dir', mode: 0o755, uid: 0, gid: 0 },
    '/etc/sysctl.d/99-sysctl.conf': { to: '../sysctl.conf' },
    '/usr/lib/sysctl.d/00-system.conf': '# Kernel sysctl configuration file\nkernel.shmmax = 18446744073692774399\nkernel.shmall = 18446744073692774399\n',
    '/usr/lib/sysctl.d/50-default.conf':
      'kernel.sysrq = 16\nkernel.core_uses_pid = 1\nnet.ipv4.conf.default.rp_filter = 1\nnet.ipv4.conf.all.rp_filter = 1\nnet.ipv4.conf.default.accept_source_route = 0\nnet.ipv4.conf.all.accept_source_route = 0\nnet.ipv4.conf.default.promote_secondaries = 1\nnet.ipv4.conf.all.promote_secondaries = 1\nfs.protected_hardlinks = 1\nfs.protected_symlinks = 1\n',
    '/etc/rc.d/rc.local': {
      text: '#!/bin/bash\n# THIS FILE IS ADDED FOR COMPATIBILITY PURPOSES\n#\n# It is highly advisable to create own systemd services or udev rules\n# to run scripts during boot instead of using this file.\n#\n# In contrast to previous versions due to parallel execution during boot\n# this script will NOT be run after all other services.\n#\n# Please note that you must run \'chmod +x /etc/rc.d/rc.local\' to ensure\n# that this script will be executed during boot.\n\ntouch /var/lock/subsys/local\n',
      mode: 0o644,
    },
    '/etc/rc.local': { to: 'rc.d/rc.local' },
    '/run/lock/subsys': { type: 'dir' },
    '/etc/sysconfig/network': '# Created by anaconda\n',
    '/etc/sysconfig/network-scripts/ifcfg-lo': 'DEVICE=lo\nIPADDR=127.0.0.1\nNETMASK=255.0.0.0\nNETWORK=127.0.0.0\n# If you\'re having problems with gated making 127.0.0.0/8 a martian,\n# you can change this to something else (255.255.255.255, for example)\nBROADCAST=127.255.255.255\nONBOOT=yes\nNAME=loopback\n',
    '/etc/rc.d/init.d': { type: 'dir' },
    '/etc/init.d': { to: 'rc.d/init.d' },
    '/etc/systemd/system': { type: 'dir' },
    '/etc/yum.repos.d/CentOS-Base.repo': '[base]\nname=CentOS-$releasever - Base\nbaseurl=http://mirror.centos.org/centos/$releasever/os/$basearch/\ngpgcheck=1\ngpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7\n',
    '/usr/bin/sh': { to: 'bash' },
    '/root/.bash_profile': '# .bash_profile\n\n# Get the aliases and functions\nif [ -f ~/.bashrc ]; then\n\t. ~/.bashrc\nfi\n',
    '/root/.bashrc': "# .bashrc\n\n# User specific aliases and functions\n\nalias rm='rm -i'\nalias cp='cp -i'\nalias mv='mv -i'\n\n# Source global definitions\nif [ -f /etc/bashrc ]; then\n\t. /etc/bashrc\nfi\n",
    ...PROFILES,
    '/var/log/messages': { text: '', mode: 0o600 },
    '/usr/sbin/nologin': { text: "#!/bin/bash\necho 'This account is currently not available.'\nexit 1\n", mode: 0o755 },
    '/etc/skel/.bash_logout': '# ~/.bash_logout\n\n',
    '/etc/skel/.bash_profile': '# .bash_profile\n\n# Get the aliases and functions\nif [ -f ~/.bashrc ]; then\n\t. ~/.bashrc\nfi\n\n# User specific environment and startup programs\n\nPATH=$PATH:$HOME/.local/bin:$HOME/bin\n\nexport PATH\n',
    '/etc/skel/.bashrc': '# .bashrc\n\n# Source global definitions\nif [ -f /etc/bashrc ]; then\n\t. /etc/bashrc\nfi\n\n# User specific aliases and functions\n',
    '/var/spool/mail': { type: 'dir', mode: 0o775, gid: 12 },
  },
};

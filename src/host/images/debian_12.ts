// Debian 12 (bookworm) as the recorded transcripts ran on: no init system, everything they use installed.
import { NOT_MODELLED } from './debian_absent';
import { DEVICES, DIRECTORIES, IPROUTE2, mimeTypes, nginxTypes } from './base';
import type { ImageSpec } from './image';
import { PROTOCOLS, SERVICES, fileOf } from './services';

const PASSWD = [
  'root:x:0:0:root:/root:/bin/bash', 'daemon:*:1:1:daemon:/usr/sbin:/usr/sbin/nologin', 'bin:*:2:2:bin:/bin:/usr/sbin/nologin',
  'sys:*:3:3:sys:/dev:/usr/sbin/nologin', 'sync:*:4:65534:sync:/bin:/bin/sync', 'games:*:5:60:games:/usr/games:/usr/sbin/nologin',
  'man:*:6:12:man:/var/cache/man:/usr/sbin/nologin', 'lp:*:7:7:lp:/var/spool/lpd:/usr/sbin/nologin', 'mail:*:8:8:mail:/var/mail:/usr/sbin/nologin',
  'news:*:9:9:news:/var/spool/news:/usr/sbin/nologin', 'uucp:*:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin', 'proxy:*:13:13:proxy:/bin:/usr/sbin/nologin',
  'www-data:*:33:33:www-data:/var/www:/usr/sbin/nologin', 'backup:*:34:34:backup:/var/backups:/usr/sbin/nologin',
  'list:*:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin', 'irc:*:39:39:ircd:/run/ircd:/usr/sbin/nologin',
  '_apt:*:42:65534::/nonexistent:/usr/sbin/nologin', 'nobody:*:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
  'tcpdump:x:104:110::/nonexistent:/usr/sbin/nologin',
];
const GROUPS =
  'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 ' +
  'audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534 tcpdump:110';

export const debian12: ImageSpec = {
  name: 'debian-12',
  pretty: 'Debian GNU/Linux 12 (bookworm)',
  blockSize: 4096,
  packaging: 'dpkg',
  packages: [],
  installed: [],
  packageOf: {},
  installsAll: true,
  without: ['yum', 'dnf', 'rpm', 'systemctl', 'journalctl', 'service', 'chkconfig', 'ifup', 'ifdown', 'nmcli', 'httpd', 'apachectl', 'firewall-cmd', 'firewalld', 'setenforce', 'getenforce', 'hostnamectl', 'vim', 'vi', 'nano', 'reboot', 'shutdown', 'poweroff', 'sudo', 'dig', 'nslookup', 'ssh', 'scp', 'sshd', 'ssh-keygen', 'su', 'passwd', 'telnet', 'sestatus', 'exportfs', 'mount.nfs', 'mount.nfs4', 'rpc.mountd', 'rpc.nfsd', 'rpcbind', 'rpcinfo', 'showmount'],
  env: { HOME: '/root', LANG: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', USER: 'root', LOGNAME: 'root', SHELL: '/bin/bash' },
  prompt: '\\u@\\h:\\w\\$ ',
  kernelRelease: '6.1.0-56-amd64',
  kernelVersion: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)',
  kernelBuilder: '(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)',
  machine: 'x86_64',
  platform: 'unknown',
  enabled: [],
  httpd: 'nginx',
  files: {
    ...NOT_MODELLED,
    ...DIRECTORIES,
    ...DEVICES,
    ...IPROUTE2,
    '/etc/passwd': `${PASSWD.join('\n')}\n`,
    '/etc/group': `${GROUPS.split(' ').map((g) => `${g.replace(':', g.startsWith('tcpdump') ? ':x:' : ':*:')}:`).join('\n')}\n`,
    '/etc/shadow': { text: 'root:*:19000:0:99999:7:::\n', mode: 0o640, gid: 42 },
    '/usr/lib/os-release':
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n',
    '/etc/os-release': { to: '../usr/lib/os-release' },
    '/etc/debian_version': '12.15\n',
    '/etc/issue': 'Debian GNU/Linux 12 \\n \\l\n\n',
    '/etc/hostname': 'localhost\n',
    '/etc/hosts': '127.0.0.1\tlocalhost\n',
    '/etc/host.conf': 'multi on\n',
    '/etc/nsswitch.conf': 'passwd:         files\ngroup:          files\nshadow:         files\n\nhosts:          files dns\nnetworks:       files\n\nprotocols:      db files\nservices:       db files\nethers:         db files\nrpc:            db files\n',
    '/etc/networks': 'default\t\t0.0.0.0\nloopback\t127.0.0.0\nlink-local\t169.254.0.0\n',
    '/etc/resolv.conf': '',
    '/etc/services': fileOf(SERVICES),
    '/etc/protocols': fileOf(PROTOCOLS),
    '/etc/mime.types': mimeTypes(),
    '/etc/sysctl.conf':
      '#\n# /etc/sysctl.conf - Configuration file for setting system variables\n# See /etc/sysctl.d/ for additional system variables.\n# See sysctl.conf (5) for information.\n#\n\n#kernel.domainname = example.com\n\n# Uncomment the next line to enable packet forwarding for IPv4\n#net.ipv4.ip_forward=1\n\n',
    '/etc/sysctl.d/README.sysctl': 'Kernel system variables configuration files\n',
    '/usr/lib/sysctl.d/99-protect-links.conf': 'fs.protected_fifos = 1\nfs.protected_hardlinks = 1\nfs.protected_regular = 2\nfs.protected_symlinks = 1\n',
    '/etc/default/ipvsadm': '# ipvsadm\n\n# if you want to start ipvsadm on boot set this to true\nAUTO="false"\n\n# daemon method (none|master|backup)\nDAEMON="none"\n\n# use interface (eth0,eth1...)\nIFACE="eth0"\n\n# syncid to use \n# (0 means no filtering of syncids happen, that is the default)\n# SYNCID="0"\n',
    '/etc/ipvsadm.rules': '# empty rules file for ipvsadm\n',
    '/etc/keepalived': { type: 'dir' },
    '/etc/network/interfaces': 'auto lo\niface lo inet loopback\n',
    '/etc/nginx/mime.types': nginxTypes(),
    '/etc/nginx/nginx.conf':
      'user www-data;\nworker_processes auto;\npid /run/nginx.pid;\nerror_log /var/log/nginx/error.log;\ninclude /etc/nginx/modules-enabled/*.conf;\n\nevents {\n\tworker_connections 768;\n}\n\nhttp {\n\tsendfile on;\n\ttcp_nopush on;\n\ttypes_hash_max_size 2048;\n\n\tinclude /etc/nginx/mime.types;\n\tdefault_type application/octet-stream;\n\n\taccess_log /var/log/nginx/access.log;\n\n\tinclude /etc/nginx/conf.d/*.conf;\n\tinclude /etc/nginx/sites-enabled/*;\n}\n',
    '/etc/nginx/conf.d': { type: 'dir' },
    '/etc/nginx/modules-enabled': { type: 'dir' },
    '/etc/nginx/sites-available/default': 'server {\n\tlisten 80 default_server;\n\n\troot /var/www/html;\n\n\tindex index.html index.htm index.nginx-debian.html;\n\n\tserver_name _;\n\n\tlocation / {\n\t\ttry_files $uri $uri/ =404;\n\t}\n}\n',
    '/etc/nginx/sites-enabled/default': { to: '/etc/nginx/sites-available/default' },
    '/var/log/nginx': { type: 'dir' },
    '/var/lib/nginx/body': { type: 'dir' },
    '/var/www/html': { type: 'dir' },
    '/usr/bin/sh': { to: 'dash' },
    '/root/.profile': { text: 'if [ "$BASH" ]; then\n  if [ -f ~/.bashrc ]; then\n    . ~/.bashrc\n  fi\nfi\n' },
    '/root/.bashrc': { text: '# .bashrc\n' },
    '/etc/profile': 'if [ "$(id -u)" -eq 0 ]; then\n  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\nelse\n  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"\nfi\nexport PATH\n',
    '/usr/lib/systemd/system/nginx.service':
      "[Unit]\nDescription=A high performance web server and a reverse proxy server\nDocumentation=man:nginx(8)\nAfter=network-online.target remote-fs.target nss-lookup.target\nWants=network-online.target\n\n[Service]\nType=forking\nPIDFile=/run/nginx.pid\nExecStartPre=/usr/sbin/nginx -t -q -g 'daemon on; master_process on;'\nExecStart=/usr/sbin/nginx -g 'daemon on; master_process on;'\nExecReload=/usr/sbin/nginx -g 'daemon on; master_process on;' -s reload\nExecStop=-/sbin/start-stop-daemon --quiet --stop --retry QUIT/5 --pidfile /run/nginx.pid\nTimeoutStopSec=5\nKillMode=mixed\n\n[Install]\nWantedBy=multi-user.target\n",
  },
};

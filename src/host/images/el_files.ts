// Texts of the el image: what an administrator of CentOS 7 finds in /etc. Linux counterpart: setup, initscripts, httpd packages.
import { mimeTypes } from './base';
import type { ImageFiles } from './image';

const unit = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** Unit files of the base system. Units that daemons of this build stand behind name them by their real ExecStart. */
export const BASE_UNITS: ImageFiles = {
  '/usr/lib/systemd/system/multi-user.target': unit(['[Unit]', 'Description=Multi-User System', 'Documentation=man:systemd.special(7)', 'Requires=basic.target', 'After=basic.target', 'AllowIsolate=yes']),
  '/usr/lib/systemd/system/network.target': unit(['[Unit]', 'Description=Network', 'Documentation=man:systemd.special(7)', 'After=network-pre.target']),
  '/usr/lib/systemd/system/network-online.target': unit(['[Unit]', 'Description=Network is Online', 'Documentation=man:systemd.special(7)', 'After=network.target']),
  '/usr/lib/systemd/system/graphical.target': unit(['[Unit]', 'Description=Graphical Interface', 'Requires=multi-user.target', 'After=multi-user.target', 'AllowIsolate=yes']),
  '/etc/systemd/system/default.target': { to: '/usr/lib/systemd/system/multi-user.target' },
  '/usr/lib/systemd/system/rc-local.service': unit([
    '[Unit]', 'Description=/etc/rc.d/rc.local Compatibility', 'ConditionFileIsExecutable=/etc/rc.d/rc.local', 'After=network.target', '', '[Service]', 'Type=forking',
    'ExecStart=/etc/rc.d/rc.local start', 'TimeoutSec=0', 'RemainAfterExit=yes',
  ]),
  '/usr/lib/systemd/system/systemd-sysctl.service': unit([
    '[Unit]', 'Description=Apply Kernel Variables', 'Documentation=man:systemd-sysctl.service(8) man:sysctl.d(5)', '', '[Service]', 'Type=oneshot', 'RemainAfterExit=yes',
    'ExecStart=/usr/lib/systemd/systemd-sysctl',
  ]),
  '/usr/lib/systemd/system/network.service': unit([
    '[Unit]', 'Description=LSB: Bring up/down networking', 'Documentation=man:systemd-sysv-generator(8)', 'SourcePath=/etc/rc.d/init.d/network', 'Before=multi-user.target', '', '[Service]',
    'Type=forking', 'RemainAfterExit=yes', 'ExecStart=/etc/rc.d/init.d/network start', 'ExecStop=/etc/rc.d/init.d/network stop', '', '[Install]', 'WantedBy=multi-user.target',
  ]),
  '/usr/lib/systemd/system/crond.service': unit(['[Unit]', 'Description=Command Scheduler', '', '[Service]', 'ExecStart=/usr/sbin/crond -n', '', '[Install]', 'WantedBy=multi-user.target']),
  '/usr/lib/systemd/system/firewalld.service': unit(['[Unit]', 'Description=firewalld - dynamic firewall daemon', 'Before=network-pre.target', 'Wants=network-pre.target', 'After=dbus.service', 'After=polkit.service', 'Conflicts=iptables.service ip6tables.service ebtables.service ipset.service', 'Documentation=man:firewalld(1)', '', '[Service]', 'EnvironmentFile=-/etc/sysconfig/firewalld', 'ExecStart=/usr/sbin/firewalld --nofork --nopid $FIREWALLD_ARGS', 'ExecReload=/bin/kill -HUP $MAINPID', 'StandardOutput=null', 'StandardError=null', 'Type=dbus', 'BusName=org.fedoraproject.FirewallD1', 'KillMode=mixed', '', '[Install]', 'WantedBy=multi-user.target', 'Alias=dbus-org.fedoraproject.FirewallD1.service']),
  '/usr/lib/firewalld/zones/public.xml': '<?xml version="1.0" encoding="utf-8"?>\n<zone>\n  <short>Public</short>\n  <description>For use in public areas. You do not trust the other computers on networks to not harm your computer. Only selected incoming connections are accepted.</description>\n  <service name="ssh"/>\n  <service name="dhcpv6-client"/>\n</zone>\n',
  '/usr/lib/systemd/system/sshd.service': unit(['[Unit]', 'Description=OpenSSH server daemon', 'Documentation=man:sshd(8) man:sshd_config(5)', 'After=network.target sshd-keygen.service', 'Wants=sshd-keygen.service', '', '[Service]', 'Type=notify', 'EnvironmentFile=/etc/sysconfig/sshd', 'ExecStart=/usr/sbin/sshd -D $OPTIONS', 'ExecReload=/bin/kill -HUP $MAINPID', 'KillMode=process', 'Restart=on-failure', 'RestartSec=42s', '', '[Install]', 'WantedBy=multi-user.target']),
  '/usr/lib/systemd/system/NetworkManager.service': unit([
    '[Unit]', 'Description=Network Manager', 'Documentation=man:NetworkManager(8)', 'Before=network.target', '', '[Service]', 'Type=dbus',
    'ExecStart=/usr/sbin/NetworkManager --no-daemon', 'Restart=on-failure', 'KillMode=process', '', '[Install]', 'WantedBy=multi-user.target',
  ]),
};

export const IPVSADM_UNIT = unit([
  '[Unit]', 'Description=Initialise the Linux Virtual Server', 'After=syslog.target network.target', '', '[Service]', 'Type=oneshot',
  'ExecStart=/bin/bash -c "exec /sbin/ipvsadm-restore < /etc/sysconfig/ipvsadm"', 'ExecStop=/bin/bash -c "exec /sbin/ipvsadm-save -n > /etc/sysconfig/ipvsadm"',
  'ExecStop=/sbin/ipvsadm -C', 'RemainAfterExit=yes', '', '[Install]', 'WantedBy=multi-user.target',
]);

export const IPVSADM_CONFIG =
  '# Unload modules on restart and stop\n#   Value: yes|no,  default: yes\nIPVS_MODULES_UNLOAD="yes"\n\n# Save current ipvs rules on stop.\n#   Value: yes|no,  default: no\nIPVS_SAVE_ON_STOP="no"\n\n' +
  '# Save current ipvs rules on restart.\n#   Value: yes|no,  default: no\nIPVS_SAVE_ON_RESTART="no"\n\n# Numeric output in the ipvs rules file\n#   Value: yes|no,  default: yes\nIPVS_STATUS_NUMERIC="yes"\n';

export const HTTPD_UNIT = unit([
  '[Unit]', 'Description=The Apache HTTP Server', 'After=network.target remote-fs.target nss-lookup.target', 'Documentation=man:httpd(8)', 'Documentation=man:apachectl(8)', '', '[Service]',
  'Type=notify', 'EnvironmentFile=/etc/sysconfig/httpd', 'ExecStart=/usr/sbin/httpd $OPTIONS -DFOREGROUND', 'ExecReload=/usr/sbin/httpd $OPTIONS -k graceful',
  'ExecStop=/bin/kill -WINCH ${MAINPID}', 'KillSignal=SIGCONT', 'PrivateTmp=true', '', '[Install]', 'WantedBy=multi-user.target',
]);

export const KEEPALIVED_UNIT = unit([
  '[Unit]', 'Description=LVS and VRRP High Availability Monitor', 'After=syslog.target network-online.target', '', '[Service]', 'Type=forking', 'PIDFile=/var/run/keepalived.pid', 'KillMode=process',
  'EnvironmentFile=-/etc/sysconfig/keepalived', 'ExecStart=/usr/sbin/keepalived $KEEPALIVED_OPTIONS', 'ExecReload=/bin/kill -HUP $MAINPID', '', '[Install]', 'WantedBy=multi-user.target',
]);

export const HTTPD_CONF = `#
# This is the main Apache HTTP server configuration file.
# See <URL:http://httpd.apache.org/docs/2.4/> for detailed information.
#
ServerRoot "/etc/httpd"

# Listen: bind to specific IP addresses and/or ports.
#Listen 12.34.56.78:80
Listen 80

Include conf.modules.d/*.conf

User apache
Group apache

ServerAdmin root@localhost

#ServerName www.example.com:80

<Directory />
    AllowOverride none
    Require all denied
</Directory>

DocumentRoot "/var/www/html"

<Directory "/var/www">
    AllowOverride None
    Require all granted
</Directory>

<Directory "/var/www/html">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>

<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>

<Files ".ht*">
    Require all denied
</Files>

ErrorLog "logs/error_log"
LogLevel warn

<IfModule log_config_module>
    LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
    CustomLog "logs/access_log" combined
</IfModule>

<IfModule mime_module>
    TypesConfig /etc/mime.types
    AddType application/x-compress .Z
    AddType application/x-gzip .gz .tgz
</IfModule>

AddDefaultCharset UTF-8

EnableSendfile on

IncludeOptional conf.d/*.conf
`;

const NOINDEX = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">\n<html><head>\n<title>Apache HTTP Server Test Page</title>\n</head>\n<body>\n<h1>Testing 123..</h1>\n<p>This page is used to test the proper operation of the Apache HTTP server after it has been installed.</p>\n</body></html>\n';

/** Files of the package httpd. */
export const HTTPD_FILES: ImageFiles = {
  '/etc/httpd/conf/httpd.conf': HTTPD_CONF,
  '/etc/httpd/conf.d/README': 'This directory holds configuration files for the Apache HTTP Server;\nany files in this directory which have the ".conf" extension will be\nprocessed as httpd configuration files.\n',
  '/etc/httpd/conf.d/welcome.conf': '<LocationMatch "^/+$">\n    Options -Indexes\n    ErrorDocument 403 /.noindex.html\n</LocationMatch>\n\n<Directory /usr/share/httpd/noindex>\n    AllowOverride None\n    Require all granted\n</Directory>\n\nAlias /.noindex.html /usr/share/httpd/noindex/index.html\n',
  '/etc/httpd/conf.modules.d/00-base.conf': '#\n# This file loads most of the modules included with the Apache HTTP\n# Server itself.\n#\nLoadModule dir_module modules/mod_dir.so\nLoadModule log_config_module modules/mod_log_config.so\nLoadModule mime_module modules/mod_mime.so\n',
  '/etc/httpd/logs': { to: '../../var/log/httpd' },
  '/etc/httpd/run': { to: '/run/httpd' },
  '/etc/sysconfig/httpd': '#\n# This file can be used to set additional environment variables for\n# the httpd process, or pass additional options to the httpd\n# executable.\n#\n#OPTIONS=\n\nLANG=C\n',
  '/usr/lib/systemd/system/httpd.service': HTTPD_UNIT,
  '/usr/share/httpd/noindex/index.html': NOINDEX,
  '/run/httpd': { type: 'dir', mode: 0o710, gid: 48 },
  '/var/log/httpd': { type: 'dir', mode: 0o700 },
  '/var/www/html': { type: 'dir' },
  '/var/www/cgi-bin': { type: 'dir' },
};

export const MIME_TYPES = mimeTypes();

const programs = (dir: string, names: string): ImageFiles => Object.fromEntries(names.split(' ').map((name) => [`${dir}/${name}`, { program: name }]));

/** Programs a CentOS 7 has and this build does not: running one says so. A command of this build at the same path takes its place. */
export const NOT_MODELLED: ImageFiles = {
  ...programs(
    '/usr/bin',
    'at awk bzip2 chage chsh cpio crontab dd df diff du file find free ftp gawk getfacl gpasswd gzip gunzip info ipcs killall last less localectl loginctl lsblk lscpu man mail make more mount nmcli nmtui openssl perl pgrep pstree python rsync scp screen sed setfacl sftp ssh ssh-add ssh-agent ssh-copy-id ssh-keygen ssh-keyscan strace tar time timedatectl umount unzip xz zip who w yumdownloader',
  ),
  ...programs(
    '/usr/sbin',
    'arping blkid brctl chroot depmod dmidecode fdisk fsck init ip6tables iptables iptables-save iptables-restore lsof mkfs ntpdate parted route runlevel swapoff swapon telinit visudo',
  ),
};

/** Start files of root's shells, as setup, bash and coreutils bring them. */
export const PROFILES: ImageFiles = {
  '/etc/profile': '# /etc/profile\n\n# System wide environment and startup programs, for login setup\n# Functions and aliases go in /etc/bashrc\n\nfor i in /etc/profile.d/*.sh ; do\n    if [ -r "$i" ]; then\n        . "$i" >/dev/null\n    fi\ndone\nunset i\n',
  '/etc/bashrc': '# /etc/bashrc\n\n# System wide functions and aliases\n# Environment stuff goes in /etc/profile\n\nif ! shopt -q login_shell ; then\n    for i in /etc/profile.d/*.sh; do\n        if [ -r "$i" ]; then\n            . "$i" >/dev/null\n        fi\n    done\n    unset i\nfi\n',
  '/etc/profile.d/colorls.sh': "# color-ls initialization\nalias ll='ls -l --color=auto' 2>/dev/null\nalias l.='ls -d .* --color=auto' 2>/dev/null\nalias ls='ls --color=auto' 2>/dev/null\n",
  '/etc/profile.d/colorgrep.sh': "# color-grep initialization\nalias grep='grep --color=auto' 2>/dev/null\nalias egrep='egrep --color=auto' 2>/dev/null\nalias fgrep='fgrep --color=auto' 2>/dev/null\n",
};

// Files of nfs-utils and rpcbind as CentOS 7 has them. Linux counterpart: nfs-utils 1.3.0, rpcbind 0.2.0.
// Not modelled: NFS on the Debian image; the units of NFS 3's lock manager, of Kerberos and id mapping; sockets of systemd (rpcbind starts with its service); nfs.service as another name of nfs-server.service (it starts the same, with a state of its own).
import type { ImageFiles } from './image';

const unit = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** Accounts of both packages. */
export const NFS_ACCOUNTS = {
  passwd: ['rpcuser:x:29:29:RPC Service User:/var/lib/nfs:/sbin/nologin', 'nfsnobody:x:65534:65534:Anonymous NFS User:/var/lib/nfs:/sbin/nologin'],
  group: ['rpcuser:x:29:', 'nfsnobody:x:65534:'],
} as const;
export const RPC_ACCOUNTS = { passwd: ['rpc:x:32:32:Rpcbind Daemon:/var/lib/rpcbind:/sbin/nologin'], group: ['rpc:x:32:'] } as const;

export const NFS_FILES: ImageFiles = {
  '/etc/exports': '',
  '/etc/sysconfig/nfs': '#\n# Optional arguments passed to rpc.nfsd. See rpc.nfsd(8)\nRPCNFSDARGS=""\n#\n# Number of nfs server processes to be started.\n# The default is 8.\n#RPCNFSDCOUNT=16\n',
  '/var/lib/nfs/etab': '',
  '/usr/lib/systemd/system/nfs-server.service': unit([
    '[Unit]', 'Description=NFS server and services', 'Requires=network.target', 'Wants=rpcbind.service nfs-mountd.service', 'After=network.target rpcbind.service', 'Before=remote-fs-pre.target', '', '[Service]', 'Type=oneshot', 'RemainAfterExit=yes',
    'EnvironmentFile=-/etc/sysconfig/nfs', 'ExecStartPre=-/usr/sbin/exportfs -r', 'ExecStart=/usr/sbin/rpc.nfsd $RPCNFSDARGS', 'ExecReload=/usr/sbin/exportfs -r', 'ExecStop=/usr/sbin/rpc.nfsd 0', 'ExecStop=/usr/sbin/exportfs -au', '', '[Install]', 'WantedBy=multi-user.target',
  ]),
  '/usr/lib/systemd/system/nfs-mountd.service': unit(['[Unit]', 'Description=NFS Mount Daemon', 'Wants=rpcbind.service', 'After=rpcbind.service', '', '[Service]', 'Type=forking', 'ExecStart=/usr/sbin/rpc.mountd $RPCMOUNTDARGS']),
  '/usr/lib/systemd/system/nfs.service': { to: 'nfs-server.service' },
};

export const RPCBIND_FILES: ImageFiles = {
  '/usr/lib/systemd/system/rpcbind.service': unit(['[Unit]', 'Description=RPC bind service', 'After=network.target', '', '[Service]', 'Type=forking', 'EnvironmentFile=-/etc/sysconfig/rpcbind', 'ExecStart=/sbin/rpcbind -w $RPCBIND_ARGS', '', '[Install]', 'WantedBy=multi-user.target']),
};

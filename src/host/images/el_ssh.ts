// OpenSSH as EL 7 installs it, and the key root has on every host of a lab: so that root may go from host to host without a password.
// Linux counterpart: packages openssh-clients and openssh-server; what an administrator does with ssh-keygen and ssh-copy-id.
import type { ImageFiles } from './image';

const PRIVATE = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'MIIEpAIBAAKCAQEA5VMMrCH9rMIqLVQL3GtFPVBfiXbE4fF/VYeZqFkC4DWMxDsb', 'mVyNBrRBbEYYFepOY9JndM8fws3NCAlrBNIXRsy3eW7roAXCOYWgqVfVfdhB9MAB', '0O4o5qWD6QCrvs8kRismuvoAs+nB4xy7DxA3R6wXuoI3gIIMbcVKLYONc/zamgbM',
  'vKDLIVfGlZk1PVLtKyNWaUxLqz4BELjrKX9AVZKjsDZmo15ftBg9ru4leq2Epeb+', 'dA6kC5zgryGe77u5PsUXGDgua699FC1GXQKkVMtcqarO6gZPo2uu8+Ob1DVkIgGF', 'UpwKP2j+k1T4SZDQjBq2Wuv5lvRUN5Bnaf2G707LKXUu6I3k2X95jk8rqWIsN4Lu',
  'OHinWVtudNmyI4t/aGC9XsQrrz97/H0lVvHUtl05PnBmddLCazXBPpPGqnEQJAy1', 'DZhVNtiej6/qiuestkXkDZxozoUj5Kk9veraX/+QB+80XhZF4MBE7GbVwAEFj4U4', '3x1fNRcN03mQ+yOPQBz9BS1ey+S2XizxU4A1okOUklGo0/Ngo8F6MY6N9y/tk2G6',
  'zZMLEGN9FGbbG4X6CtRkIFFBo+FMMpnVXLqUAc5QG0ULJEncKajIQbodHf6OnIth', '3W4cPB+wm0UwykP4oQjrA5N/7RAdO01JXi0gm6PJsC6j43bY6097/9POud/Brkzt', 'ZpGq25K9GFEZ2rOuNIz+WovuO7SQCXyYTY8dBDnAefZ9lSunlvnaMhgwDUIj1ozd',
  '8rYn2iVoIXE9IMc7PTS4reGxQtXf1GsSELui8ZvFYQ+PXrTa+mZWgFHozOpZE4OY', 'mtu1dq3xWwhZTvjgjS9xIbp8V6wkD5SD+Y7dfOrcsEVBDVfsYH1hgqzivOegRCK/', '/aY1DZAVrjtaiKiGnHBL94FBjDT89sUwkDpTdZyqztO9JbpWq8Z7IFu5woe5l0pk',
  'R+AB5vh+g6FGHzZPCcA+EejwnVYk5eqy/fFU8QBFoOmZAFjdsJ7jyU6QXOdKhvlI', 'LuBWJCpeCP8pBqOCkrwWX+GmijR76bccEhWrFcsodM9hDphGvLC2wSysuisWBskA', 'QMKKaYL4FXCKQREGdw/O67ffupiO6WJegeBNnShWYIqlpLBMuhAabs+ovw5h/+n2',
  '5CtoBZtBwzek7UljrUAn1loyiGnk+cwxtd0QWG3eDHVwy3zGzWCgdA6NeFnwIbhp', '21jqa3IBKhkznOkCsqQopWUlLHn8RBalLZ+uFP8c7rizfpOxOHm9uCCUhfQbZ1s/', 'UqxPuGFN28disq4vBjdgp5EfNhAi02eBKvzkejECtwF4+czlXzXGEcvWK0EJm5h3',
  '/gMyaJnKWbITX/WdW3INrHaiR/98ni/PbAuHIo0rAqDq9oceEH/M9qN+tEI3iigw', '6fqmdNKZnYnAd1RuRRMF+8x4Jw17RHkgfVgZVigZrznm3iCzlO4x4wo2w//SVDl/', 'glBn8jqeH8SpKlGpW0yIZsy9YWIO/vbPT+DMU2DTx7rMCqXAWGaSFMDGpKyRVrRE',
  'miWCK81yX8aCMnXG207gch9xDbjwbJkxltKUFxCeYQQj3c9nz4TMgw==',
  '-----END RSA PRIVATE KEY-----',
];
const PUBLIC = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDmCMXHGJOAHLjg6Bm+4WWa0wqAJMUQY1BpKQMa0oxHMA5cwXVbaWiDLYxmkMjV2rNTyHWGlPsQTUPhbC631AHWgZn8VT2tVLNU2NkJwePKRbu0nl2XcXhdd2m35TYPqGFpbVYQtKp3miWoc0UwPzI21V7OShGSMLwN1+ilfk4iQoSHQwqc/5mkp2XscrmyuKn8nmiI22F/svEpIhETTpDQ//psiMHWmG1L+M4bC3SGFAvMKL1FjSXmFj+qnfVNPRGf39we6o9pxEIStmSeerXmKMGrF5yP4kt7I/RH3ceIWUx5fqJpwRBBZLdpPT1aEfJo7nZJG9GAKkCPL44u0lPt root@lab\n';

const SSHD_CONFIG = `#	$OpenBSD: sshd_config,v 1.100 2016/08/15 12:32:04 naddy Exp $

# This is the sshd server system-wide configuration file.  See
# sshd_config(5) for more information.

#Port 22
#AddressFamily any
#ListenAddress 0.0.0.0
#ListenAddress ::

HostKey /etc/ssh/ssh_host_rsa_key
HostKey /etc/ssh/ssh_host_ecdsa_key
HostKey /etc/ssh/ssh_host_ed25519_key

SyslogFacility AUTHPRIV

#LoginGraceTime 2m
#PermitRootLogin yes
#StrictModes yes
#MaxAuthTries 6

AuthorizedKeysFile	.ssh/authorized_keys

PasswordAuthentication yes
ChallengeResponseAuthentication no

GSSAPIAuthentication yes
GSSAPICleanupCredentials no

UsePAM yes
X11Forwarding yes

#Banner none

Subsystem	sftp	/usr/libexec/openssh/sftp-server
`;

const SSH_CONFIG = `#	$OpenBSD: ssh_config,v 1.30 2016/02/20 23:06:23 sobrado Exp $

# This is the ssh client system-wide configuration file.  See
# ssh_config(5) for more information.

# Host *
#   ForwardAgent no
#   BatchMode no
#   CheckHostIP yes
#   ConnectTimeout 0
#   StrictHostKeyChecking ask
#   IdentityFile ~/.ssh/id_rsa
#   Port 22
Host *
	GSSAPIAuthentication yes
	ForwardX11Trusted yes
	SendEnv LANG LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES
`;

export const SSH_FILES: ImageFiles = {
  '/etc/ssh': { type: 'dir' },
  '/etc/ssh/ssh_config': SSH_CONFIG,
  '/etc/ssh/sshd_config': { text: SSHD_CONFIG, mode: 0o600 },
  '/etc/sysconfig/sshd': { text: '# Configuration file for the sshd service.\n\n# The server keys are automatically generated if they are missing.\n', mode: 0o640 },
  '/var/empty/sshd': { type: 'dir', mode: 0o711 },
  '/var/log/secure': { text: '', mode: 0o600 },
  '/root/.ssh': { type: 'dir', mode: 0o700 },
  '/root/.ssh/id_rsa': { text: `${PRIVATE.join('\n')}\n`, mode: 0o600 },
  '/root/.ssh/id_rsa.pub': PUBLIC,
  '/root/.ssh/authorized_keys': { text: PUBLIC, mode: 0o600 },
};

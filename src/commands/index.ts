// All commands of this build, an explicit list: a command not named here does not exist.
import { ab } from './ab';
import { arp } from './arp';
import { groupadd, groupdel, usermod } from './groupadd';
import { passwd } from './passwd';
import { su } from './su';
import { useradd, userdel } from './useradd';
import { arping } from './arping';
import { arptables } from './arptables';
import { apachectl } from './apachectl';
import { cat } from './cat';
import { chmod } from './chmod';
import type { Command } from './command';
import { curl } from './curl';
import { cut } from './cut';
import { dig } from './dig';
import { echo } from './echo';
import { egrep } from './egrep';
import { ethtool } from './ethtool';
import { false_ } from './false';
import { fgrep } from './fgrep';
import { getent } from './getent';
import { grep } from './grep';
import { head } from './head';
import { host } from './host';
import { hostnamectl } from './hostnamectl';
import { httpd } from './httpd';
import { miiTool } from './mii-tool';
import { nc } from './nc';
import { netstat } from './netstat';
import { nginx } from './nginx';
import { ifconfig } from './ifconfig';
import { ip } from './ip';
import { nslookup } from './nslookup';
import { nstat } from './nstat';
import { ping } from './ping';
import { printf } from './printf';
import { rpcbind, rpcMountd } from './rpc_daemons';
import { rpcNfsd } from './rpc_nfsd';
import { rpcinfo } from './rpcinfo';
import { route } from './route';
import { seq } from './seq';
import { setsid } from './setsid';
import { sleep } from './sleep';
import { socat } from './socat';
import { sort } from './sort';
import { ss } from './ss';
import { scp } from './scp';
import { ssh } from './ssh';
import { sshCopyId } from './ssh-copy-id';
import { sshKeygen } from './ssh-keygen';
import { sshd } from './sshd';
import { tail } from './tail';
import { tcpdump } from './tcpdump';
import { firewalld } from './firewalld';
import { getenforce, sestatus, setenforce } from './selinux';
import { sudo } from './sudo';
import { telnet } from './telnet';
import { tr } from './tr';
import { tracepath } from './tracepath';
import { traceroute } from './traceroute';
import { true_ } from './true';
import { uniq } from './uniq';
import { wc } from './wc';
import { ls } from './ls';
import { rm } from './rm';
import { conntrack } from './conntrack';
import { cp } from './cp';
import { mount } from './mount';
import { mountNfs4Helper, mountNfsHelper } from './mount_nfs';
import { mv } from './mv';
import { mkdir } from './mkdir';
import { rmdir } from './rmdir';
import { ln } from './ln';
import { readlink } from './readlink';
import { realpath } from './realpath';
import { date } from './date';
import { touch } from './touch';
import { stat } from './stat';
import { tee } from './tee';
import { basename } from './basename';
import { dirname } from './dirname';
import { chown } from './chown';
import { chgrp } from './chgrp';
import { chattr } from './chattr';
import { lsattr } from './lsattr';
import { sed } from './sed';
import { awk } from './awk';
import { mawk } from './mawk';
import { firewallCmd } from './firewall-cmd';
import { ip6tables } from './ip6tables';
import { iptables } from './iptables';
import { iptablesRestore } from './iptables-restore';
import { iptablesSave } from './iptables-save';
import { ipvsadm } from './ipvsadm';
import { sysctl } from './sysctl';
import { systemctl } from './systemctl';
import { service } from './service';
import { chkconfig } from './chkconfig';
import { journalctl } from './journalctl';
import { wget } from './wget';
import { yum } from './yum';
import { rpm } from './rpm';
import { lsmod } from './lsmod';
import { modprobe } from './modprobe';
import { rmmod } from './rmmod';
import { modinfo } from './modinfo';
import { dmesg } from './dmesg';
import { ifup } from './ifup';
import { ifdown } from './ifdown';
import { ipvsadmSave } from './ipvsadm-save';
import { ipvsadmRestore } from './ipvsadm-restore';
import { find } from './find';
import { xargs } from './xargs';
import { tac } from './tac';
import { rev } from './rev';
import { nl } from './nl';
import { paste } from './paste';
import { comm } from './comm';
import { diff } from './diff';
import { cmp } from './cmp';
import { halt, poweroff, reboot, shutdown } from './reboot';
import { join } from './join';
import { split } from './split';
import { od } from './od';
import { hexdump } from './hexdump';
import { base64 } from './base64';
import { md5sum } from './md5sum';
import { sha1sum } from './sha1sum';
import { sha256sum } from './sha256sum';
import { cksum } from './cksum';
import { sum } from './sum';
import { exportfs } from './exportfs';
import { expr } from './expr';
import { test_ } from './test';
import { bracket } from './test';
import { env } from './env';
import { printenv } from './printenv';
import { which } from './which';
import { id } from './id';
import { whoami } from './whoami';
import { groups } from './groups';
import { umount } from './umount';
import { uname } from './uname';
import { arch } from './arch';
import { logname } from './logname';
import { tty } from './tty';
import { nproc } from './nproc';
import { yes } from './yes';
import { timeout } from './timeout';
import { nohup } from './nohup';
import { nice } from './nice';
import { mktemp } from './mktemp';
import { truncate } from './truncate';
import { install } from './install';
import { fold } from './fold';
import { column } from './column';
import { fmt } from './fmt';
import { showmount } from './showmount';
import { shuf } from './shuf';
import { dd } from './dd';
import { link } from './link';
import { pwd } from './pwd';
import { unlink } from './unlink';
import { users } from './users';
import { mkfifo } from './mkfifo';
import { sync } from './sync';
import { hostname } from './hostname';
import { ps } from './ps';
import { pgrep } from './pgrep';
import { pkill } from './pkill';
import { kill } from './kill';
import { killall } from './killall';
import { uptime } from './uptime';
import { w } from './w';
import { who } from './who';
import { free } from './free';
import { watch } from './watch';
import { clear } from './clear';
import { top } from './top';
import { vim } from './vim';
import { vi } from './vi';
import { view } from './view';
import { nano } from './nano';
import { tar } from './tar';
import { gzip } from './gzip';
import { gunzip } from './gunzip';
import { zcat } from './zcat';
import { zgrep } from './zgrep';
import { df } from './df';
import { du } from './du';
import { less } from './less';
import { more } from './more';
import { crontab } from './crontab';
import { man } from './man';

export const commands: readonly Command[] = Object.freeze<Command[]>([
  // Files and text
  cat,
  chmod,
  cut,
  echo,
  egrep,
  false_,
  fgrep,
  grep,
  head,
  printf,
  seq,
  setsid,
  sleep,
  sort,
  tail,
  tr,
  true_,
  uniq,
  wc,
  ls,
  rm,
  cp,
  mv,
  mkdir,
  rmdir,
  ln,
  readlink,
  realpath,
  date,
  touch,
  stat,
  tee,
  basename,
  dirname,
  chown,
  chgrp,
  chattr,
  lsattr,
  sed,
  awk,
  mawk,
  find,
  xargs,
  tac,
  rev,
  nl,
  paste,
  comm,
  diff,
  cmp,
  join,
  split,
  od,
  hexdump,
  base64,
  md5sum,
  sha1sum,
  sha256sum,
  cksum,
  sum,
  expr,
  test_,
  bracket,
  env,
  printenv,
  which,
  id,
  whoami,
  groups,
  uname,
  arch,
  logname,
  tty,
  nproc,
  yes,
  timeout,
  nohup,
  nice,
  mktemp,
  truncate,
  install,
  fold,
  column,
  fmt,
  shuf,
  dd,
  link,
  pwd,
  unlink,
  users,
  mkfifo,
  sync,
  hostname,
  ps,
  pgrep,
  pkill,
  kill,
  killall,
  uptime,
  w,
  who,
  free,
  watch,
  clear,
  top,
  vim,
  vi,
  view,
  nano,
  tar,
  gzip,
  gunzip,
  zcat,
  zgrep,
  df,
  du,
  less,
  more,
  crontab,
  man,
  // Network
  ab,
  arp,
  arping,
  curl,
  dig,
  ethtool,
  getent,
  host,
  hostnamectl,
  ifconfig,
  ip,
  miiTool,
  nc,
  netstat,
  nslookup,
  nstat,
  ping,
  route,
  socat,
  ss,
  scp,
  ssh,
  sshCopyId,
  sshKeygen,
  sshd,
  tcpdump,
  firewalld,
  getenforce,
  setenforce,
  sestatus,
  sudo,
  telnet,
  tracepath,
  traceroute,
  wget,
  // Web servers
  apachectl,
  httpd,
  nginx,
  // Packet filter
  iptables,
  iptablesSave,
  iptablesRestore,
  conntrack,
  arptables,
  ip6tables,
  firewallCmd,
  // IPVS and the kernel
  ipvsadm,
  ipvsadmSave,
  ipvsadmRestore,
  sysctl,
  lsmod,
  modprobe,
  rmmod,
  modinfo,
  dmesg,
  // Accounts
  useradd,
  userdel,
  usermod,
  groupadd,
  groupdel,
  passwd,
  su,
  // File systems
  mount,
  umount,
  mountNfsHelper,
  mountNfs4Helper,
  exportfs,
  rpcNfsd,
  rpcMountd,
  rpcbind,
  rpcinfo,
  showmount,
  // Services and packages
  systemctl,
  service,
  chkconfig,
  journalctl,
  yum,
  rpm,
  ifup,
  ifdown,
  reboot,
  poweroff,
  halt,
  shutdown,
]);

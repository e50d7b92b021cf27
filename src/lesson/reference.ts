// The commands of the course with examples that run one after the other in the sandbox (reference.test.ts runs them).
import type { Both } from './question';

export interface Entry { option: string; means: Both; host: string; example: string; /** Lesson that teaches it. */ lesson: string }
export interface Group { id: string; title: Both; entries: Entry[] }

const VIP = '192.168.2.51:80';
const entry = (option: string, zh: string, en: string, example: string, lesson: string, host = 'lvs51'): Entry => ({ option, means: { zh, en }, host, example, lesson });

export const REFERENCE: readonly Group[] = [
  {
    id: 'service', title: { zh: '虚拟服务（大写）', en: 'Virtual services (capital letters)' }, entries: [
      entry('-A -t VIP:PORT -s ALG', '添加 TCP 虚拟服务，-s 指定调度算法', 'Adds a TCP service; -s names its scheduler', `ipvsadm -A -t ${VIP} -s rr`, 'first-service'),
      entry('-E -t VIP:PORT -s ALG', '修改已有的虚拟服务；没写的选项回到默认值', 'Changes a service; options left out go back to their defaults', `ipvsadm -E -t ${VIP} -s wrr`, 'edit-delete'),
      entry('-A -u VIP:PORT', '添加 UDP 虚拟服务', 'Adds a UDP service', 'ipvsadm -A -u 192.168.2.51:53 -s rr', 'first-service'),
      entry('-D -u VIP:PORT', '删除虚拟服务，里面的服务器一起删掉', 'Deletes a service with its servers', 'ipvsadm -D -u 192.168.2.51:53', 'edit-delete'),
      entry('-A -f MARK', '按防火墙标记建服务，可把几个端口合成一个', 'A service by firewall mark, for several ports at once', 'ipvsadm -A -f 1 -s rr', 'fwmark'),
    ],
  },
  {
    id: 'server', title: { zh: '真实服务器（小写）', en: 'Real servers (small letters)' }, entries: [
      entry('-a -t VIP:PORT -r RIP:PORT -m', '加入真实服务器，NAT 模式', 'Adds a real server in NAT mode', `ipvsadm -a -t ${VIP} -r 192.168.4.52:80 -m`, 'nat-cluster'),
      entry('-g / -m / -i', '转发方式：-g 是 DR（默认），-m 是 NAT，-i 是 TUN', 'How packets are handed on: -g DR (default), -m NAT, -i TUN', `ipvsadm -a -t ${VIP} -r 192.168.4.53:80 -g`, 'dr-cluster'),
      entry('-e -t … -r … -w N', '修改真实服务器；没写 -w，权重会回到 1，没写 -m，方式会回到 -g', 'Changes a server; without -w its weight becomes 1, without -m its mode becomes -g', `ipvsadm -e -t ${VIP} -r 192.168.4.53:80 -m -w 2`, 'edit-delete'),
      entry('-w 0', '权重 0：不再接新连接，旧的做完（下线维护）', 'Weight 0: no new connections, old ones finish', `ipvsadm -e -t ${VIP} -r 192.168.4.53:80 -m -w 0`, 'drain'),
      entry('-x N -y M', '连接数的上限和下限：到了 N 就不再分给它，降到 M 以下再分', 'Thresholds: at N it gets no more, below M it gets some again', `ipvsadm -e -t ${VIP} -r 192.168.4.52:80 -m -x 100 -y 80`, 'thresholds'),
      entry('-d -t … -r …', '删除一台真实服务器', 'Deletes a real server', `ipvsadm -d -t ${VIP} -r 192.168.4.53:80`, 'edit-delete'),
    ],
  },
  {
    id: 'look', title: { zh: '查看', en: 'Looking' }, entries: [
      entry('-L -n', '列出规则表；-n 用数字，不查名字', 'Lists the table; -n prints numbers', 'ipvsadm -Ln', 'read-listing'),
      entry('-L -n --stats', '累计：连接数、进出的包和字节', 'Totals: connections, packets and bytes in and out', 'ipvsadm -Ln --stats', 'stats'),
      entry('-L -n --rate', '速率：每秒的连接、包和字节', 'Rates: connections, packets and bytes a second', 'ipvsadm -Ln --rate', 'stats'),
      entry('-L -n -c', '列出每个连接，带状态和剩余时间', 'Lists every connection with its state and time left', 'ipvsadm -Lnc', 'stats'),
      entry('-L --timeout', '看 TCP、FIN、UDP 的超时', 'Shows the timeouts of TCP, FIN and UDP', 'ipvsadm -L --timeout', 'timeouts'),
      entry('-Z', '计数清零，规则不变', 'Sets the counters to zero; rules stay', 'ipvsadm -Z', 'stats'),
    ],
  },
  {
    id: 'more', title: { zh: '会话保持与超时', en: 'Persistence and timeouts' }, entries: [
      entry('-p [SECONDS]', '会话保持；不写秒数就是 360', 'Persistence; 360 seconds when none are given', `ipvsadm -E -t ${VIP} -s rr -p 60`, 'persistence'),
      entry('-M NETMASK', '同一网段的客户端算同一个', 'Clients of one network count as one', `ipvsadm -E -t ${VIP} -s rr -p 60 -M 255.255.255.0`, 'persistence'),
      entry('--set TCP FIN UDP', '修改超时，单位秒，0 表示不改', 'Sets the timeouts in seconds; 0 leaves one as it is', 'ipvsadm --set 900 120 300', 'timeouts'),
    ],
  },
  {
    id: 'keep', title: { zh: '保存与恢复', en: 'Saving and restoring' }, entries: [
      entry('-S -n', '以命令选项的形式显示规则，不写文件', 'Prints the rules as options; writes no file', 'ipvsadm -Sn', 'save-restore'),
      entry('ipvsadm-save -n >', '保存到服务开机时读的文件', 'Saves to the file that the unit reads at boot', 'ipvsadm-save -n > /etc/sysconfig/ipvsadm', 'save-restore'),
      entry('-C', '清空整张规则表', 'Clears the whole table', 'ipvsadm -C', 'nat-cleanup'),
      entry('-R / ipvsadm-restore <', '从文件恢复规则', 'Restores the rules from a file', 'ipvsadm-restore < /etc/sysconfig/ipvsadm', 'save-restore'),
      entry('systemctl enable ipvsadm', '开机时自动恢复', 'Restores at boot', 'systemctl enable ipvsadm', 'save-restore'),
    ],
  },
  {
    id: 'around', title: { zh: '配合使用', en: 'What goes with it' }, entries: [
      entry('sysctl -w net.ipv4.ip_forward=1', '打开路由转发（NAT 需要；写进 /etc/sysctl.conf 才会保留）', 'Turns forwarding on (NAT needs it; /etc/sysctl.conf keeps it)', 'sysctl -w net.ipv4.ip_forward=1', 'forwarding'),
      entry('curl http://VIP/', '从客户端访问', 'Asks from the client', 'curl http://192.168.2.51/test.html', 'first-service', 'client50'),
      entry('ifconfig eth0:1 VIP/32', '绑定 VIP（DR 的调度器）', "Binds the VIP (a DR director's)", 'ifconfig eth0:1 192.168.4.253/32', 'vip-alias'),
      entry('ifconfig lo:1 VIP/32', '绑定 VIP（DR 的真实服务器，一定是 /32）', "Binds the VIP (a DR real server's, always /32)", 'ifconfig lo:1 192.168.4.253/32', 'vip-alias', 'web52'),
      entry('arp_ignore = 1', 'ARP 抑制：只应答收到查询的那块网卡上的地址', 'ARP suppression: answers only for addresses of the card asked', 'sysctl -w net.ipv4.conf.all.arp_ignore=1', 'arp-problem', 'web52'),
      entry('arp_announce = 2', 'ARP 抑制：自己发 ARP 查询时不用 VIP 作源地址', 'ARP suppression: own queries never carry the VIP as their source', 'sysctl -w net.ipv4.conf.all.arp_announce=2', 'arp-problem', 'web52'),
      entry('ip neigh flush all', '清空 ARP 表', 'Empties the ARP table', 'ip neigh flush all', 'arp-basics', 'client50'),
    ],
  },
];

// Terms of the course in both languages, with what they mean and the lesson that explains them. `find` is how lessons (in Chinese) speak of a term: it says in which step.
import type { Both } from './question';

export interface Term {
  id: string;
  /** The lesson that explains it; in a course without that one, the first lesson that speaks of it. */
  lesson: string;
  /** Chinese name with its other names, English name. */
  zh: string; en: string; also: string[];
  means: Both;
  find: RegExp;
}

const term = (id: string, lesson: string, zh: string, en: string, also: string[], find: RegExp, meansZh: string, meansEn: string): Term => ({ id, lesson, zh, en, also, find, means: { zh: meansZh, en: meansEn } });

export const GLOSSARY: readonly Term[] = [
  term('cluster', 'what-is-a-cluster', '集群', 'cluster', ['群集', 'Cluster'], /集群/, '多台服务器提供同一种服务，在客户端看来像一台。', 'Several servers that give one service and look like one to the client.'),
  term('hpc', 'what-is-a-cluster', '高性能计算集群', 'HPC', ['High Performance Computing'], /HPC/, '把一道大题拆开，多台机器一起算。', 'Many machines compute one large problem together.'),
  term('lb', 'what-is-a-cluster', '负载均衡集群', 'load balancing', ['LB', 'Load Balance'], /负载均衡/, '把请求分给多台服务器，每台处理一部分。LVS 做的就是这个。', 'Requests are shared out among servers. This is what LVS does.'),
  term('ha', 'what-is-a-cluster', '高可用集群', 'high availability', ['HA', 'High Availability'], /高可用/, '一台坏了，另一台马上接替，避免单点故障。', 'When one machine breaks another takes over, so that there is no single point of failure.'),
  term('lvs', 'what-is-a-cluster', 'LVS', 'LVS', ['Linux Virtual Server', 'Linux 虚拟服务器'], /LVS/, 'Linux 内核里的四层负载均衡，由 IPVS 和 ipvsadm 组成。', 'Load balancing at layer 4 inside the Linux kernel: IPVS and its tool ipvsadm.'),
  term('ipvs', 'install-ipvsadm', 'IPVS', 'IPVS', ['ip_vs'], /IPVS/, '内核里转发请求的那一部分。', 'The part of the kernel that hands requests on.'),
  term('ipvsadm', 'install-ipvsadm', 'ipvsadm', 'ipvsadm', [], /ipvsadm/, '查看和修改 IPVS 规则表的命令。', 'The command that shows and changes the table of IPVS.'),
  term('director', 'lvs-terms', '调度器', 'director', ['分发器', 'Director', 'Load Balancer'], /调度器|分发器/, '对外提供 VIP、把请求交给真实服务器的那台主机。', 'The host that offers the VIP and hands requests to real servers.'),
  term('real-server', 'lvs-terms', '真实服务器', 'real server', ['节点服务器', 'RS', 'Real Server'], /真实服务器|节点服务器/, '真正处理请求的服务器。', 'A server that really answers requests.'),
  term('vip', 'lvs-terms', 'VIP', 'VIP', ['虚拟 IP', 'Virtual IP'], /VIP/, '客户端访问的地址，在调度器上。', "The address clients use; it is the director's."),
  term('rip', 'lvs-terms', 'RIP', 'RIP', ['真实 IP', 'Real IP'], /\bRIP\b/, '真实服务器自己的地址。', "A real server's own address."),
  term('dip', 'lvs-terms', 'DIP', 'DIP', ['Director IP'], /\bDIP\b/, '调度器面向真实服务器的地址。', "The director's address towards the real servers."),
  term('cip', 'lvs-terms', 'CIP', 'CIP', ['Client IP'], /\bCIP\b/, '客户端的地址。', "The client's address."),
  term('port-mapping', 'nat-port-map', '端口映射', 'port mapping', ['-r RIP:PORT -m'], /端口映射/, '客户端访问一个端口，调度器转给服务器的另一个端口；只有 NAT 模式能做。', 'Clients use one port, the director hands on to another port of the server; NAT mode only.'),
  term('service', 'first-service', '虚拟服务', 'virtual service', ['Virtual Service'], /虚拟服务/, '规则表里的一条：协议、地址和端口，加上调度算法。', 'An entry of the table: protocol, address and port, with a scheduler.'),
  term('nat', 'nat-cluster', 'NAT 模式', 'NAT mode', ['Masq', '-m', '地址转换'], /NAT/, '改 IP 地址：去程改目的，回程改源，来回都经过调度器。', 'The addresses are rewritten: the destination on the way in, the source on the way out; both pass the director.'),
  term('dr', 'dr-cluster', 'DR 模式', 'DR mode', ['Route', '-g', '直接路由', 'Direct Routing'], /DR/, '不改 IP，只把帧的目的 MAC 换成选中的服务器；回包不经过调度器。', 'The IP header stays; only the destination MAC becomes that of the chosen server. Replies do not pass the director.'),
  term('tun', 'tun-cluster', 'TUN 模式', 'TUN mode', ['Tunnel', '-i', '隧道', 'IPIP'], /TUN|隧道/, '在外面再套一层 IP，把包送到别的网段的服务器。', 'A further IP header carries the packet to a server in another network.'),
  term('arp', 'arp-basics', 'ARP', 'ARP', ['地址解析协议'], /ARP/, '问“谁有这个 IP”，用答案里的 MAC 填帧的目的。', 'Asks who has an IP address; the MAC in the answer becomes the destination of the frame.'),
  term('arp-suppress', 'arp-problem', 'ARP 抑制', 'ARP suppression', ['arp_ignore', 'arp_announce', '不应答 VIP 的 ARP 查询'], /arp_ignore/, 'DR 和 TUN 模式下，真实服务器有 VIP 却不应答它的 ARP 查询。', 'In DR and TUN mode real servers have the VIP but do not answer ARP for it.'),
  term('gratuitous-arp', 'arp-basics', '免费 ARP', 'gratuitous ARP', ['arping -U', '无偿 ARP'], /免费 ARP/, '没有人问，自己广播“这个地址在我这里”，让别人马上改掉旧的 ARP 记录。', 'An announcement nobody asked for, "this address is here", which makes others drop their old ARP entry at once.'),
  term('mac', 'packet-life', 'MAC 地址', 'MAC address', ['硬件地址'], /MAC/, '网卡的地址，只在一个网段里有用。', 'The address of a network card; it matters within one segment only.'),
  term('alias', 'vip-alias', '别名接口', 'alias interface', ['eth0:1', 'lo:1'], /别名接口/, '一块网卡上多出来的地址，写成 eth0:1、lo:1；MAC 还是原来那块网卡的。', 'A further address of a card, written eth0:1 or lo:1; the MAC stays that of the card.'),
  term('gateway', 'nat-gateways', '网关', 'gateway', ['默认路由', 'default gateway'], /网关/, '目的不在本网段时，包先交给它。', 'Where packets go first when their destination is not on the own network.'),
  term('ip-forward', 'forwarding', '路由转发', 'IP forwarding', ['ip_forward'], /ip_forward/, '主机替别人转交包的开关，NAT 模式的调度器必须打开。', 'The switch that lets a host pass on packets of others; a NAT director needs it.'),
  term('scheduler', 'rr-order', '调度算法', 'scheduler', ['rr', 'wrr', 'lc', 'wlc', 'sh', 'dh'], /调度算法/, '下一个连接交给谁的规则。', 'The rule that says who gets the next connection.'),
  term('weight', 'wrr-weights', '权重', 'weight', ['-w', 'weight'], /权重/, '服务器应当分到的份额；0 表示不再接新连接。', 'The share a server should get; 0 means no new connections.'),
  term('active', 'read-listing', '活动连接', 'ActiveConn', ['InActConn', '不活动连接'], /ActiveConn|InActConn/, '规则表里正在使用的连接数；InActConn 多半是刚结束的。', 'Connections in use; InActConn are mostly those that have just ended.'),
  term('persistence', 'persistence', '会话保持', 'persistence', ['持久连接', '-p'], /会话保持|持久连接/, '一段时间内，同一客户端总是交给同一台服务器。', 'For a while the same client always gets the same server.'),
  term('template', 'persistence', '模板', 'template', ['会话保持模板', 'persistence template'], /模板/, '会话保持的记录：这个客户端的新连接都交给同一台，到期才作废。', "Persistence's record: new connections of this client all go to the same server, until it expires."),
  term('fwmark', 'fwmark', '防火墙标记', 'firewall mark', ['fwmark', '-f'], /防火墙标记|fwmark/, '用 iptables 给包打标记，把几个端口合成一个虚拟服务。', 'A mark set by iptables that makes one virtual service of several ports.'),
  term('drain', 'drain', '平稳下线', 'draining', ['权重 0', 'quiesce'], /下线/, '先把权重改成 0，不接新连接，等旧连接结束，再删除服务器。', 'Weight 0 first, so that no new connection comes; the server is deleted when the old ones have ended.'),
  term('threshold', 'thresholds', '连接上限', 'threshold', ['-x', '-y', '阈值'], /上限|阈值/, '连接数到了上限的服务器，暂时不再分到新连接。', 'A server that has reached its upper threshold gets no new connections for the time being.'),
  term('rst', 'save-restore', 'RST', 'RST', ['拒绝连接'], /RST/, 'TCP 的“没有这个连接”，收到的一方马上放弃。', "TCP's way of saying there is no such connection; whoever gets it gives up at once."),
  term('rp-filter', 'tun-cluster', '反向路径过滤', 'reverse path filter', ['rp_filter'], /rp_filter/, '从“不该来的”接口进来的包被丢弃。', 'Drops packets that come in where their reply would not go out.'),
  term('mtu', 'tun-mtu', 'MTU', 'MTU', ['最大传输单元'], /MTU/, '一帧能装多少字节；隧道要占掉 20 字节。', 'How many bytes a frame can carry; a tunnel takes 20 of them.'),
  term('shared-storage', 'shared-storage', '共享存储', 'shared storage', ['NFS'], /共享存储/, '所有真实服务器挂载同一份网页。', 'All real servers mount the same pages.'),
  term('hop', 'packet-life', '一跳', 'hop', [], /一跳/, '包从一台主机走到下一台。', 'A packet going from one host to the next.'),
  term('reply', 'nat-gateways', '回包', 'reply', ['响应报文'], /回包/, '服务器发回给客户端的包。', 'What the server sends back to the client.'),
];

// `netstat -s`: the MIB counters in sentences. Counterpart: net-tools' statistics.c.
import type { MibGroup } from '../../kernel/ipv4/mib';

/** A sentence with %u for the number; '!' in front: printed even when 0. */
type Sentences = Readonly<Record<string, string>>;

const IP: Sentences = {
  Forwarding: '!Forwarding: %u', DefaultTTL: 'Default TTL is %u', InReceives: '!%u total packets received', InHdrErrors: '%u with invalid headers',
  InAddrErrors: '%u with invalid addresses', ForwDatagrams: '!%u forwarded', InUnknownProtos: '%u with unknown protocol', InDiscards: '!%u incoming packets discarded',
  InDelivers: '!%u incoming packets delivered', OutRequests: '!%u requests sent out', OutDiscards: '%u outgoing packets dropped', OutNoRoutes: '%u dropped because of missing route',
  ReasmTimeout: '%u fragments dropped after timeout', ReasmReqds: '%u reassemblies required', ReasmOKs: '%u packets reassembled ok', ReasmFails: '%u packet reassemblies failed',
  FragOKs: '%u fragments received ok', FragFails: '%u fragments failed', FragCreates: '%u fragments created',
};
const ICMP: Sentences = {
  InMsgs: '!%u ICMP messages received', InErrors: '!%u input ICMP message failed', InDestUnreachs: '>destination unreachable: %u', InTimeExcds: '>timeout in transit: %u',
  InParmProbs: '>wrong parameters: %u', InSrcQuenchs: '>source quenches: %u', InRedirects: '>redirects: %u', InEchos: '>echo requests: %u', InEchoReps: '>echo replies: %u',
  InTimestamps: '>timestamp request: %u', InTimestampReps: '>timestamp reply: %u', InAddrMasks: '>address mask request: %u', InAddrMaskReps: '>address mask replies: %u',
  OutMsgs: '!%u ICMP messages sent', OutErrors: '!%u ICMP messages failed', OutDestUnreachs: '<destination unreachable: %u', OutTimeExcds: '<time exceeded: %u',
  OutParmProbs: '<wrong parameters: %u', OutSrcQuenchs: '<source quench: %u', OutRedirects: '<redirect: %u', OutEchos: '<echo requests: %u', OutEchoReps: '<echo replies: %u',
  OutTimestamps: '<timestamp requests: %u', OutTimestampReps: '<timestamp replies: %u', OutAddrMasks: '<address mask requests: %u', OutAddrMaskReps: '<address mask replies: %u',
};
const TCP: Sentences = {
  ActiveOpens: '!%u active connection openings', PassiveOpens: '!%u passive connection openings', AttemptFails: '!%u failed connection attempts',
  EstabResets: '!%u connection resets received', CurrEstab: '!%u connections established', InSegs: '!%u segments received', OutSegs: '!%u segments sent out',
  RetransSegs: '!%u segments retransmitted', InErrs: '!%u bad segments received', OutRsts: '!%u resets sent',
};
const UDP: Sentences = {
  InDatagrams: '!%u packets received', NoPorts: '!%u packets to unknown port received', InErrors: '!%u packet receive errors', OutDatagrams: '!%u packets sent',
  RcvbufErrors: '!%u receive buffer errors', SndbufErrors: '!%u send buffer errors',
};
const TCP_EXT: Sentences = {
  SyncookiesSent: '%u SYN cookies sent', SyncookiesRecv: '%u SYN cookies received', SyncookiesFailed: '%u invalid SYN cookies received',
  EmbryonicRsts: '%u resets received for embryonic SYN_RECV sockets', PruneCalled: '%u packets pruned from receive queue because of socket buffer overrun',
  TW: '%u TCP sockets finished time wait in fast timer', TWRecycled: '%u time wait sockets recycled by time stamp', PAWSEstab: '%u packetes rejected in established connections because of timestamp',
  DelayedACKs: '%u delayed acks sent', DelayedACKLocked: '%u delayed acks further delayed because of locked socket', ListenOverflows: '%u times the listen queue of a socket overflowed',
  ListenDrops: '%u SYNs to LISTEN sockets dropped', TCPHPHits: '!%u packet headers predicted', TCPPureAcks: '%u acknowledgments not containing data payload received',
  TCPHPAcks: '%u predicted acknowledgments', TCPTimeouts: '%u other TCP timeouts', TCPLossProbes: 'TCPLossProbes: %u', TCPAbortOnData: '%u connections reset due to unexpected data',
  TCPAbortOnClose: '%u connections reset due to early user close', TCPAbortOnTimeout: '%u connections aborted due to timeout',
};
const SENTENCES: Readonly<Record<string, Sentences>> = { Ip: IP, Icmp: ICMP, Tcp: TCP, Udp: UDP, UdpLite: {}, TcpExt: TCP_EXT };
/** Counters that are not printed at all. */
const SILENT: Readonly<Record<string, readonly string[]>> = { Ip: ['DefaultTTL'], Tcp: ['RtoAlgorithm', 'RtoMin', 'RtoMax', 'MaxConn', 'InCsumErrors'], Icmp: ['InCsumErrors'], Udp: ['InCsumErrors'] };

function group(g: MibGroup): string {
  let text = `${g.name}:\n`;
  const sentences = SENTENCES[g.name] ?? {};
  for (const [name, value] of g.counters) {
    const s = sentences[name];
    if (s === undefined) {
      if (value !== 0 && !(SILENT[g.name] ?? []).includes(name)) text += `${g.name === 'IcmpMsg' ? '        ' : '    '}${name}: ${value}\n`;
    } else if (SILENT[g.name]?.includes(name)) continue;
    else if (s.startsWith('>') || s.startsWith('<')) {
      if (value !== 0) text += `        ${s.slice(1).replace('%u', String(value))}\n`;
    } else if (s.startsWith('!') || value !== 0) {
      const said = `    ${s.replace(/^!/, '').replace('%u', String(value))}\n`;
      text += said;
    }
    // The histograms follow the error counts, empty or not.
    if (g.name === 'Icmp' && name === 'InErrors') text += '    ICMP input histogram:\n';
    if (g.name === 'Icmp' && name === 'OutErrors') text += '    ICMP output histogram:\n';
  }
  return text;
}

/** All groups (or those of the protocols wanted) as text. */
export function statisticsText(groups: readonly MibGroup[], wanted: ReadonlySet<string> | null): string {
  const shown = groups.filter((g) => (wanted === null ? g.name !== 'IcmpMsg' || g.counters.length > 0 : wanted.has(g.name)));
  return shown.map(group).join('');
}

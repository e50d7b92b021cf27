// The MIB counters of a host in the order of /proc/net/snmp and /proc/net/netstat. Linux counterpart: net/ipv4/proc.c (snmp4_*_list). RFC 4293, RFC 4022, RFC 4113.
// Not modelled: MPTCP and UDP-Lite count nothing here.
import { Conf } from '../core/dev';
import type { Kernel } from '../kernel';
import { TCP } from './tcp_state';

/** One line of the files: a group and its counters in order. */
export interface MibGroup {
  name: string;
  counters: (readonly [string, number])[];
}

const IP =
  'Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards ' +
  'OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates';
const ICMP =
  'InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps ' +
  'InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs ' +
  'OutRedirects OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps';
const TCP_NAMES =
  'RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts ' +
  'InCsumErrors';
const UDP =
  'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors';
const TCP_EXT =
  'SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps LockDroppedIcmps ArpFilter TW ' +
  'TWRecycled TWKilled PAWSActive PAWSEstab DelayedACKs DelayedACKLocked DelayedACKLost ListenOverflows ListenDrops TCPHPHits TCPPureAcks ' +
  'TCPHPAcks TCPRenoRecovery TCPSackRecovery TCPSACKReneging TCPSACKReorder TCPRenoReorder TCPTSReorder TCPFullUndo TCPPartialUndo TCPDSACKUndo ' +
  'TCPLossUndo TCPLostRetransmit TCPRenoFailures TCPSackFailures TCPLossFailures TCPFastRetrans TCPSlowStartRetrans TCPTimeouts TCPLossProbes ' +
  'TCPLossProbeRecovery TCPRenoRecoveryFail TCPSackRecoveryFail TCPRcvCollapsed TCPBacklogCoalesce TCPDSACKOldSent TCPDSACKOfoSent TCPDSACKRecv ' +
  'TCPDSACKOfoRecv TCPAbortOnData TCPAbortOnClose TCPAbortOnMemory TCPAbortOnTimeout TCPAbortOnLinger TCPAbortFailed TCPMemoryPressures ' +
  'TCPMemoryPressuresChrono TCPSACKDiscard TCPDSACKIgnoredOld TCPDSACKIgnoredNoUndo TCPSpuriousRTOs TCPMD5NotFound TCPMD5Unexpected ' +
  'TCPMD5Failure TCPSackShifted TCPSackMerged TCPSackShiftFallback TCPBacklogDrop PFMemallocDrop TCPMinTTLDrop TCPDeferAcceptDrop ' +
  'IPReversePathFilter TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop TCPRetransFail TCPRcvCoalesce TCPOFOQueue TCPOFODrop ' +
  'TCPOFOMerge TCPChallengeACK TCPSYNChallenge TCPFastOpenActive TCPFastOpenActiveFail TCPFastOpenPassive TCPFastOpenPassiveFail ' +
  'TCPFastOpenListenOverflow TCPFastOpenCookieReqd TCPFastOpenBlackhole TCPSpuriousRtxHostQueues BusyPollRxPackets TCPAutoCorking ' +
  'TCPFromZeroWindowAdv TCPToZeroWindowAdv TCPWantZeroWindowAdv TCPSynRetrans TCPOrigDataSent TCPHystartTrainDetect TCPHystartTrainCwnd ' +
  'TCPHystartDelayDetect TCPHystartDelayCwnd TCPACKSkippedSynRecv TCPACKSkippedPAWS TCPACKSkippedSeq TCPACKSkippedFinWait2 ' +
  'TCPACKSkippedTimeWait TCPACKSkippedChallenge TCPWinProbe TCPKeepAlive TCPMTUPFail TCPMTUPSuccess TCPDelivered TCPDeliveredCE ' +
  'TCPAckCompressed TCPZeroWindowDrop TCPRcvQDrop TCPWqueueTooBig TCPFastOpenPassiveAltKey TcpTimeoutRehash TcpDuplicateDataRehash ' +
  'TCPDSACKRecvSegs TCPDSACKIgnoredDubious TCPMigrateReqSuccess TCPMigrateReqFailure';
const IP_EXT =
  'InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets ' +
  'OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps';

const lowerFirst = (s: string): string => s[0]!.toLowerCase() + s.slice(1);

function established(k: Kernel): number {
  let n = 0;
  for (let s = 0; s < k.tcp.used; s++) if (k.tcp.state[s] === TCP.ESTABLISHED || k.tcp.state[s] === TCP.CLOSE_WAIT) n++;
  return n;
}

const TYPES = [['EchoReps', 0], ['DestUnreachs', 3], ['Redirects', 5], ['Echos', 8], ['TimeExcds', 11]] as const;

/** IcmpMsg: messages by type number, those seen at least once. */
function icmpTypes(k: Kernel): (readonly [string, number])[] {
  return (['In', 'Out'] as const).flatMap((way) => TYPES.map(([n, type]) => [`${way}Type${type}`, k.counters[`Icmp.${way}${n}`] ?? 0] as const)).filter(([, v]) => v > 0);
}

/** Groups of /proc/net/snmp: Ip, Icmp, IcmpMsg, Tcp, Udp, UdpLite. */
export function snmpGroups(k: Kernel): MibGroup[] {
  const ip = k.ip as unknown as Record<string, number>;
  const tcp = k.tcp.mib as unknown as Record<string, number>;
  const fixedIp: Record<string, number> = { Forwarding: k.confAll[Conf.forwarding] !== 0 ? 1 : 2, DefaultTTL: k.defaultTtl };
  const fixedTcp: Record<string, number> = { RtoAlgorithm: 1, RtoMin: 200, RtoMax: 120000, MaxConn: -1, CurrEstab: established(k) };
  const udp: Record<string, number> = { InDatagrams: k.udp.inDatagrams, NoPorts: k.udp.noPorts, OutDatagrams: k.udp.outDatagrams };
  return [
    { name: 'Ip', counters: IP.split(' ').map((n) => [n, fixedIp[n] ?? ip[lowerFirst(n)] ?? 0] as const) },
    { name: 'Icmp', counters: ICMP.split(' ').map((n) => [n, k.counters[`Icmp.${n}`] ?? 0] as const) },
    { name: 'IcmpMsg', counters: icmpTypes(k) },
    { name: 'Tcp', counters: TCP_NAMES.split(' ').map((n) => [n, fixedTcp[n] ?? tcp[lowerFirst(n)] ?? 0] as const) },
    { name: 'Udp', counters: UDP.split(' ').map((n) => [n, udp[n] ?? 0] as const) },
    { name: 'UdpLite', counters: UDP.split(' ').map((n) => [n, 0] as const) },
  ];
}

/** Groups of /proc/net/netstat: TcpExt, IpExt. */
export function netstatGroups(k: Kernel): MibGroup[] {
  return [
    { name: 'TcpExt', counters: TCP_EXT.split(' ').map((n) => [n, k.counters[`TcpExt.${n}`] ?? 0] as const) },
    { name: 'IpExt', counters: IP_EXT.split(' ').map((n) => [n, k.counters[`IpExt.${n}`] ?? 0] as const) },
  ];
}

/** The text of such a file: names, then values. */
export function mibText(groups: readonly MibGroup[]): string {
  return groups.map((g) => `${g.name}:${g.counters.map(([n]) => ` ${n}`).join('')}\n${g.name}:${g.counters.map(([, v]) => ` ${v}`).join('')}\n`).join('');
}

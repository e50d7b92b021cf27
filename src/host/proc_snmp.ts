// /proc/net/snmp and /proc/net/netstat: counters by the names of RFC 4293 and Linux's own. Linux counterpart: net/ipv4/proc.c.
// Counters that nothing here can raise are printed as zero, because tools look for their columns.
import type { Kernel } from '../kernel/kernel';
import type { Bytes } from '../lib/text';
import { TCP } from '../kernel/ipv4/tcp_state';

/** Columns of each line, in the kernel's order (6.1). */
export const SNMP: Readonly<Record<string, string>> = {
  Ip: 'Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards InDelivers OutRequests OutDiscards OutNoRoutes ' +
    'ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs FragFails FragCreates',
  Icmp: 'InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos InEchoReps InTimestamps InTimestampReps ' +
    'InAddrMasks InAddrMaskReps OutMsgs OutErrors OutRateLimitGlobal OutRateLimitHost OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects ' +
    'OutEchos OutEchoReps OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps',
  Tcp: 'RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors',
  Udp: 'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors',
  UdpLite: 'InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti MemErrors',
};
export const NETSTAT: Readonly<Record<string, string>> = {
  TcpExt: 'SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned OutOfWindowIcmps LockDroppedIcmps ArpFilter TW TWRecycled ' +
    'TWKilled PAWSActive PAWSEstab DelayedACKs DelayedACKLocked DelayedACKLost ListenOverflows ListenDrops TCPHPHits TCPPureAcks TCPHPAcks TCPRenoRecovery ' +
    'TCPSackRecovery TCPSACKReneging TCPSACKReorder TCPRenoReorder TCPTSReorder TCPFullUndo TCPPartialUndo TCPDSACKUndo TCPLossUndo TCPLostRetransmit ' +
    'TCPRenoFailures TCPSackFailures TCPLossFailures TCPFastRetrans TCPSlowStartRetrans TCPTimeouts TCPLossProbes TCPLossProbeRecovery TCPRenoRecoveryFail ' +
    'TCPSackRecoveryFail TCPRcvCollapsed TCPBacklogCoalesce TCPDSACKOldSent TCPDSACKOfoSent TCPDSACKRecv TCPDSACKOfoRecv TCPAbortOnData TCPAbortOnClose ' +
    'TCPAbortOnMemory TCPAbortOnTimeout TCPAbortOnLinger TCPAbortFailed TCPMemoryPressures TCPMemoryPressuresChrono TCPSACKDiscard TCPDSACKIgnoredOld ' +
    'TCPDSACKIgnoredNoUndo TCPSpuriousRTOs TCPMD5NotFound TCPMD5Unexpected TCPMD5Failure TCPSackShifted TCPSackMerged TCPSackShiftFallback TCPBacklogDrop ' +
    'PFMemallocDrop TCPMinTTLDrop TCPDeferAcceptDrop IPReversePathFilter TCPTimeWaitOverflow TCPReqQFullDoCookies TCPReqQFullDrop TCPRetransFail ' +
    'TCPRcvCoalesce TCPOFOQueue TCPOFODrop TCPOFOMerge TCPChallengeACK TCPSYNChallenge TCPFastOpenActive TCPFastOpenActiveFail TCPFastOpenPassive ' +
    'TCPFastOpenPassiveFail TCPFastOpenListenOverflow TCPFastOpenCookieReqd TCPFastOpenBlackhole TCPSpuriousRtxHostQueues BusyPollRxPackets TCPAutoCorking ' +
    'TCPFromZeroWindowAdv TCPToZeroWindowAdv TCPWantZeroWindowAdv TCPSynRetrans TCPOrigDataSent TCPHystartTrainDetect TCPHystartTrainCwnd ' +
    'TCPHystartDelayDetect TCPHystartDelayCwnd TCPACKSkippedSynRecv TCPACKSkippedPAWS TCPACKSkippedSeq TCPACKSkippedFinWait2 TCPACKSkippedTimeWait ' +
    'TCPACKSkippedChallenge TCPWinProbe TCPKeepAlive TCPMTUPFail TCPMTUPSuccess TCPDelivered TCPDeliveredCE TCPAckCompressed TCPZeroWindowDrop TCPRcvQDrop ' +
    'TCPWqueueTooBig TCPFastOpenPassiveAltKey TcpTimeoutRehash TcpDuplicateDataRehash TCPDSACKRecvSegs TCPDSACKIgnoredDubious TCPMigrateReqSuccess ' +
    'TCPMigrateReqFailure',
  IpExt: 'InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets InMcastOctets OutMcastOctets InBcastOctets ' +
    'OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts InECT0Pkts InCEPkts ReasmOverlaps',
};

/** Values by 'Line.Column'; what is missing is 0. */
export function snmpValues(k: Kernel): Record<string, number> {
  const v: Record<string, number> = { ...k.counters };
  const cap = (s: string): string => s[0]!.toUpperCase() + s.slice(1);
  for (const [name, n] of Object.entries(k.ip)) if (typeof n === 'number') v[name === 'inNoRoutes' ? 'IpExt.InNoRoutes' : `Ip.${cap(name)}`] = n;
  v['Ip.Forwarding'] = k.ipForward ? 1 : 2;
  v['Ip.DefaultTTL'] = k.defaultTtl;
  for (const [name, n] of Object.entries(k.tcp.mib)) v[`Tcp.${cap(name)}`] = n;
  v['Tcp.RtoAlgorithm'] = 1;
  v['Tcp.RtoMin'] = 200;
  v['Tcp.RtoMax'] = 120000;
  v['Tcp.MaxConn'] = -1;
  let established = 0;
  for (let s = 0; s < k.tcp.used; s++) if (k.tcp.state[s] === TCP.ESTABLISHED || k.tcp.state[s] === TCP.CLOSE_WAIT) established++;
  v['Tcp.CurrEstab'] = established;
  v['Udp.InDatagrams'] = k.udp.inDatagrams;
  v['Udp.NoPorts'] = k.udp.noPorts;
  v['Udp.OutDatagrams'] = k.udp.outDatagrams;
  return v;
}

function table(k: Kernel, lines: Readonly<Record<string, string>>): Bytes {
  const v = snmpValues(k);
  let out = '';
  for (const [name, columns] of Object.entries(lines)) {
    out += `${name}: ${columns}\n${name}: ${columns.split(' ').map((c) => v[`${name}.${c}`] ?? 0).join(' ')}\n`;
    if (name === 'Icmp') out += icmpTypes(v);
  }
  return out;
}

/** IcmpMsg: counts by type, only those seen. */
function icmpTypes(v: Record<string, number>): Bytes {
  const types: [string, number][] = [['DestUnreachs', 3], ['Redirects', 5], ['Echos', 8], ['EchoReps', 0], ['TimeExcds', 11]];
  const seen = ['In', 'Out'].flatMap((way) => types.filter(([n]) => (v[`Icmp.${way}${n}`] ?? 0) > 0).sort((a, b) => a[1] - b[1]).map(([n, t]) => [`${way}Type${t}`, v[`Icmp.${way}${n}`]!] as const));
  return seen.length === 0 ? '' : `IcmpMsg: ${seen.map(([n]) => n).join(' ')}\nIcmpMsg: ${seen.map(([, n]) => n).join(' ')}\n`;
}

export const snmp = (k: Kernel): Bytes => table(k, SNMP);
export const netstat = (k: Kernel): Bytes => table(k, NETSTAT);

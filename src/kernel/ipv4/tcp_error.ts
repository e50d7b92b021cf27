// ICMP errors about TCP segments: which errno they stand for and what they do to a connection. Linux counterpart: tcp_ipv4.c (tcp_v4_err), icmp.c.
import type { Errno } from '../../lib/errno';
import type { Kernel } from '../kernel';
import { errnoOfIcmp6, pathMtu6 } from '../ipv6/icmpv6';
import type { Packet } from '../../wire/packet';
import { pathMtu } from './icmp';
import { tcpDone, tcpPush, tcpRtoRevert } from './tcp_output';
import { familyOf, TCP, TF } from './tcp_state';

/** Which errno an ICMP error stands for (icmp_err_convert); null when it is none. */
export function errnoOfIcmp(type: number, code: number): Errno | null {
  if (type === 11) return 'EHOSTUNREACH';
  if (type === 12) return 'EPROTO';
  if (type !== 3) return null;
  switch (code) {
    case 0: case 6: case 9: case 11: return 'ENETUNREACH';
    case 2: return 'ENOPROTOOPT';
    case 3: return 'ECONNREFUSED';
    case 4: return 'EMSGSIZE';
    case 5: return 'EOPNOTSUPP';
    case 7: return 'EHOSTDOWN';
    default: return 'EHOSTUNREACH';
  }
}

/** tcp_v4_err and tcp_v6_err: an ICMP error about one of our segments. Fatal only while connecting. */
export function tcpError(k: Kernel, p: Packet, quoted: Packet): void {
  const t = k.tcp;
  const v6 = familyOf(quoted);
  const s = t.find(quoted.src, quoted.sport, quoted.dst, quoted.dport, v6);
  if (s < 0) return;
  const e = v6 === 0 ? errnoOfIcmp(p.icmpType, p.icmpCode) : errnoOfIcmp6(p.icmpType, p.icmpCode);
  if (e === null) return;
  if (e === 'EMSGSIZE') {
    const mss = Math.max(88, v6 === 0 ? pathMtu(k, t.rip[s]!) - 52 : pathMtu6(k, t.rip[s]!) - 72);
    if (mss < t.mss[s]! && t.state[s] !== TCP.LISTEN) {
      t.mss[s] = mss;
      t.sndNxt[s] = t.sndUna[s]!;
      t.flags[s] = t.flags[s]! & ~TF.FIN_SENT;
      tcpPush(k, s);
    }
    return;
  }
  if (v6 === 0 ? p.icmpType === 3 && p.icmpCode <= 1 : p.icmpType === 1 && p.icmpCode === 0) tcpRtoRevert(k, s, quoted.seq);
  if (t.state[s] === TCP.SYN_SENT) {
    t.mib.attemptFails++;
    tcpDone(k, s, e);
  }
}

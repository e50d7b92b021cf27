// TCP as IPVS sees it: three state tables, timeouts, which server load a state means. Linux counterpart: net/netfilter/ipvs/ip_vs_proto_tcp.c.
import { ACK, FIN, RST, SYN } from '../../wire/packet';
import { CONN_F, type IpVs } from './ip_vs';
import { assureTemplate } from './ip_vs_conn';
import { secureTcp } from './ip_vs_defence';

/** States (IP_VS_TCP_S_*). */
export const TCP_STATES = ['NONE', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'SYNACK'] as const;
export const TCP_S = Object.freeze(Object.fromEntries(TCP_STATES.map((n, i) => [n, i]))) as Readonly<Record<(typeof TCP_STATES)[number], number>>;
const N = TCP_STATES.length;

/** Directions: from the client, from the server, and from the client when replies are not seen (DR, TUN, local). */
export const DIR = { INPUT: 0, OUTPUT: 1, INPUT_ONLY: 2 } as const;

/** Default timeouts by state, ms; --set changes ESTABLISHED and FIN_WAIT. */
export const tcpTimeoutDefaults = (): Float64Array => Float64Array.of(2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120).map((s) => s * 1000);

/** Rows syn, fin, ack, rst for each direction; columns are the states above, two letters a next state. */
const LETTERS: Readonly<Record<string, number>> = { NO: 0, ES: 1, SS: 2, SR: 3, FW: 4, TW: 5, CL: 6, CW: 7, LA: 8, LI: 9, SA: 10 };
function table(rows: readonly string[]): Uint8Array {
  return Uint8Array.from(rows.flatMap((r) => r.split(' ')), (x) => LETTERS[x]!);
}
const NORMAL = table([
  'SR ES ES SR SR SR SR SR SR SR SR', 'CL CW SS TW TW TW CL CW LA LI TW', 'ES ES SS ES FW TW CL CW CL LI ES', 'CL CL CL SR CL CL CL CL LA LI SR',
  'SS ES SS SR SS SS SS SS SS LI SR', 'TW FW SS TW FW TW CL TW LA LI TW', 'ES ES SS ES FW TW CL CW LA ES ES', 'CL CL SS CL CL TW CL CL CL CL CL',
  'SR ES ES SR SR SR SR SR SR SR SR', 'CL FW SS TW FW TW CL CW LA LI TW', 'ES ES SS ES FW TW CL CW CL LI ES', 'CL CL CL SR CL CL CL CL LA LI CL',
]);
/** With secure_tcp a connection is established only once the server has answered. */
const SECURE = table([
  'SR ES ES SR SR SR SR SR SR SR SA', 'CL CW SS TW TW TW CL CW LA LI TW', 'ES ES SS SR FW TW CL CW CL LI SA', 'CL CL CL SR CL CL CL CL LA LI CL',
  'SS ES SS SA SS SS SS SS SS LI SA', 'TW FW SS TW FW TW CL TW LA LI TW', 'ES ES SS ES FW TW CL CW LA ES ES', 'CL CL SS CL CL TW CL CL CL CL CL',
  'SA ES ES SR SA SA SA SA SA SA SA', 'CL FW SS TW FW TW CL CW LA LI TW', 'ES ES SS ES FW TW CL CW CL LI ES', 'CL CL CL SR CL CL CL CL LA LI CL',
]);

/** States counted as ActiveConn (since linux 4.9 half-open ones too). */
const ACTIVE = Uint8Array.of(0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1);
export const tcpStateActive = (state: number): boolean => ACTIVE[state] === 1;

/** Row of a packet: RST before SYN before FIN before ACK; -1 for none of them. */
const ROW = Int8Array.from({ length: 64 }, (_, f) => ((f & RST) !== 0 ? 3 : (f & SYN) !== 0 ? 0 : (f & FIN) !== 0 ? 1 : (f & ACK) !== 0 ? 2 : -1));

/** Next state by direction and TCP flags (for tests and drawings). */
export function tcpNextState(dir: number, state: number, flags: number, secure = false): number {
  const row = ROW[flags & 63]!;
  return row < 0 ? TCP_S.CLOSE : (secure ? SECURE : NORMAL)[(dir * 4 + row) * N + state]!;
}

/** set_tcp_state: the entry's next state, its timeout, and the server's active and inactive counts. */
export function tcpStateTransition(v: IpVs, s: number, dir: number, flags: number): void {
  const t = v.conns;
  let d = dir;
  let f = t.flags[s]!;
  if ((f & CONN_F.NOOUTPUT) !== 0) {
    if (dir === DIR.OUTPUT) {
      f &= ~CONN_F.NOOUTPUT;
      t.flags[s] = f;
    } else d = DIR.INPUT_ONLY;
  }
  const row = ROW[flags & 63]!;
  const old = t.state[s]!;
  const next = row < 0 ? TCP_S.CLOSE : (secureTcp(v) ? SECURE : NORMAL)[(d * 4 + row) * N + old]!;
  if (next !== old) {
    const dest = v.dests[t.dest[s]!];
    if (dest !== undefined && dest !== null) {
      const active = ACTIVE[next] === 1;
      if (!active && (f & CONN_F.INACTIVE) === 0) {
        dest.activeConns--;
        dest.inactConns++;
        t.flags[s] = f | CONN_F.INACTIVE;
      } else if (active && (f & CONN_F.INACTIVE) !== 0) {
        dest.activeConns++;
        dest.inactConns--;
        t.flags[s] = f & ~CONN_F.INACTIVE;
      }
    }
    if (next === TCP_S.ESTABLISHED) assureTemplate(t, s);
    t.state[s] = next;
  }
  t.timeout[s] = v.tcpTimeouts[next]!;
}

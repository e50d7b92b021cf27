// The listening side of RPC over TCP: connections to take, records that are whole, connections that end. Linux counterpart: net/sunrpc/svcsock.c.
import { tcpAccept, tcpClose, tcpEof, tcpRead, tcpState } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import type { Bytes } from '../../lib/text';
import type { Host } from '../host';
import { takeRecord } from './rpc';

/** What a server of RPC has: its listening socket, and of each connection the bytes that make no whole record yet. */
interface Listening {
  listener: number;
  conns: Map<number, Bytes>;
}

/** A socket of the server woke: `answer` is called with every record that is whole now. */
export function svcWake(host: Host, d: Listening, sock: number, answer: (sock: number, record: Bytes) => void): void {
  const k = host.kernel;
  if (sock === d.listener) {
    for (let c = tcpAccept(k, sock); c >= 0; c = tcpAccept(k, sock)) {
      d.conns.set(c, '');
      svcWake(host, d, c, answer);
    }
    return;
  }
  let buf = d.conns.get(sock);
  if (buf === undefined) return;
  buf += tcpRead(k, sock);
  for (let got = takeRecord(buf); got !== null; got = takeRecord(buf)) {
    buf = got.rest;
    answer(sock, got.record);
  }
  d.conns.set(sock, buf);
  const state = tcpState(k, sock);
  if (tcpEof(k, sock) || state === TCP.CLOSE || state === 0) {
    d.conns.delete(sock);
    tcpClose(k, sock);
  }
}

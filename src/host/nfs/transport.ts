// Calls to NFS servers and the connections they travel by: one a server, made again when it breaks. Counterpart: net/sunrpc/clnt.c, xprtsock.c.
// Not modelled: the idle time-out of a connection, TCP_USER_TIMEOUT (the connection itself decides when it is dead).
import type { Errno } from '../../lib/errno';
import { tcpClose, tcpConnect, tcpEof, tcpRead, tcpSend, tcpState, tcpTakeError } from '../../kernel/ipv4/tcp';
import { TCP } from '../../kernel/ipv4/tcp_state';
import { Ev } from '../../kernel/world';
import type { Ip } from '../../wire/packet';
import type { Host } from '../host';
import type { Op, Process } from '../process';
import { type CallHow, type Link, type NfsCall, overdue } from './calls';
import { type NfsRequest, type NfsResult, parseResult, requestBytes } from './protocol';
import { callBytes, NFS_PORT, parseReply, PROGRAM, takeRecord } from './rpc';

const FIRST_PAUSE = 3_000_000;
const LONGEST_PAUSE = 300_000_000;
/** Ports a client of root's rights takes (min_resvport, max_resvport). */
const RESERVED = { from: 665, to: 1023 } as const;

/** The sending half of the client. */
export abstract class Transport {
  id = 0;
  links = new Map<Ip, Link>();
  calls = new Map<number, NfsCall>();
  /** Wait queue of all processes that wait for an answer. */
  readonly queue: number;
  private xid: number;
  private timerAt = Number.POSITIVE_INFINITY;

  constructor(readonly host: Host) {
    this.queue = host.newQueue();
    this.xid = host.world.rng.next(`nfs/${host.name}`);
  }

  /** What an answer means for files. */
  protected abstract answered(c: NfsCall, result: NfsResult): void;

  /** Sends a call, or has it wait for the connection. */
  call(how: CallHow, request: NfsRequest): NfsCall {
    this.xid = (this.xid + 1) >>> 0;
    const c: NfsCall = { ...how, xid: this.xid, request, since: this.host.world.clock.now, said: false, result: null };
    this.calls.set(c.xid, c);
    this.arm(c.since + overdue(c));
    this.push(c.server);
    return c;
  }

  /** A process sleeps until its call is answered; only what kills it ends that earlier. */
  *wait(p: Process, c: NfsCall): Op<NfsResult> {
    p.uninterruptible = true;
    try {
      while (c.result === null) yield { on: [this.queue], until: Number.POSITIVE_INFINITY };
    } finally {
      p.uninterruptible = false;
      if (c.result === null) this.calls.delete(c.xid);
    }
    return c.result;
  }

  /** Sends what can be sent to a server, connecting first. */
  protected push(server: Ip): void {
    const k = this.host.kernel;
    const waiting = [...this.calls.values()].filter((c) => c.server === server);
    if (waiting.length === 0) return;
    let link = this.links.get(server);
    if (link === undefined) {
      link = { sock: -1, buf: '', sent: new Set(), retryAt: 0, pause: FIRST_PAUSE };
      this.links.set(server, link);
    }
    if (link.sock < 0) {
      const now = k.world.clock.now;
      if (now < link.retryAt && !waiting.some((c) => c.once)) {
        this.arm(link.retryAt);
        return;
      }
      const sock = this.connect(server, waiting.every((c) => c.resvport));
      if (typeof sock === 'string') {
        this.failed(server, link, sock);
        return;
      }
      link.sock = sock;
      link.buf = '';
      link.sent = new Set();
    }
    if (tcpState(k, link.sock) !== TCP.ESTABLISHED) return;
    for (const c of waiting) {
      if (link.sent.has(c.xid)) continue;
      link.sent.add(c.xid);
      tcpSend(k, link.sock, callBytes({ xid: c.xid, program: PROGRAM.nfs, version: 4, procedure: 1, who: { machine: k.hostname, uid: c.uid, gid: c.gid }, body: requestBytes(c.request) }));
    }
  }

  private connect(server: Ip, reserved: boolean): number | Errno {
    const k = this.host.kernel;
    if (!reserved) return tcpConnect(k, server, NFS_PORT, { owner: this.id });
    const span = RESERVED.to - RESERVED.from + 1;
    const first = this.host.world.rng.next(`nfs/${this.host.name}`) % span;
    let bad: Errno = 'EADDRINUSE';
    for (let i = 0; i < span; i++) {
      const sock = tcpConnect(k, server, NFS_PORT, { owner: this.id, sport: RESERVED.from + ((first + i) % span) });
      if (typeof sock === 'number') return sock;
      bad = sock;
      if (sock !== 'EADDRINUSE' && sock !== 'EADDRNOTAVAIL') break;
    }
    return bad;
  }

  /** No connection: who asked once is told, the others wait for the next attempt. */
  private failed(server: Ip, link: Link, why: Errno): void {
    link.sock = -1;
    const now = this.host.world.clock.now;
    link.retryAt = now + link.pause;
    link.pause = Math.min(link.pause * 2, LONGEST_PAUSE);
    for (const c of [...this.calls.values()]) if (c.server === server && c.once) this.finish(c, { error: why });
    if ([...this.calls.values()].some((c) => c.server === server)) this.arm(link.retryAt);
  }

  /** The connection says something: it stands, it has brought answers, or it is over. */
  wake(sock: number): void {
    const k = this.host.kernel;
    for (const [server, link] of this.links) {
      if (link.sock !== sock) continue;
      const state = tcpState(k, sock);
      if (state === TCP.ESTABLISHED) link.pause = FIRST_PAUSE;
      link.buf += tcpRead(k, sock);
      for (let got = takeRecord(link.buf); got !== null; got = takeRecord(link.buf)) {
        link.buf = got.rest;
        const r = parseReply(got.record);
        const c = r === null ? undefined : this.calls.get(r.xid);
        if (r !== null && c !== undefined) this.finish(c, r.accepted === 'success' ? parseResult(r.body) : { error: r.accepted === 'denied' ? 'EACCES' : 'EPROTONOSUPPORT' });
      }
      if (tcpEof(k, sock) || state === TCP.CLOSE || state === 0) {
        const why = tcpTakeError(k, sock);
        tcpClose(k, sock);
        link.sock = -1;
        if (why === null && link.sent.size > 0) {
          link.sent.clear();
          this.push(server);
        } else this.failed(server, link, why ?? 'ECONNRESET');
      } else this.push(server);
      return;
    }
  }

  protected finish(c: NfsCall, result: NfsResult): void {
    this.calls.delete(c.xid);
    for (const l of this.links.values()) l.sent.delete(c.xid);
    c.result = result;
    if (c.said) this.host.kernel.printk(`nfs: server ${c.serverName} OK`, 5);
    this.answered(c, result);
    if (c.sock >= 0) this.host.world.clock.push(this.host.world.clock.now, Ev.daemon, this.host.index, c.sock, null);
    this.host.wake(this.queue);
  }

  /** Nobody needs a server's connection any more. */
  disconnect(server: Ip): void {
    const link = this.links.get(server);
    this.links.delete(server);
    if (link !== undefined && link.sock >= 0) tcpClose(this.host.kernel, link.sock);
  }

  protected arm(at: number): void {
    if (at >= this.timerAt) return;
    this.timerAt = at;
    this.host.world.clock.push(at, Ev.unit, this.host.index, this.id, null);
  }

  /** Says who does not answer, gives up what is soft, connects again. */
  timer(): void {
    const now = this.host.world.clock.now;
    if (now < this.timerAt) return;
    this.timerAt = Number.POSITIVE_INFINITY;
    for (const c of [...this.calls.values()]) {
      if (now < c.since + overdue(c)) {
        this.arm(c.since + overdue(c));
        continue;
      }
      if (c.soft || c.once) {
        this.host.kernel.printk(`nfs: server ${c.serverName} not responding, timed out`, 5);
        this.finish(c, { error: c.once ? 'ETIMEDOUT' : 'EIO' });
      } else if (!c.said && ![...this.calls.values()].some((o) => o.said && o.server === c.server)) {
        c.said = true;
        this.host.kernel.printk(`nfs: server ${c.serverName} not responding, still trying`, 5);
      }
    }
    for (const server of this.links.keys()) this.push(server);
  }
}

// arping(8) of iputils 20221126: asks by ARP, finds duplicate addresses, announces addresses.
import { SIG, Interrupted, type Op, type Process, type Run } from '../host/process';
import { gethostbyname, resolveError } from '../host/resolve';
import { openPacket, receivePacket } from '../host/socket';
import { closeFd, err, installFd, nowUs, out, takeSignal } from '../host/syscall';
import type { SocketFile } from '../host/open_file';
import type { Bytes } from '../lib/text';
import { type Dev, IFF } from '../kernel/core/dev';
import type { Tapped } from '../kernel/core/packet_socket';
import { ARP_REPLY, ARP_REQUEST, arpSend } from '../kernel/ipv4/arp';
import { isLocal } from '../kernel/ipv4/fib';
import { selectSource } from '../kernel/ipv4/source';
import type { Kernel } from '../kernel/kernel';
import { MAC_BROADCAST } from '../wire/ether';
import { inetAton, ipText } from '../wire/ipv4';
import { ETH_P_ARP, type Ip, type Mac } from '../wire/packet';
import { command } from './command';
import { BadUse, decimal, ms3, whole } from './iputils/number';
import { ARPING_USAGE } from './iputils/usage';

const VERSION = 'arping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n';

interface Wish {
  count: number;
  timeout: number;
  intervalUs: number;
  device: Bytes;
  source: Ip | null;
  first: boolean;
  quiet: boolean;
  broadcastOnly: boolean;
  dad: boolean;
  unsolicited: boolean;
  advert: boolean;
}

function readOptions(args: Bytes[]): { w: Wish; words: Bytes[]; version: boolean } {
  const w: Wish = { count: -1, timeout: 0, intervalUs: 1_000_000, device: '', source: null, first: false, quiet: false, broadcastOnly: false, dad: false, unsolicited: false, advert: false };
  const words: Bytes[] = [];
  let version = false;
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (!/^-./.test(word) || word === '--') {
      if (word !== '--') words.push(word);
      continue;
    }
    for (let j = 1; j < word.length; j++) {
      const c = word[j]!;
      let v = '';
      if ('cwiIs'.includes(c)) {
        const attached = word.slice(j + 1);
        const given = attached !== '' ? attached : args[++i];
        if (given === undefined) throw new BadUse(`arping: option requires an argument -- '${c}'\n${ARPING_USAGE}`, 2);
        v = given;
        j = word.length;
      }
      if (c === 'f') w.first = true;
      else if (c === 'q') w.quiet = true;
      else if (c === 'b') w.broadcastOnly = true;
      else if (c === 'D') w.dad = w.first = true;
      else if (c === 'U') w.unsolicited = true;
      else if (c === 'A') w.unsolicited = w.advert = true;
      else if (c === 'c') w.count = whole('arping', v, 1, 2147483647);
      else if (c === 'w') w.timeout = whole('arping', v, 0, 2147483647);
      else if (c === 'i') w.intervalUs = Math.round(decimal('arping', v).value * 1e6);
      else if (c === 'I') w.device = v;
      else if (c === 's') {
        w.source = inetAton(v);
        if (w.source === null) throw new BadUse(`arping: invalid source ${v}\n`, 2);
      } else if (c === 'V') version = true;
      else if (c === 'h' || c === '?') throw new BadUse(ARPING_USAGE, 2);
      else throw new BadUse(`arping: invalid option -- '${c}'\n${ARPING_USAGE}`, 2);
    }
  }
  return { w, words, version };
}

const arpable = (d: Dev): boolean => (d.flags & (IFF.NOARP | IFF.LOOPBACK)) === 0;

/** The named device, or the only one that could answer. Text for stdout when it cannot be used. */
function pick(k: Kernel, name: Bytes): Dev | string {
  if (name === '') {
    const found = k.devs.find((d) => d.up && arpable(d) && d.addresses.length > 0);
    if (found === undefined) throw new BadUse('arping: Suitable device could not be determined. Please, use option -I.\n', 2);
    return found;
  }
  const dev = k.devByName(name);
  if (dev === undefined) throw new BadUse(`arping: Device ${name} not available.\n`, 2);
  if (!dev.up) return `Interface "${name}" is down\n`;
  return arpable(dev) ? dev : `Interface "${name}" is not ARPable\n`;
}

class Session {
  sent = 0;
  broadcasts = 0;
  received = 0;
  requests = 0;
  broadcastsIn = 0;
  /** Where the next question goes: everybody until somebody answered. */
  to: Mac = MAC_BROADCAST;
  last = 0;
  constructor(
    readonly p: Process,
    readonly w: Wish,
    readonly dev: Dev,
    readonly dst: Ip,
    readonly src: Ip,
    readonly sock: SocketFile,
  ) {}

  send(): void {
    const { dev, w } = this;
    const tha = w.advert ? dev.mac : this.to;
    arpSend(this.p.host.kernel, dev, w.advert ? ARP_REPLY : ARP_REQUEST, dev.mac, this.src, tha, this.dst, this.to);
    this.last = nowUs(this.p);
    this.sent++;
    if (this.to === MAC_BROADCAST) this.broadcasts++;
  }

  /** recv_pack: true when this was the last answer that is waited for. */
  *take(t: Tapped): Op<boolean> {
    const { p, w, dev } = this;
    const a = t.packet;
    if (t.outgoing || a.pktType === 3 || (a.arpOp !== ARP_REQUEST && a.arpOp !== ARP_REPLY)) return false;
    if (a.spa !== this.dst) return false;
    if (w.dad) {
      if (a.sha === dev.mac || (this.src !== 0 && a.tpa !== this.src)) return false;
    } else if (a.tpa !== this.src || a.tha !== dev.mac) return false;
    const broadcast = a.pktType !== 0;
    if (!w.quiet) {
      const mac = p.host.kernel.world.macs.text(a.sha).toUpperCase();
      const whose = a.tpa !== this.src ? `for ${ipText(a.tpa)} ` : '';
      yield* out(p, `${broadcast ? 'Broadcast' : 'Unicast'} ${a.arpOp === ARP_REPLY ? 'reply' : 'request'} from ${ipText(a.spa)} [${mac}] ${whose} ${ms3(t.at - this.last)}ms\n`);
    }
    this.received++;
    if (broadcast) this.broadcastsIn++;
    if (a.arpOp === ARP_REQUEST) this.requests++;
    if (!w.broadcastOnly) this.to = a.sha;
    return w.first || (w.count > 0 && this.sent >= w.count && this.received === this.sent);
  }

  summary(): string {
    if (this.w.quiet) return '';
    const extra: string[] = [];
    if (this.requests > 0) extra.push(`${this.requests} request(s)`);
    if (this.broadcastsIn > 0) extra.push(`${this.broadcastsIn} broadcast(s)`);
    return `Sent ${this.sent} probes (${this.broadcasts} broadcast(s))\nReceived ${this.received} response(s)${extra.length > 0 ? ` (${extra.join(', ')})` : ''}\n`;
  }
}

function* loop(s: Session): Op<void> {
  const { p, w } = s;
  const end = w.timeout > 0 ? nowUs(p) + w.timeout * 1e6 : Number.POSITIVE_INFINITY;
  let next = nowUs(p);
  for (;;) {
    const now = nowUs(p);
    if (now >= end) return;
    if (now >= next) {
      if (w.count > 0 && s.sent >= w.count) {
        // Without a deadline the last question gets one interval; with one, all the time that is left.
        if (w.timeout === 0 || w.unsolicited) return;
        next = end;
      } else {
        s.send();
        next = now + w.intervalUs;
      }
      continue;
    }
    const t = yield* receivePacket(p, s.sock, Math.min(next, end));
    if (t !== null && (yield* s.take(t))) return;
  }
}

export const arping = command({
  name: 'arping',
  summary: 'send ARP REQUEST to a neighbour host',
  path: '/usr/bin/arping',
  package: 'iputils-arping',
  options: {
    '-I': { kind: 'value', says: 'device', arg: 'DEVICE' },
    '-c': { kind: 'value', says: 'how many packets', arg: 'COUNT' },
    '-w': { kind: 'value', says: 'seconds until exit', arg: 'SECONDS' },
    '-i': { kind: 'value', says: 'seconds between packets', arg: 'SECONDS' },
    '-s': { kind: 'value', says: 'source address', arg: 'SOURCE' },
    '-f': { kind: 'flag', says: 'quit on the first reply' },
    '-q': { kind: 'flag', says: 'be quiet' },
    '-b': { kind: 'flag', says: 'keep on broadcasting' },
    '-D': { kind: 'flag', says: 'find duplicates of an address' },
    '-U': { kind: 'flag', says: 'announce an address by requests' },
    '-A': { kind: 'flag', says: 'announce an address by replies' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    try {
      return yield* run(p, args);
    } catch (e) {
      if (!(e instanceof BadUse)) throw e;
      yield* err(p, e.text);
      return e.status;
    }
  },
});

function* run(p: Process, args: Bytes[]): Op<number> {
  const { w, words, version } = readOptions(args);
  if (version) {
    yield* out(p, VERSION);
    return 0;
  }
  const target = words[0];
  if (target === undefined || words.length > 1) throw new BadUse(ARPING_USAGE, 2);
  if (p.uid !== 0) throw new BadUse('arping: socket: Operation not permitted\n', 2);
  const k = p.host.kernel;
  const dev = pick(k, w.device);
  if (typeof dev === 'string') {
    yield* out(p, dev);
    return 2;
  }
  const dst = gethostbyname(p, target);
  if (dst === null) throw new BadUse(`arping: ${target}: ${resolveError(p)}\n`, 2);
  let src = w.source ?? (w.unsolicited ? dst : 0);
  if (src !== 0 && !w.dad && !isLocal(k, src)) throw new BadUse('arping: bind: Cannot assign requested address\n', 2);
  if (src === 0 && !w.dad) src = selectSource(k, dev, dst);
  const sock = openPacket(p, dev.index, ETH_P_ARP);
  const fd = installFd(p, sock, 3);
  if (!w.quiet) yield* out(p, `ARPING ${ipText(dst)} from ${ipText(src)} ${dev.name}\n`);
  const s = new Session(p, w, dev, dst, src, sock);
  p.caught.add(SIG.INT);
  try {
    yield* loop(s);
  } catch (e) {
    if (!(e instanceof Interrupted)) throw e;
    takeSignal(p);
  }
  closeFd(p, fd);
  yield* out(p, s.summary());
  if (w.dad) return s.received > 0 ? 1 : 0;
  return w.unsolicited || s.received === s.sent ? 0 : 1;
}

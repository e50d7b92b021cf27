// tcpdump(8) 4.99: shows or saves the frames that pass a device.
// Not modelled: rotating files, IPv6, decoding of application protocols other than a line of HTTP.
import { Interrupted, type Op, type Process, type Run, SIG } from '../host/process';
import { openPacket, receivePacket } from '../host/socket';
import { closeFd, err, installFd, open, out, readAll, readFile, takeSignal, write } from '../host/syscall';
import { strerror, SysError } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { frameFromBytes, frameToBytes } from '../wire/frame';
import { ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, type Packet } from '../wire/packet';
import { command, notModelled } from './command';
import { compileFilter } from './tcpdump/filter';
import { FilterError, type FrameTest } from './tcpdump/primitive';
import { parse, SNAPLEN, USAGE, VERSION, type Wish } from './tcpdump/options';
import { pcapHead, pcapRead, pcapRecord } from './tcpdump/pcap';
import { dumpBytes, Printer } from './tcpdump/print';

const two = (n: number): string => String(n).padStart(2, '0');

/** Time in front of a line: none, epoch, since the last, date and time, since the first. */
function stampText(level: number, at: number, last: number, first: number): string {
  const us = (n: number): string => String(Math.floor(n % 1e6)).padStart(6, '0');
  const clock = (n: number): string => {
    const s = Math.floor(n / 1e6);
    return `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${us(n)}`;
  };
  if (level === 1) return '';
  if (level === 2) return `${Math.floor(at / 1e6)}.${us(at)} `;
  if (level === 3) return ` ${clock(at - last)} `;
  if (level === 5) return ` ${clock(at - first)} `;
  return `${level === 4 ? `${dateText(Math.floor(at / 86400e6))} ` : ''}${clock(at)} `;
}

/** Date of a day number since 1970-01-01 (proleptic Gregorian). */
function dateText(days: number): string {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return `${yoe + era * 400 + (month <= 2 ? 1 : 0)}-${two(month)}-${two(doy - Math.floor((153 * mp + 2) / 5) + 1)}`;
}

const plural = (n: number): string => `${n} packet${n === 1 ? '' : 's'}`;

export const tcpdump = command({
  name: 'tcpdump',
  summary: 'dump traffic on a network',
  path: '/usr/bin/tcpdump',
  package: 'tcpdump',
  options: {
    '-i': { kind: 'value', says: 'device, or any', arg: 'DEVICE' },
    '-c': { kind: 'value', says: 'stop after so many packets', arg: 'COUNT' },
    '-n': { kind: 'flag', says: "don't convert addresses and ports to names" },
    '-e': { kind: 'flag', says: 'the link header too' },
    '-q': { kind: 'flag', says: 'less' },
    '-v': { kind: 'flag', says: 'more' },
    '-t': { kind: 'flag', says: 'no time stamp; -tt, -ttt, -tttt, -ttttt others' },
    '-S': { kind: 'flag', says: 'absolute sequence numbers' },
    '-w': { kind: 'value', says: 'write a capture file', arg: 'FILE' },
    '-r': { kind: 'value', says: 'read a capture file', arg: 'FILE' },
    '-s': { kind: 'value', says: 'bytes of each packet', arg: 'SNAPLEN' },
    '-Q': { kind: 'value', says: 'in, out or inout', arg: 'DIRECTION' },
    '-x': { kind: 'flag', says: 'bytes in hex' },
    '-X': { kind: 'flag', says: 'bytes in hex and ASCII' },
    '-A': { kind: 'flag', says: 'bytes in ASCII' },
    '-D': { kind: 'flag', says: 'list devices' },
    '-l': { kind: 'flag', says: 'line buffered' },
    '-C': { kind: 'value', says: 'rotate files by size', modelled: false },
    '-G': { kind: 'value', says: 'rotate files by time', modelled: false },
    '-F': { kind: 'value', says: 'filter from a file', modelled: false },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    const r = parse(args);
    if (r.bad !== '') {
      yield* err(p, r.bad);
      return 1;
    }
    if (r.what === 'version' || r.what === 'help') {
      yield* r.what === 'version' ? out(p, VERSION) : out(p, USAGE);
      return 0;
    }
    if (r.other !== '') return yield* notModelled(p, 'tcpdump', r.other);
    if (r.what === 'list') {
      yield* out(p, listDevices(p));
      return 0;
    }
    if (p.uid !== 0 && r.w.read === '') {
      yield* err(p, `tcpdump: ${r.w.device || 'eth0'}: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n`);
      return 1;
    }
    return yield* r.w.read !== '' ? fromFile(p, r.w, r.filter) : live(p, r.w, r.filter);
  },
});

function listDevices(p: Process): string {
  const k = p.host.kernel;
  const up = k.devs.filter((d) => d.kind !== 'loopback');
  const lines = up.map((d) => `${d.name} [${d.up ? `Up${d.running ? ', Running' : ''}, ${d.carrier ? 'Connected' : 'Disconnected'}` : 'none'}]`);
  lines.push('any (Pseudo-device that captures on all interfaces) [Up, Running]', 'lo [Up, Running, Loopback]');
  return lines.map((l, i) => `${i + 1}.${l}\n`).join('');
}

/** Prints or saves frames that pass the filter. */
class Output {
  captured = 0;
  private last = -1;
  private first = -1;
  private readonly printer: Printer;
  private fd = -1;
  constructor(
    private readonly p: Process,
    private readonly w: Wish,
    raw: boolean,
    private readonly named: boolean,
  ) {
    this.printer = new Printer(p, { ether: w.ether, quiet: w.quiet, verbose: w.verbose, numeric: w.numeric, absolute: w.absolute, raw });
  }

  /** Opens the capture file. Throws SysError. */
  *start(): Op<void> {
    if (this.w.save === '') return;
    this.fd = this.w.save === '-' ? 1 : open(this.p, this.w.save, { write: true, create: true, truncate: true }, 0o644);
    yield* write(this.p, this.fd, pcapHead(this.w.snaplen));
  }

  /** `at` in microseconds since 1970. True when the wanted count is reached. */
  *put(f: Packet, at: number, device: string, outgoing: boolean): Op<boolean> {
    const { p, w } = this;
    this.captured++;
    const macs = p.host.kernel.world.macs;
    if (this.fd >= 0) yield* write(p, this.fd, pcapRecord(Math.floor(at / 1e6), Math.floor(at % 1e6), frameToBytes(f, macs, p.host.kernel.world.ip6), w.snaplen));
    else {
      if (this.first < 0) this.first = this.last = at;
      const place = this.named ? `${device.padEnd(5)} ${outgoing ? 'Out' : f.pktType === 1 ? 'B  ' : f.pktType === 2 ? 'M  ' : 'In '} ` : '';
      let text = `${w.number ? `${String(this.captured).padStart(5)}  ` : ''}${stampText(w.stamps, at, this.last, this.first)}${place}${this.printer.frame(f)}\n`;
      if (w.dump !== '') {
        const bytes = frameToBytes(f, macs, p.host.kernel.world.ip6);
        text += dumpBytes(w.dumpLink ? bytes : bytes.subarray(14), w.dump);
      }
      this.last = at;
      yield* out(p, text);
    }
    return w.count > 0 && this.captured >= w.count;
  }
}

function* compile(p: Process, text: Bytes): Op<FrameTest | null> {
  try {
    return compileFilter(p, text);
  } catch (e) {
    if (!(e instanceof FilterError)) throw e;
    yield* err(p, e.message === 'syntax error' ? "tcpdump: can't parse filter expression: syntax error\n" : `tcpdump: ${e.message}\n`);
    return null;
  }
}

function* live(p: Process, w: Wish, filter: Bytes): Op<number> {
  const k = p.host.kernel;
  const any = w.device === 'any';
  const dev = any ? undefined : w.device === '' ? k.devs.find((d) => d.up && d.kind !== 'loopback') ?? k.devs[0] : k.devByName(w.device);
  if (dev === undefined && !any) {
    yield* err(p, `tcpdump: ${w.device}: No such device exists\n(No such device exists)\n`);
    return 1;
  }
  if (dev !== undefined && !dev.up) {
    yield* err(p, `tcpdump: ${dev.name}: That device is not up\n`);
    return 1;
  }
  const test = yield* compile(p, filter);
  if (test === null) return 1;
  const raw = dev !== undefined && (dev.kind === 'ipip' || dev.kind === 'gre' || dev.kind === 'sit');
  const output = new Output(p, w, raw, any);
  try {
    yield* output.start();
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* err(p, `tcpdump: ${w.save}: ${strerror(e.errno)}\n`);
    return 1;
  }
  const link = any ? 'LINUX_SLL2 (Linux cooked v2)' : raw ? 'RAW (Raw IP)' : 'EN10MB (Ethernet)';
  const where = `listening on ${any ? 'any' : dev!.name}, link-type ${link}, snapshot length ${w.snaplen} bytes\n`;
  const quiet = w.save === '' && w.verbose === 0;
  if (any && w.save === '') yield* err(p, 'tcpdump: data link type LINUX_SLL2\n');
  yield* err(p, quiet ? `tcpdump: verbose output suppressed, use -v[v]... for full protocol decode\n${where}` : `tcpdump: ${where}`);
  const sock = openPacket(p, any ? 0 : dev!.index, 0);
  const fd = installFd(p, sock, 3);
  for (const s of [SIG.INT, SIG.TERM, SIG.HUP]) p.caught.add(s);
  let seen = 0;
  try {
    for (;;) {
      const t = (yield* receivePacket(p, sock))!;
      if ((w.direction === 'in' && t.outgoing) || (w.direction === 'out' && !t.outgoing) || !test(t.packet)) continue;
      seen++;
      if (yield* output.put(t.packet, k.world.epoch * 1e6 + t.at, k.devByIndex(t.dev)?.name ?? '?', t.outgoing)) break;
    }
  } catch (e) {
    if (!(e instanceof Interrupted)) throw e;
    takeSignal(p);
    if (w.save !== '-') yield* out(p, '\n');
  }
  const dropped = k.packetSockets[sock.sock]?.dropped ?? 0;
  closeFd(p, fd);
  yield* err(p, `${plural(output.captured)} captured\n${plural(seen)} received by filter\n${plural(dropped)} dropped by kernel\n`);
  return 0;
}

function* fromFile(p: Process, w: Wish, filter: Bytes): Op<number> {
  let text: Bytes;
  try {
    text = w.read === '-' ? yield* readAll(p, 0) : readFile(p, w.read);
  } catch (e) {
    if (!(e instanceof SysError)) throw e;
    yield* err(p, `tcpdump: ${w.read}: ${strerror(e.errno)}\n`);
    return 1;
  }
  const records = pcapRead(text);
  if (records === null) {
    yield* err(p, text.length < 24 ? 'tcpdump: truncated dump file; tried to read 4 file header bytes, only got 0\n' : 'tcpdump: unknown file format\n');
    return 1;
  }
  yield* err(p, `reading from file ${w.read}, link-type EN10MB (Ethernet), snapshot length ${SNAPLEN}\n`);
  const test = yield* compile(p, filter);
  if (test === null) return 1;
  const output = new Output(p, w, false, false);
  yield* output.start();
  const macs = p.host.kernel.world.macs;
  for (const r of records) {
    const f = frameFromBytes(r.frame, macs, p.host.kernel.world.ip6);
    if (f.type !== ETH_P_ARP && f.type !== ETH_P_IP && f.type !== ETH_P_IPV6) continue;
    if (test(f) && (yield* output.put(f, r.seconds * 1e6 + r.micros, '', false))) break;
  }
  return 0;
}


// tracepath(8) of iputils 20221126: the path to a host and its MTU, by UDP probes.
// Not modelled: IPv6, asymmetric paths (the number of hops back).
import type { Op, Process, Run } from '../host/process';
import { gethostbyaddr, gethostbyname, resolveError } from '../host/resolve';
import { openRaw, openUdp, receiveRaw, sendTo } from '../host/socket';
import { closeFd, err, installFd, nowUs, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { pathMtu } from '../kernel/ipv4/icmp';
import { ipText } from '../wire/ipv4';
import { IPPROTO_ICMP, IPPROTO_UDP } from '../wire/packet';
import { command, notModelled } from './command';
import { BadUse, ms3, whole } from './iputils/number';
import { TRACEPATH_USAGE } from './iputils/usage';

const FIRST_PORT = 44444;

export const tracepath = command({
  name: 'tracepath',
  summary: 'the path to a host and its MTU',
  path: '/usr/bin/tracepath',
  package: 'iputils-tracepath',
  options: {
    '-n': { kind: 'flag', says: 'numbers only' },
    '-b': { kind: 'flag', says: 'names and numbers' },
    '-m': { kind: 'value', says: 'most hops', arg: 'HOPS' },
    '-l': { kind: 'value', says: 'packet length', arg: 'LENGTH' },
    '-p': { kind: 'value', says: 'port', arg: 'PORT' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    let numeric = false;
    let both = false;
    let max = 30;
    let port = FIRST_PORT;
    const words: Bytes[] = [];
    try {
      for (let i = 0; i < args.length; i++) {
        const word = args[i]!;
        if (word === '-n') numeric = true;
        else if (word === '-b') both = true;
        else if (word === '-m') max = whole('tracepath', args[++i] ?? '', 0, 255);
        else if (word === '-p') port = whole('tracepath', args[++i] ?? '', 0, 65535);
        else if (word === '-4') continue;
        else if (/^-[6l]/.test(word)) return yield* notModelled(p, 'tracepath', `option ${word}`);
        else if (word === '-V') {
          yield* out(p, 'tracepath from iputils 20221126\n');
          return 0;
        } else if (/^-./.test(word)) throw new BadUse(`tracepath: invalid option -- '${word[1]!}'\n${TRACEPATH_USAGE}`, 255);
        else words.push(word);
      }
      const target = words[0];
      if (target === undefined) throw new BadUse(TRACEPATH_USAGE, 255);
      const dst = gethostbyname(p, target);
      if (dst === null) throw new BadUse(`tracepath: ${target}: ${resolveError(p)}\n`, 1);
      return yield* walk(p, dst, port, max, (ip) => {
        const name = numeric ? null : gethostbyaddr(p, ip);
        return name === null ? ipText(ip) : both ? `${name} (${ipText(ip)})` : name;
      });
    } catch (e) {
      if (!(e instanceof BadUse)) throw e;
      yield* err(p, e.text);
      return e.status;
    }
  },
});

function* walk(p: Process, dst: number, port: number, max: number, name: (ip: number) => string): Op<number> {
  const k = p.host.kernel;
  const raw = openRaw(p, IPPROTO_ICMP);
  const udp = openUdp(p);
  const fds = [installFd(p, raw, 3), installFd(p, udp, 3)];
  let mtu = 65535;
  let n = 0;
  let hops = 0;
  for (let ttl = 1; ttl <= max && hops === 0; ttl++) {
    for (let tries = 0; tries < 3; ) {
      const now = pathMtu(k, dst);
      if (now < mtu) {
        mtu = now;
        yield* out(p, ` 1?: [LOCALHOST]                      pmtu ${mtu}\n`.replace(' 1?', ttl === 1 && n === 0 ? ' 1?' : `${String(ttl).padStart(2)} `));
      }
      const sentAt = nowUs(p);
      const mark = port + n++;
      sendTo(p, udp, dst, mark, '\0'.repeat(Math.max(0, mtu - 28)), { ttl, df: true });
      const m = yield* receiveRaw(p, raw, sentAt + 1e6);
      if (m === null) {
        tries++;
        if (tries === 3) yield* out(p, `${String(ttl).padStart(2)}:  no reply\n`);
        continue;
      }
      const q = m.packet.inner;
      if (!m.error || q === null || q.proto !== IPPROTO_UDP || q.dport !== mark) continue;
      if (m.packet.icmpType === 3 && m.packet.icmpCode === 4) {
        mtu = Math.min(mtu, m.packet.icmpRest & 0xffff);
        yield* out(p, `${String(ttl).padStart(2)}:  ${name(m.packet.src).padEnd(51)} ${ms3(m.at - sentAt)}ms pmtu ${mtu}\n`);
        continue;
      }
      const reached = m.packet.icmpType === 3 && m.packet.icmpCode === 3;
      const mark2 = m.packet.icmpType === 3 && !reached ? (m.packet.icmpCode === 1 ? ' !H' : m.packet.icmpCode === 0 ? ' !N' : ' !A') : '';
      yield* out(p, `${String(ttl).padStart(2)}:  ${name(m.packet.src).padEnd(51)} ${ms3(m.at - sentAt)}ms ${reached ? 'reached' : mark2}\n`);
      if (reached || mark2 !== '') hops = reached ? ttl : -1;
      break;
    }
  }
  for (const fd of fds) closeFd(p, fd);
  yield* out(p, hops > 0 ? `     Resume: pmtu ${mtu} hops ${hops} back ${hops} \n` : hops < 0 ? `     Resume: pmtu ${mtu} \n` : `     Too many hops: pmtu ${mtu}\n     Resume: pmtu ${mtu} \n`);
  return 0;
}

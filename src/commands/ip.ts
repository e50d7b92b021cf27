// ip(8) of iproute2 6.1: devices, addresses, routes, rules, neighbours and tunnels through rtnetlink.
// Not modelled: colours, IPv6 rules and tunnels, network namespaces, and the objects listed in OTHER.
import type { Op, Run } from '../host/process';
import { err, out } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { command as declare, notModelled } from './command';
import { Args, command, type IpCall, IpError, IpNotModelled, type IpOptions, matches } from './ip/args';
import { ipAddress } from './ip/address';
import { ipLink } from './ip/link';
import { ipNeigh } from './ip/neigh';
import { ipRoute } from './ip/route';
import { ipRule } from './ip/rule';
import { ipTunnel } from './ip/tunnel';
import { IP_USAGE } from './ip/usage';

type Sub = (c: IpCall) => Op<number>;
/** Objects in the order in which abbreviations are tried. */
const OBJECTS: readonly (readonly [string, Sub | null])[] = [
  ['address', ipAddress], ['addrlabel', null], ['maddress', null], ['route', ipRoute], ['rule', ipRule], ['neighbor', ipNeigh], ['neighbour', ipNeigh],
  ['ntable', null], ['ntbl', null], ['link', ipLink], ['l2tp', null], ['fou', null], ['ila', null], ['macsec', null], ['tunnel', ipTunnel], ['tunl', ipTunnel],
  ['tuntap', null], ['tap', null], ['token', null], ['tcpmetrics', null], ['tcp_metrics', null], ['monitor', null], ['xfrm', null], ['mroute', null],
  ['mrule', null], ['netns', null], ['netconf', null], ['vrf', null], ['sr', null], ['nexthop', null], ['mptcp', null], ['ioam', null], ['help', null], ['stats', null],
];

/** Reads options before the object. Null and a message when one is unknown. */
function readOptions(a: Args): IpOptions | 'version' | 'help' {
  const o: IpOptions = { family: '', oneline: false, brief: false, stats: 0, details: false, json: false, pretty: false };
  while (a.more) {
    let word = a.peek()!;
    if (word === '--') {
      a.take();
      break;
    }
    if (!word.startsWith('-')) break;
    a.take();
    if (word.startsWith('--')) word = word.slice(1);
    if (matches(word, '-loops')) throw new IpNotModelled(`option ${word}`);
    else if (matches(word, '-family')) {
      const f = a.next();
      if (f === 'help') throw new IpError(IP_USAGE, 255);
      if (f !== 'inet' && f !== 'inet6' && f !== 'link') throw new IpError(`Error: argument "${f}" is wrong: invalid protocol family\n`, 255);
      o.family = f;
    } else if (word === '-4') o.family = 'inet';
    else if (word === '-6') o.family = 'inet6';
    else if (word === '-0') o.family = 'link';
    else if (word === '-M' || word === '-B') throw new IpNotModelled(`option ${word}`);
    else if (matches(word, '-human-readable') && word.length > 2) throw new IpNotModelled(`option ${word}`);
    else if (matches(word, '-human') || matches(word, '-iec')) throw new IpNotModelled(`option ${word}`);
    else if (matches(word, '-stats') || matches(word, '-statistics')) o.stats++;
    else if (matches(word, '-details')) o.details = true;
    else if (matches(word, '-Numeric') || matches(word, '-resolve')) throw new IpNotModelled(`option ${word}`);
    else if (matches(word, '-oneline')) o.oneline = true;
    else if (matches(word, '-timestamp') || matches(word, '-tshort') || matches(word, '-force') || matches(word, '-all')) continue;
    else if (matches(word, '-Version')) return 'version';
    else if (matches(word, '-brief')) o.brief = true;
    else if (matches(word, '-json')) o.json = true;
    else if (matches(word, '-pretty')) o.pretty = true;
    else if (/^-c/.test(word)) {
      if (!/^-c(olor|olo|ol|o)?(=(auto|never))?$/.test(word) || word === '-c' || word === '-color') throw new IpNotModelled(`option ${word}`);
    } else if (word.length > 1 && matches(word, '-netns')) {
      throw new IpError(`Cannot open network namespace "${a.next()}": No such file or directory\n`, 255); // none has a name here
    } else if (matches(word, '-batch') || matches(word, '-rcvbuf')) throw new IpNotModelled(`option ${word}`);
    else if (matches(word, '-help')) return 'help';
    else throw new IpError(`Option "${word}" is unknown, try "ip -help".\n`, 255);
  }
  return o;
}

export const ip = declare({
  name: 'ip',
  summary: 'show and change devices, addresses, routes, rules, neighbours and tunnels',
  path: '/usr/sbin/ip',
  package: 'iproute2',
  options: {
    '-4': { kind: 'flag', says: 'IPv4 only' },
    '-6': { kind: 'flag', says: 'IPv6 only' },
    '-o': { kind: 'flag', says: 'one line an entry' },
    '-s': { kind: 'flag', says: 'statistics' },
    '-d': { kind: 'flag', says: 'details' },
    '-br': { kind: 'flag', says: 'brief' },
    '-V': { kind: 'flag', says: 'version' },
    '-j': { kind: 'flag', says: 'JSON' },
    '-p': { kind: 'flag', says: 'JSON with a member a line' },
    '-n': { kind: 'value', says: 'another network namespace: none has a name here', arg: 'NETNS' },
    '-f': { kind: 'value', says: 'inet, inet6 or link', arg: 'FAMILY' },
    '-0': { kind: 'flag', says: 'devices only' },
    '-h': { kind: 'flag', says: 'figures with suffixes', modelled: false },
    '-c': { kind: 'flag', says: 'colours', modelled: false },
    '-r': { kind: 'flag', says: 'resolve addresses', modelled: false },
    '-N': { kind: 'flag', says: 'numbers for names', modelled: false },
    '-b': { kind: 'value', says: 'commands from a file', arg: 'FILE', modelled: false },
  },
  getopt: null,
  *run(p, _opts, words): Run {
    try {
      const a = new Args(words as readonly Bytes[]);
      const o = readOptions(a);
      if (o === 'version') {
        yield* out(p, 'ip utility, iproute2-6.1.0, libbpf 1.1.2\n');
        return 0;
      }
      if (o === 'help' || !a.more) throw new IpError(IP_USAGE, 255);
      const word = a.take();
      const name = command(word, OBJECTS.map(([n]) => n));
      if (name === '') throw new IpError(`Object "${word}" is unknown, try "ip help".\n`, 1);
      if (name === 'help') throw new IpError(IP_USAGE, 255);
      const run = OBJECTS.find(([n]) => n === name)![1];
      if (run === null) throw new IpNotModelled(`'ip ${name}'`);
      if (p.uid !== 0) {
        const verb = a.peek() ?? '';
        // A dump that is to be flushed finds nothing to ask for in the neighbours' case.
        if (/^fl/.test(verb) && !name.startsWith('neigh')) throw new IpError('Failed to send flush request: Operation not permitted\n', name === 'address' ? 255 : 2);
        if (/^(?:add|append|prepend|change|chg|replace|set|del|delete|restore)$/.test(verb)) throw new IpError('RTNETLINK answers: Operation not permitted\n', 2);
      }
      return yield* run({ p, k: p.host.kernel, o, a, object: name });
    } catch (e) {
      if (e instanceof IpError) {
        yield* err(p, e.text);
        return e.status;
      }
      if (e instanceof IpNotModelled) return yield* notModelled(p, 'ip', e.message);
      throw e;
    }
  },
});

// route(8) of net-tools 2.10: shows and changes the main IPv4 routing table through SIOCADDRT and SIOCDELRT.
// Not modelled: other families, the route cache.
import type { Op, Process, Run } from '../host/process';
import { err, out } from '../host/syscall';
import { strerror } from '../lib/errno';
import type { Bytes } from '../lib/text';
import { type RtEntry, siocaddrt, siocdelrt } from '../kernel/ipv4/fib_ioctl';
import { command, notModelled } from './command';
import { inetResolve, splitPrefix } from './net_tools/inet';
import { routeTable } from './net_tools/route_table';
import { INET_ROUTE_USAGE, ROUTE_USAGE, ROUTE_VERSION } from './net_tools/usage';

const E_OPTERR = 3;
const E_LOOKUP = 6;
const E_SOCK = 7;

/** An argument error: what to say first, and the exit status. */
class Wrong {
  constructor(
    readonly text: string,
    readonly status: number,
  ) {}
}
const usage = (text = ''): Wrong => new Wrong(`${text}${INET_ROUTE_USAGE}`, E_OPTERR);

/** INET_setroute: reads the words after add or del. */
function parse(p: Process, words: Bytes[]): RtEntry | Wrong {
  let i = 0;
  const kind = words[0] === '-net' || words[0] === '-host' ? words[i++]! : '';
  const target = words[i++];
  if (target === undefined) return usage();
  const split = splitPrefix(target);
  if (split === null) return usage();
  let mask = split.mask ?? 0;
  const dst = inetResolve(p, split.address, kind !== '-net');
  if (typeof dst === 'string') return new Wrong(dst, 1);
  const net = kind === '' ? dst.net : kind === '-net';
  const rt: RtEntry = { dst: dst.ip, mask: 0, host: !net, gateway: 0, viaGateway: false, reject: false, dev: '', metric: 0, mss: 0, window: 0, irtt: 0 };
  while (i < words.length) {
    const word = words[i++]!;
    const value = words[i];
    const number = Number(value);
    const digit = value !== undefined && /^\d/.test(value);
    switch (word) {
      case 'metric':
        if (!digit) return usage();
        rt.metric = number;
        i++;
        break;
      case 'netmask': {
        if (value === undefined || mask !== 0) return usage();
        const r = inetResolve(p, value, false);
        if (typeof r === 'string') return new Wrong(r, E_LOOKUP);
        mask = r.ip;
        i++;
        break;
      }
      case 'gw':
      case 'gateway': {
        if (value === undefined || rt.viaGateway) return usage();
        const r = inetResolve(p, value, true);
        if (typeof r === 'string') return new Wrong(r, E_LOOKUP);
        if (r.net) return usage(`route: ${value}: cannot use a NETWORK as gateway!\n`);
        rt.viaGateway = true;
        rt.gateway = r.ip;
        i++;
        break;
      }
      case 'mss':
      case 'mtu':
        if (!digit) return usage();
        if (number < 64 || number > 65536) return usage('route: Invalid MSS/MTU.\n');
        rt.mss = number;
        i++;
        break;
      case 'window':
        if (!digit) return usage();
        if (number < 128) return usage('route: Invalid window.\n');
        rt.window = number;
        i++;
        break;
      case 'irtt':
        if (!digit) return usage();
        rt.irtt = number;
        i++;
        break;
      case 'reject':
        rt.reject = true;
        break;
      case 'mod':
      case 'dyn':
      case 'reinstate':
        break;
      case 'dev':
      case 'device':
        if (rt.dev !== '' || value === undefined) return usage();
        rt.dev = value;
        i++;
        break;
      default:
        // a bare word is an interface, and must be the last, to catch typing errors
        if (rt.dev !== '' || i < words.length) return usage();
        rt.dev = word;
    }
  }
  if (mask !== 0) {
    const bits = ~mask >>> 0;
    if (rt.host && bits !== 0) return usage(`route: netmask ${bits.toString(16).padStart(8, '0')} doesn't make sense with host route\n`);
    if ((bits & (bits + 1)) !== 0) return usage(`route: bogus netmask ${split.mask === null ? words[words.indexOf('netmask') + 1]! : target}\n`);
    if ((rt.dst & ~mask) !== 0) return usage("route: netmask doesn't match route address\n");
  }
  rt.mask = mask;
  return rt;
}

function* change(p: Process, action: string, words: Bytes[]): Op<number> {
  const rt = parse(p, words);
  if (rt instanceof Wrong) {
    yield* err(p, rt.text);
    return rt.status;
  }
  const k = p.host.kernel;
  const e = action === 'add' ? siocaddrt(k, rt) : siocdelrt(k, rt);
  if (e === null) return 0;
  yield* err(p, `${action === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'}: ${strerror(e)}\n`);
  return E_SOCK;
}

/** A wrong option: the usage goes to standard output, the list of families to standard error, and route calls that a success. */
function* badOption(p: Process, what: string): Op<number> {
  const families = ROUTE_USAGE.indexOf('\n', ROUTE_USAGE.indexOf('List of possible')) + 1;
  yield* err(p, `route: ${what}\n`);
  yield* out(p, ROUTE_USAGE.slice(0, families));
  yield* err(p, ROUTE_USAGE.slice(families));
  return 0;
}

export const route = command({
  name: 'route',
  summary: 'show and change the routing table',
  path: '/usr/sbin/route',
  package: 'net-tools',
  options: {
    '-n': { kind: 'flag', says: "don't resolve names" },
    '-e': { kind: 'flag', says: 'other columns; -ee: all columns' },
    '-v': { kind: 'flag', says: 'be verbose' },
    '-F': { kind: 'flag', says: 'the forwarding information base (default)' },
    '-A': { kind: 'value', says: 'address family', arg: 'FAMILY' },
    '-V': { kind: 'flag', says: 'version' },
  },
  getopt: null,
  *run(p, _opts, args): Run {
    let numeric = false;
    let extended = 0;
    let i = 0;
    for (; i < args.length && /^-./.test(args[i]!); i++) {
      const word = args[i]!;
      // -net and -host belong to add and del, which stand before them
      if (word === '--numeric') numeric = true;
      else if (word === '--extend') extended++;
      else if (word === '--verbose' || word === '--fib' || word === '--inet' || word === '-4') continue;
      else if (word === '--version' || word === '-V') {
        yield* out(p, ROUTE_VERSION);
        return 0;
      } else if (word === '--help' || word === '-h') {
        yield* out(p, ROUTE_USAGE);
        return 0;
      } else if (word === '-A') {
        if (args[++i] !== 'inet') return yield* notModelled(p, 'route', `family ${args[i] ?? ''}`);
      } else if (word === '-6' || word === '--inet6' || word === '-C' || word === '--cache') return yield* notModelled(p, 'route', `option ${word}`);
      else if (word.startsWith('--')) return yield* badOption(p, `unrecognized option '${word}'`);
      else {
        for (const c of word.slice(1)) {
          if (c === 'n') numeric = true;
          else if (c === 'e') extended++;
          else if (c === 'v' || c === 'F' || c === 'N') continue;
          else {
            return yield* badOption(p, `invalid option -- '${c}'`);
          }
        }
      }
    }
    const action = args[i];
    if (action === undefined) {
      yield* out(p, routeTable(p, numeric, extended === 0 ? 'plain' : extended === 1 ? 'extended' : 'all'));
      return 0;
    }
    if ((action === 'add' || action === 'del' || action === 'delete') && p.uid !== 0) {
      yield* err(p, `${action === 'add' ? 'SIOCADDRT' : 'SIOCDELRT'}: Operation not permitted\n`);
      return 7;
    }
    if (action === 'add' || action === 'del' || action === 'delete') return yield* change(p, action === 'add' ? 'add' : 'del', args.slice(i + 1));
    if (action === 'flush') {
      yield* err(p, 'Flushing `inet\' routing table not supported\n');
      return E_OPTERR;
    }
    yield* err(p, ROUTE_USAGE);
    return E_OPTERR;
  },
});

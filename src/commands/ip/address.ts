// ip address: addresses of devices. Counterpart: iproute2's ip/ipaddress.c, and the checks of net/ipv4/devinet.c (inet_rtm_newaddr, inet_rtm_deladdr).
import type { Op } from '../../host/process';
import { err } from '../../host/syscall';
import type { Address, Dev } from '../../kernel/core/dev';
import { address6Delete } from '../../kernel/ipv6/addrconf';
import type { Address6 } from '../../kernel/ipv6/inet6';
import { addressAdd, addressDelete, type NewAddress } from '../../kernel/ipv4/devinet';
import { devLoad } from '../../kernel/ipv4/devinet_ioctl';
import { ipText, maskOf } from '../../wire/ipv4';
import { command, device, duplicate, flushed, garbage, type IpCall, IpError, IpNotModelled, matches, address as readIp, type Prefix, prefix, print, refused, within } from './args';
import { address6Text, addresses6, change6, wants6 } from './inet6';
import { briefHead, linkText, statsText } from './link_print';
import { readScope, scopeName } from './names';
import { ADDRESS_USAGE } from './usage';

const COMMANDS = ['add', 'change', 'replace', 'delete', 'show', 'lst', 'list', 'flush', 'save', 'showdump', 'restore', 'help'];

export function* ipAddress(c: IpCall): Op<number> {
  if (!c.a.more) return yield* show(c, false);
  const word = c.a.take();
  switch (word === 'chg' ? 'change' : command(word, COMMANDS)) {
    case 'add':
      return yield* change(c, 'add');
    case 'change':
    case 'replace':
      return yield* change(c, 'replace');
    case 'delete':
      return yield* change(c, 'delete');
    case 'show':
    case 'lst':
    case 'list':
      return yield* show(c, false);
    case 'flush':
      return yield* show(c, true);
    case 'help':
      yield* err(c.p, ADDRESS_USAGE);
      return 255;
    case '':
      throw new IpError(`Command "${word}" is unknown, try "ip address help".\n`, 255);
    default:
      throw new IpNotModelled(`'ip address ${word}'`);
  }
}

interface Filter {
  dev: string;
  to: Prefix | null;
  label: string;
  scope: number;
  up: boolean;
  secondary: boolean | null;
  type: string;
}

/** A shell-like pattern of `label` (fnmatch with * and ?). */
function fits(pattern: string, text: string): boolean {
  const re = new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
  return re.test(text);
}

function readFilter(c: IpCall): Filter {
  const f: Filter = { dev: '', to: null, label: '', scope: -1, up: false, secondary: null, type: '' };
  const { a } = c;
  while (a.more) {
    const word = a.take();
    if (word === 'to') f.to = prefix(a.next());
    else if (word === 'scope') {
      const s = a.next();
      f.scope = s === 'all' ? -1 : readScope(s);
    } else if (word === 'up') f.up = true;
    else if (word === 'secondary' || word === 'temporary') f.secondary = true;
    else if (word === 'primary') f.secondary = false;
    else if (word === 'permanent') continue;
    else if (word === 'label') f.label = a.next();
    else if (word === 'type') f.type = a.next();
    else if (/^-?(dynamic|tentative|deprecated|dadfailed|home|nodad|mngtmpaddr|noprefixroute|autojoin)$|^(master|nomaster|vrf|group)$/.test(word)) {
      throw new IpNotModelled(`'${word}' in ip address show`);
    } else if (matches(word, 'help')) throw new IpError(ADDRESS_USAGE, 255);
    else {
      const named = word === 'dev' ? a.next() : word;
      if (f.dev !== '') throw garbage('dev', named);
      f.dev = named;
    }
  }
  return f;
}

function wanted(f: Filter, x: Address): boolean {
  return (
    (f.to === null || within(x.local, f.to)) && (f.label === '' || fits(f.label, x.label)) && (f.scope < 0 || x.scope === f.scope) &&
    (f.secondary === null || x.secondary === f.secondary)
  );
}

/** `inet A/N brd B scope S label`, without the lifetimes. */
function addressText(x: Address): string {
  const peer = x.peer !== x.local ? ` peer ${ipText(x.peer)}` : '';
  const brd = x.broadcast !== 0 ? ` brd ${ipText(x.broadcast)}` : '';
  return `inet ${ipText(x.local)}${peer}/${x.prefix}${brd} scope ${scopeName(x.scope)}${x.secondary ? ' secondary' : ''} ${x.label}`;
}

const LIFETIME = '       valid_lft forever preferred_lft forever';

function* show(c: IpCall, flush: boolean): Op<number> {
  const { k, o } = c;
  if (flush && !c.a.more) throw new IpError('Flush requires arguments.\n', 1);
  const f = readFilter(c);
  if (f.dev !== '') devLoad(k, f.dev);
  if (f.dev !== '' && k.devByName(f.dev) === undefined) throw new IpError(`Device "${f.dev}" does not exist.\n`, 1);
  if (flush) {
    const gone: string[] = [];
    for (const d of k.devs) {
      if ((f.dev !== '' && d.name !== f.dev) || (f.up && !d.up)) continue;
      const old = o.family === 'inet6' ? [] : d.addresses.filter((y) => wanted(f, y));
      const old6 = o.family === 'inet' || f.to !== null || f.label !== '' ? [] : addresses6(d, f.scope).slice();
      gone.push(...[...old.map(addressText), ...old6.map((x) => address6Text(c, x))].map((x) => `${d.index}: ${d.name}    ${x}\n${LIFETIME}\n`));
      for (const x of old) addressDelete(k, d, x.local, x.prefix, x.label);
      for (const x of old6) address6Delete(k, d, x.local, x.prefix);
    }
    yield* flushed(c, gone, 'addresses');
    return 0;
  }
  const only4 = o.family === 'inet' || f.to !== null;
  const filtered = f.to !== null || f.label !== '' || f.scope >= 0 || f.secondary !== null || o.family === 'inet';
  const entries: string[] = [];
  for (const d of k.devs) {
    if ((f.dev !== '' && d.name !== f.dev) || (f.up && !d.up) || (f.type !== '' && d.kind !== f.type)) continue;
    const found = o.family === 'inet6' || o.family === 'link' ? [] : d.addresses.filter((x) => wanted(f, x));
    const found6 = only4 || o.family === 'link' || f.label !== '' || f.secondary !== null ? [] : addresses6(d, f.scope);
    if (found.length + found6.length === 0 && (filtered || o.family === 'inet6')) continue;
    entries.push(...deviceEntries(c, d, found, found6, only4 ? 'inet' : o.family, f.label !== '', f.dev !== ''));
  }
  yield* print({ ...c, o: { ...o, oneline: o.oneline && !o.brief } }, entries);
  return 0;
}

function deviceEntries(c: IpCall, d: Dev, found: readonly Address[], found6: readonly Address6[], family: IpCall['o']['family'], noLink: boolean, named: boolean): string[] {
  const { k, o } = c;
  if (o.brief) {
    const list = found.map((x) => `${ipText(x.local)}${x.peer !== x.local ? ` peer ${ipText(x.peer)}` : ''}/${x.prefix} `).join('');
    return [`${briefHead(k, d)}${list}${found6.map((x) => `${k.world.ip6.text(x.local)}/${x.prefix} `).join('')}\n`];
  }
  const texts = [...found.map(addressText), ...found6.map((x) => address6Text(c, x))];
  if (o.oneline) return texts.map((x) => `${d.index}: ${d.name}    ${x}\n${LIFETIME}\n`);
  const head = noLink ? '' : `${linkText(k, d, { ...o, family, stats: 0 }, false, family === 'inet6' && !named)}\n`;
  const stats = o.stats > 0 && !noLink ? `${statsText(d, o.stats)}\n` : '';
  return [`${head}${texts.map((x) => `    ${x}\n${LIFETIME}\n`).join('')}${stats}`];
}

const WILDCARD = (ip: string): string =>
  `Warning: Executing wildcard deletion to stay compatible with old scripts.\n         Explicitly specify the prefix length (${ip}/32) to avoid this warning.\n` +
  '         This special behaviour is likely to disappear in further releases,\n         fix your scripts!\n';

function* change(c: IpCall, what: 'add' | 'replace' | 'delete'): Op<number> {
  if (wants6(c)) return change6(c, what);
  const { a, k } = c;
  let dev = '';
  let label = '';
  let local: Prefix | null = null;
  let peer: Prefix | null = null;
  let brd = '';
  let scope = -1;
  while (a.more) {
    const word = a.take();
    if (word === 'peer' || word === 'remote') {
      if (peer !== null) throw duplicate('peer', a.next());
      peer = prefix(a.next());
    } else if (word === 'broadcast' || word === 'brd' || (matches(word, 'broadcast') && word.length > 1)) {
      if (brd !== '') throw duplicate('broadcast', a.next());
      brd = a.next();
    } else if (word === 'scope') scope = readScope(a.next());
    else if (word === 'dev') dev = a.next();
    else if (word === 'label') label = a.next();
    else if (/^(anycast|metric|valid_lft|preferred_lft|home|nodad|mngtmpaddr|noprefixroute|autojoin|proto)$/.test(word)) throw new IpNotModelled(`'${word}' of an address`);
    else if (word === 'help') throw new IpError(ADDRESS_USAGE, 255);
    else {
      const text = word === 'local' ? a.next() : word;
      if (local !== null) throw garbage('local', text);
      local = prefix(text);
    }
  }
  if (dev === '') throw new IpError('Not enough information: "dev" argument is required.\n', 1);
  const wildcard = what === 'delete' && local !== null && !local.given && peer === null;
  if (wildcard) yield* err(c.p, WILDCARD(ipText(local!.ip)));
  const d = device(k, dev);
  if (local === null) throw refused('EOPNOTSUPP');
  const length = peer?.prefix ?? local.prefix;
  if (what === 'delete') {
    const x = d.addresses.find((y) => y.local === local.ip && (label === '' || y.label === label) && (wildcard || y.prefix === length));
    if (x === undefined) throw refused('EADDRNOTAVAIL');
    addressDelete(k, d, x.local, x.prefix, x.label);
    return 0;
  }
  if (what === 'replace' && d.addresses.some((x) => x.local === local.ip && x.prefix === length)) return 0;
  const given: NewAddress = { local: local.ip, prefix: length, peer: peer?.ip ?? local.ip, label: label === '' ? d.name : label };
  if (brd === '+' || brd === '-') given.broadcast = length > 30 ? 0 : brd === '+' ? local.ip | ~maskOf(length) : local.ip & maskOf(length);
  else if (brd !== '') given.broadcast = readIp(brd);
  given.scope = scope >= 0 ? scope : local.ip >>> 24 === 127 ? 254 : 0;
  const e = addressAdd(k, d, given);
  if (e !== null) throw refused(e);
  return 0;
}

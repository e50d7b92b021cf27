// Tab completion: commands, options, files, variables, addresses. Linux counterpart: bash's bashline.c and bash-completion.
import type { Command } from '../commands/command';
import type { Host } from '../host/host';
import { hostLines } from '../host/resolve';
import { byBytes, type Bytes, textWidth, utf8Decode } from '../lib/text';
import { ipText } from '../wire/ipv4';
import { argumentWords, settings } from './complete_arguments';
import { BUILTINS } from './builtins/builtin';
import { homeOf } from './expand';
import { statOf } from './files';
import { backslashQuote } from './quote';
import type { Shell } from './shell';
import { getOr, namesWith } from './vars';

/** Words that may stand at the cursor. `insert` replaces the text from `from` to the cursor. */
export interface Completion {
  from: number;
  insert: Bytes;
  /** Names as listed. */
  candidates: Bytes[];
}

/** Commands whose operands are hosts and addresses. */
const NETWORK = new Set(['ping', 'curl', 'ssh', 'scp', 'ssh-copy-id', 'telnet', 'arp', 'arping', 'route', 'ip', 'ipvsadm', 'traceroute', 'tracepath', 'nc', 'wget', 'host', 'tcpdump', 'elinks', 'ab', 'iptables', 'ifconfig']);

const KEYWORDS = ['if', 'then', 'else', 'elif', 'fi', 'case', 'esac', 'for', 'select', 'while', 'until', 'do', 'done', 'function', 'time'];

/** Words a command may follow, and those of them with options of their own. */
const PREFIXES = new Set(['sudo', 'do', 'then', 'else', 'if', 'while', 'until', 'time', '!', '{', 'exec', 'nohup', 'watch', 'which', 'type', 'man']);
const CARRIERS = new Set(['sudo', 'time', 'exec', 'watch', 'which', 'type', 'man']);

/** Completes the word at the cursor. */
export function complete(sh: Shell, line: Bytes, point: number): Completion {
  const before = line.slice(0, point);
  const m = /(?:[^\s;|&()<>"'=:]|\\.)*$/.exec(before)!;
  let from = point - m[0].length;
  const raw = m[0];
  const word = raw.replace(/\\(.)/g, '$1');
  const head = before.slice(0, from).replace(/["']$/, '');
  const words = wordsBefore(head);
  const command = words[0] ?? null;
  if (raw.startsWith('$')) {
    const brace = raw.startsWith('${');
    const names = namesWith(sh, raw.slice(brace ? 2 : 1));
    return finish(from, raw, names.map((n) => (brace ? `\${${n}}` : `$${n}`)), names.map((n) => (brace ? `\${${n}}` : `$${n}`)), '');
  }
  if (command === null && !word.includes('/')) {
    const names = commandNames(sh, word);
    return finish(from, raw, names, names, ' ');
  }
  if (command !== null && word.startsWith('-')) {
    const options = optionsOf(sh, command).filter((o) => o.startsWith(word));
    if (options.length > 0) return finish(from, raw, options, options, ' ');
  }
  const known = /\s$/.test(head) ? argumentWords(sh.p.host, words) : null;
  if (known !== null) {
    const fit = known.filter((w) => w.startsWith(word)).sort(byBytes);
    if (fit.length > 0 || known.length === 0) return finish(from, raw, fit, fit, ' ');
  }
  if (command === 'sysctl' && word !== '' && !word.includes('/')) {
    const keys = settings(sh.p.host, word).sort(byBytes);
    if (keys.length > 0) return finish(from, raw, keys, keys, keys.length === 1 && keys[0]!.endsWith('.') ? '' : ' ');
  }
  if (command !== null && NETWORK.has(command) && word !== '' && !word.includes('/')) {
    const user = /^(?:ssh|scp|ssh-copy-id)$/.test(command) ? word.slice(0, word.indexOf('@') + 1) : '';
    const hosts = addresses(sh).map((a) => user + a).filter((a) => a.startsWith(word));
    if (hosts.length > 0) return finish(from, raw, command === 'scp' ? hosts.map((a) => `${a}:`) : hosts, hosts, ['ipvsadm', 'curl', 'scp'].includes(command) ? '' : ' ');
  }
  // A colon or equals sign begins a new word, except inside one that is an address or path.
  if (command !== null && word === '' && /[:=]$/.test(head) === false) from = point;
  return files(sh, from, raw, word, command === 'cd' || command === 'rmdir' || command === 'pushd', command === null);
}

/** The words of the command being typed, its name first; none at a command's own place. */
function wordsBefore(head: Bytes): Bytes[] {
  const part = head.slice(Math.max(head.lastIndexOf(';'), head.lastIndexOf('|'), head.lastIndexOf('&'), head.lastIndexOf('('), head.lastIndexOf('`'), head.lastIndexOf('\n')) + 1);
  if (/(^|\s)[<>]\s*$/.test(part)) return ['<'];
  const words = part.split(/\s+/).filter((w) => w !== '');
  // Words that stand before a command, with the options of those that are commands themselves.
  let n = 0;
  let carrier = false;
  for (; n < words.length; n++) {
    const w = words[n]!;
    if (PREFIXES.has(w)) carrier = CARRIERS.has(w);
    else if (!/^[A-Za-z_]\w*=/.test(w) && !(carrier && /^-|^[\d.]+$/.test(w))) break;
  }
  return words.slice(n);
}

function commandNames(sh: Shell, prefix: Bytes): Bytes[] {
  const names = new Set<Bytes>();
  for (const n of [...BUILTINS.keys(), ...sh.functions.keys(), ...sh.aliases.keys(), ...KEYWORDS]) if (n.startsWith(prefix)) names.add(n);
  for (const dir of getOr(sh, 'PATH', '').split(':')) {
    try {
      for (const n of sh.p.host.vfs.readdir(sh.p, dir)) if (n.startsWith(prefix)) names.add(n);
    } catch {
      // A directory of PATH that is not there has no commands.
    }
  }
  return [...names].sort(byBytes);
}

function optionsOf(sh: Shell, command: Bytes): Bytes[] {
  const program = sh.p.host.program(command.replace(/.*\//, '')) as Command | undefined;
  const { options } = program ?? {};
  if (options === undefined) return [];
  return Object.keys(options).filter((o) => o.startsWith('-')).sort(byBytes);
}

/** Names and IPv4 addresses of the lab's hosts, and what /etc/hosts says. */
function addresses(sh: Shell): Bytes[] {
  const out = new Set<Bytes>();
  for (const h of sh.p.host.world.hosts as Host[]) {
    for (const d of h.kernel.devs) for (const a of d.addresses) if (a.local >>> 24 !== 127) out.add(ipText(a.local));
  }
  for (const h of hostLines(sh.p)) {
    if (h.ip !== null) out.add(h.text);
    for (const n of h.names) out.add(n);
  }
  return [...out].sort(byBytes);
}

function files(sh: Shell, from: number, raw: Bytes, word: Bytes, dirsOnly: boolean, executables: boolean): Completion {
  const slash = word.lastIndexOf('/') + 1;
  const dir = word.slice(0, slash);
  const prefix = word.slice(slash);
  let real = dir;
  const home = /^~([^/]*)\//.exec(dir);
  if (home !== null) real = `${homeOf(sh, home[1]!) ?? home[0].slice(0, -1)}/${dir.slice(home[0].length)}`;
  let names: Bytes[];
  try {
    names = sh.p.host.vfs.readdir(sh.p, real === '' ? '.' : real);
  } catch {
    return { from, insert: '', candidates: [] };
  }
  const found: { name: Bytes; dir: boolean }[] = [];
  for (const n of names.sort(byBytes)) {
    if (!n.startsWith(prefix) || (n.startsWith('.') && !prefix.startsWith('.'))) continue;
    const st = statOf(sh, real + n);
    const isDir = st?.type === 'dir';
    if (dirsOnly && !isDir) continue;
    if (executables && !isDir && st !== null && (st.mode & 0o111) === 0) continue;
    found.push({ name: n, dir: isDir });
  }
  const shown = found.map((f) => f.name + (f.dir ? '/' : ''));
  const texts = found.map((f) => backslashQuote(dir).replace(/^\\~/, '~').replace(/^''$/, '') + backslashQuote(f.name) + (f.dir ? '/' : ''));
  return finish(from, raw, texts, shown, found.length === 1 && found[0]!.dir ? '' : ' ');
}

/** The longest common beginning; with one candidate also what follows it. */
function finish(from: number, raw: Bytes, texts: Bytes[], shown: Bytes[], after: Bytes): Completion {
  if (texts.length === 0) return { from, insert: '', candidates: [] };
  if (texts.length === 1) return { from, insert: texts[0]! + after, candidates: shown };
  let common = texts[0]!;
  for (const t of texts) {
    let n = 0;
    while (n < common.length && t[n] === common[n]) n++;
    common = common.slice(0, n);
  }
  return { from, insert: common.length > raw.length ? common : raw, candidates: shown };
}

/** Candidates in columns, as a double Tab lists them. */
export function listing(candidates: readonly Bytes[], cols: number): Bytes {
  const widths = candidates.map((c) => textWidth(utf8Decode(c)));
  const cell = Math.max(...widths) + 2;
  const columns = Math.max(1, Math.floor(cols / cell));
  const rows = Math.ceil(candidates.length / columns);
  let out = '';
  for (let r = 0; r < rows; r++) {
    for (let i = r; i < candidates.length; i += rows) out += candidates[i]! + (i + rows < candidates.length ? ' '.repeat(cell - widths[i]!) : '');
    out += '\n';
  }
  return out;
}

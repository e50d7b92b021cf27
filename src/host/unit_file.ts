// Unit files: sections, drop-ins, search path, enablement links. Linux counterpart: systemd.unit(5), systemd's conf-parser.c and install.c.
// Not modelled: templates (name@.service), generators, presets.
import type { Bytes } from '../lib/text';
import type { Host } from './host';

/** Directories searched, most important first. */
const PATHS = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system'] as const;

/** A parsed unit. */
export interface UnitFile {
  /** Full name, e.g. 'httpd.service'. */
  name: string;
  path: Bytes;
  masked: boolean;
  /** Drop-in files that were read. */
  dropIns: Bytes[];
  /** 'Section.Key' to values in order; an empty value clears what came before. */
  values: Map<string, Bytes[]>;
}

const escaped = (bytes: Bytes, allowed: RegExp): Bytes => /^\w+\.\w+$/.test(bytes) ? bytes : bytes.replace(/[\s\S]/g, (c) => (c === '/' ? '-' : allowed.test(c) ? c : `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`));

/** The unit a word means: a path is a mount or device, another name without suffix a service. See unit_name_mangle in systemd 219. */
export function fullName(name: Bytes): Bytes {
  if (name.startsWith('/')) {
    const path = name.replace(/^\/+|\/+$/g, '').replace(/\/+/g, '/');
    return `${path === '' ? '-' : escaped(path, /[0-9A-Za-z:_.]/)}.${/^(dev|sys)\//.test(path) ? 'device' : 'mount'}`;
  }
  const mangled = escaped(name, /[0-9A-Za-z:_.\\@*?[\]-]/);
  return /\.(service|target|socket|timer|mount|path|slice|scope|device)$/.test(mangled) ? mangled : `${mangled}.service`;
}

/** The last value of a key, or ''. */
export const unitValue = (u: UnitFile, key: string): Bytes => u.values.get(key)?.at(-1) ?? '';
/** All values of a key. */
export const unitValues = (u: UnitFile, key: string): readonly Bytes[] => u.values.get(key) ?? [];
/** All words of a key's values (After=, WantedBy=). */
export const unitWords = (u: UnitFile, key: string): Bytes[] => unitValues(u, key).flatMap((v) => v.split(/\s+/).filter((w) => w !== ''));

/** Assignments of a unit file in order: 'Section.Key' and value. */
type Assignments = readonly (readonly [string, Bytes])[];

/** Texts parsed before: every boot of every fork reads the same few files. A pure function's memory, so no lab can tell. */
const parsed = new Map<Bytes, Assignments>();
const PARSED = 256;

function parse(text: Bytes): Assignments {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const out: [string, Bytes][] = [];
  let section = '';
  for (const raw of text.replace(/\\\n/g, ' ').split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const s = /^\[(.*)\]$/.exec(line);
    if (s !== null) {
      section = s[1]!;
      continue;
    }
    const eq = line.indexOf('=');
    if (eq >= 0) out.push([`${section}.${line.slice(0, eq).trim()}`, line.slice(eq + 1).trim()]);
  }
  if (parsed.size >= PARSED) parsed.clear();
  parsed.set(text, out);
  return out;
}

function parseInto(values: Map<string, Bytes[]>, text: Bytes): void {
  for (const [key, value] of parse(text)) {
    if (value === '') values.set(key, []);
    else values.set(key, [...(values.get(key) ?? []), value]);
  }
}

/** Reads a unit with its drop-ins; null when there is none. Nobody may change what it gives. */
export function loadUnit(host: Host, given: Bytes): UnitFile | null {
  const name = fullName(given);
  return host.vfs.derived(`unit ${name}`, () => readUnit(host, name));
}

function readUnit(host: Host, name: Bytes): UnitFile | null {
  for (const dir of PATHS) {
    const path = `${dir}/${name}`;
    const real = linkTarget(host, path);
    const text = host.vfs.read(path);
    if (text === null && real !== '/dev/null') continue;
    const u: UnitFile = { name, path: real !== null && real.startsWith('/usr/lib/systemd/system/') ? real : path, masked: real === '/dev/null', dropIns: [], values: new Map() };
    if (text !== null) parseInto(u.values, text);
    for (const d of [...PATHS].reverse()) {
      for (const file of host.vfs.names(`${d}/${name}.d`)) {
        if (!file.endsWith('.conf')) continue;
        parseInto(u.values, host.vfs.read(`${d}/${name}.d/${file}`) ?? '');
        u.dropIns.push(`${d}/${name}.d/${file}`);
      }
    }
    return u;
  }
  return null;
}

function linkTarget(host: Host, path: Bytes): Bytes | null {
  const node = host.vfs.find(null, path, false);
  return node?.inode?.type === 'symlink' ? node.inode.data : null;
}

/** Names of all units installed, sorted. */
export function unitNames(host: Host): Bytes[] {
  const names = new Set<Bytes>();
  for (const dir of PATHS) for (const n of host.vfs.names(dir)) if (/\.(service|target)$/.test(n)) names.add(n);
  return [...names].sort();
}

export type Enablement = 'enabled' | 'disabled' | 'static' | 'masked';

/** `systemctl is-enabled`; null when there is no such unit. */
export function unitEnablement(host: Host, name: Bytes): Enablement | null {
  const u = loadUnit(host, name);
  if (u === null) return null;
  if (u.masked) return 'masked';
  for (const dir of host.vfs.names('/etc/systemd/system')) {
    if (!/\.(wants|requires)$/.test(dir)) continue;
    if (linkTarget(host, `/etc/systemd/system/${dir}/${u.name}`) !== null) return 'enabled';
  }
  return unitWords(u, 'Install.WantedBy').length + unitWords(u, 'Install.RequiredBy').length + unitWords(u, 'Install.Alias').length === 0 ? 'static' : 'disabled';
}

/** Places and targets of the links [Install] asks for. */
function installLinks(u: UnitFile): { link: Bytes; target: Bytes }[] {
  const links = (key: string, kind: string): { link: Bytes; target: Bytes }[] => unitWords(u, key).map((t) => ({ link: `/etc/systemd/system/${t}.${kind}/${u.name}`, target: u.path }));
  return [...links('Install.WantedBy', 'wants'), ...links('Install.RequiredBy', 'requires'), ...unitWords(u, 'Install.Alias').map((a) => ({ link: `/etc/systemd/system/${a}`, target: u.path }))];
}

/** What enabling or disabling did: lines for standard error, and the exit status. */
export interface InstallResult {
  text: Bytes;
  status: number;
}

const NO_INSTALL =
  'The unit files have no [Install] section. They are not meant to be enabled\nusing systemctl.\nPossible reasons for having this kind of units are:\n1) A unit may be statically enabled by being symlinked from another unit\'s\n   .wants/ or .requires/ directory.\n2) A unit\'s purpose may be to act as a helper for some other unit which has\n   a requirement dependency on it.\n3) A unit may be started when needed via activation (socket, path, timer,\n   D-Bus, udev, scripted systemctl call, ...).\n';

/** `systemctl enable NAME`. */
export function enableUnit(host: Host, name: Bytes): InstallResult {
  const u = loadUnit(host, name);
  if (u === null) return { text: `Failed to execute operation: No such file or directory\n`, status: 1 };
  if (u.masked) return { text: `Failed to execute operation: Cannot send after transport endpoint shutdown\n`, status: 1 };
  const links = installLinks(u);
  if (links.length === 0) return { text: NO_INSTALL, status: 0 };
  let text = '';
  for (const { link, target } of links) {
    if (linkTarget(host, link) !== null) continue;
    host.vfs.mkdirs(link.slice(0, link.lastIndexOf('/')));
    host.vfs.symlink(null, target, link);
    text += `Created symlink from ${link} to ${target}.\n`;
  }
  return { text, status: 0 };
}

/** `systemctl disable NAME`. */
export function disableUnit(host: Host, name: Bytes): InstallResult {
  const u = loadUnit(host, name);
  if (u === null) return { text: 'Failed to execute operation: No such file or directory\n', status: 1 };
  let text = '';
  for (const dir of host.vfs.names('/etc/systemd/system')) {
    const link = /\.(wants|requires)$/.test(dir) ? `/etc/systemd/system/${dir}/${u.name}` : '';
    if (link === '' || linkTarget(host, link) === null) continue;
    host.vfs.remove(link);
    text += `Removed symlink ${link}.\n`;
  }
  return { text, status: 0 };
}

/** `systemctl mask NAME` and `unmask`. */
export function maskUnit(host: Host, name: Bytes, on: boolean): InstallResult {
  const link = `/etc/systemd/system/${fullName(name)}`;
  const now = linkTarget(host, link);
  if (on) {
    if (now === '/dev/null') return { text: '', status: 0 };
    if (host.vfs.exists(link)) return { text: `Failed to execute operation: Invalid argument\n`, status: 1 };
    host.vfs.symlink(null, '/dev/null', link);
    return { text: `Created symlink from ${link} to /dev/null.\n`, status: 0 };
  }
  if (now !== '/dev/null') return { text: '', status: 0 };
  host.vfs.remove(link);
  return { text: `Removed symlink ${link}.\n`, status: 0 };
}

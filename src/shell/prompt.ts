// Prompts: PS1, PS2 and PS4 with their backslash escapes. Linux counterpart: decode_prompt_string in bash's parse.y.
import { late } from './late';
import type { Op } from '../host/process';
import { nowUs } from '../host/syscall';
import type { Bytes } from '../lib/text';
import type { Shell } from './shell';
import { getVar } from './vars';
import { compileParts } from './word';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Replaces escapes, then expands variables and commands as in double quotes. */
export function* promptString(sh: Shell, text: Bytes): Op<Bytes> {
  const decoded = decode(sh, text);
  if (!sh.shopts.has('promptvars') || !/[$`\\]/.test(decoded)) return decoded;
  return yield* late.string(sh, compileParts(decoded, sh.line, 'doc'));
}

/** The same for a prompt shown while no generator runs: commands in it are left out. */
export function promptNow(sh: Shell, text: Bytes): Bytes {
  const decoded = decode(sh, text);
  if (!/[$`\\]/.test(decoded)) return decoded;
  const parts = compileParts(decoded, sh.line, 'doc').filter((p) => p.t === 'lit' || p.t === 'par' || p.t === 'ari');
  const run = late.string(sh, parts);
  for (;;) {
    const s = run.next();
    if (s.done) return s.value;
  }
}

function decode(sh: Shell, text: Bytes): Bytes {
  return text.replace(/\\(?:([0-7]{3})|D\{([^}]*)\}|(.))/gs, (_, octal?: string, _date?: string, c?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    switch (c) {
      case 'a': return '\x07';
      case 'e': return '\x1b';
      case 'n': return '\r\n'.slice(1);
      case 'r': return '\r';
      case 's': return sh.name.replace(/^-/, '').replace(/.*\//, '');
      case 'h': return hostname(sh).replace(/\..*/s, '');
      case 'H': return hostname(sh);
      case 'u': return userName(sh);
      case 'w': return workingDirectory(sh);
      case 'W': {
        const w = workingDirectory(sh);
        return w === '~' || w === '/' ? w : w.slice(w.lastIndexOf('/') + 1);
      }
      case '$': return sh.p.uid === 0 ? '#' : '\\$';
      case '#': return String(sh.historyFirst + sh.history.length);
      case '!': return String(sh.historyFirst + sh.history.length);
      case 'j': return String(sh.jobs.length);
      case 'l': return `pts/${Math.max(sh.p.tty, 0)}`;
      case 'v': return '5.2';
      case 'V': return '5.2.15';
      case 't': case 'T': case '@': case 'A': case 'd': return clock(sh, c);
      case '[': return '\x01';
      case ']': return '\x02';
      case '\\': return '\\\\';
      case undefined: return '';
      default: return `\\${c}`;
    }
  });
}

/** The name the machine had when this shell began, as bash keeps it. */
const hostname = (sh: Shell): Bytes => sh.hostname;

function userName(sh: Shell): Bytes {
  return sh.p.uid === 0 ? 'root' : (getVar(sh, 'USER') ?? String(sh.p.uid));
}

function workingDirectory(sh: Shell): Bytes {
  const cwd = getVar(sh, 'PWD') ?? sh.p.cwd;
  const home = getVar(sh, 'HOME');
  if (home !== null && home !== '/' && (cwd === home || cwd.startsWith(`${home}/`))) return `~${cwd.slice(home.length)}`;
  return cwd;
}

/** UTC clock texts; a lab's zone is UTC. */
function clock(sh: Shell, how: string): Bytes {
  const seconds = Math.floor(sh.p.host.world.epoch + nowUs(sh.p) / 1e6);
  const day = Math.floor(seconds / 86400);
  const [h, m, s] = [Math.floor((seconds % 86400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  const twelve = ((h + 11) % 12) + 1;
  switch (how) {
    case 't': return `${two(h)}:${two(m)}:${two(s)}`;
    case 'T': return `${two(twelve)}:${two(m)}:${two(s)}`;
    case '@': return `${two(twelve)}:${two(m)} ${h < 12 ? 'AM' : 'PM'}`;
    case 'A': return `${two(h)}:${two(m)}`;
  }
  // Days to a civil date (Howard Hinnant's algorithm).
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  return `${DAYS[(day + 4) % 7]} ${MONTHS[(mp + 2) % 12]} ${two(doy - Math.floor((153 * mp + 2) / 5) + 1)}`;
}

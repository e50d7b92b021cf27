// The list of mutation operators.
import { parseIp } from '../../wire/ipv4';
import type { LabAction } from '../labfile';
import type { Operator } from './operator';

const ADDRESS = /(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?![\d.]|\/0)/g;
const replaceAt = (line: string, at: number, was: string, by: string): string => line.slice(0, at) + by + line.slice(at + was.length);

/** The line with each match replaced in its turn. */
function each(line: string, re: RegExp, by: (m: RegExpMatchArray) => string | null): string[] {
  const out: string[] = [];
  for (const m of line.matchAll(re)) {
    const other = by(m);
    if (other !== null && other !== m[0]) out.push(replaceAt(line, m.index!, m[0], other));
  }
  return out;
}

const drop: Operator = {
  name: 'drop a line',
  about: 'A line is forgotten.',
  replace: (i, s) => {
    const a = s.actions[i]!;
    if (a.do !== 'edit') return [[]];
    const lines = a.text.split('\n').slice(0, -1);
    return lines.length < 2 ? [[]] : lines.flatMap((l, n) => (l.trim() === '' || l.startsWith('#') ? [] : [[{ ...a, text: lines.filter((_, k) => k !== n).map((x) => `${x}\n`).join('') }]]));
  },
};

const swapHosts: Operator = {
  name: 'swap hosts',
  about: 'A line is typed on another host.',
  replace: (i, s) => {
    const a = s.actions[i]!;
    if (a.do !== 'run' && a.do !== 'edit') return [];
    const role = s.hosts.find((h) => h.name === a.host)?.role;
    const other = s.hosts.find((h) => h.name !== a.host && h.role === role) ?? s.hosts.find((h) => h.name !== a.host);
    return other === undefined ? [] : [[{ ...a, host: other.name } as LabAction]];
  },
};

const wrongAddress: Operator = {
  name: 'wrong address',
  about: "A neighbour's address instead of the right one.",
  rewrite: (line) =>
    each(line, ADDRESS, (m) => {
      const ip = m[1]!;
      if (parseIp(ip) === null || /^(?:0|127|22[4-9]|23\d|25[0-5])\./.test(ip)) return null;
      const last = Number(ip.split('.')[3]);
      if (last === 0 || last === 255) return null;
      return ip.replace(/\d+$/, String(last >= 254 ? last - 1 : last + 1));
    }),
};

const wrongMode: Operator = {
  name: 'wrong mode',
  about: 'A real server is added with another forwarding method, or without one.',
  rewrite: (line) => {
    if (!/\bipvsadm\b.* (?:-a|-e|--add-server|--edit-server)\b/.test(line)) return [];
    const has = /(?<= )-[mgi]\b/.exec(line);
    if (has === null) return [line.replace(/(\bipvsadm\b.* (?:-a|-e)\b[^;&|'"]*?)(\s*)(?=$|[;&|'"])/, '$1 -m$2')];
    return [replaceAt(line, has.index, has[0], has[0] === '-m' ? '-g' : '-m')];
  },
};

const wrongScheduler: Operator = {
  name: 'wrong scheduler',
  about: 'Another scheduler.',
  rewrite: (line) => (/\bipvsadm\b|^-[AE] /.test(line) ? each(line, /(?<=\s(?:-s|--scheduler)\s+)[a-z]+/g, (m) => (m[0] === 'rr' ? 'wlc' : 'rr')) : []),
};

const wrongWeight: Operator = {
  name: 'wrong weight',
  about: 'Another weight.',
  rewrite: (line) => each(line, /(?<=\s(?:-w|--weight)\s+)\d+/g, (m) => String(Number(m[0]) + 1)),
};

const wrongPort: Operator = {
  name: 'wrong port',
  about: 'Another port.',
  rewrite: (line) => each(line, /(?<=\d\.\d{1,3}:)\d+/g, (m) => (m[0] === '8080' ? '80' : '8080')),
};

/** Files and commands that only matter after a restart. */
const PERSISTS =
  /\/etc\/(?:rc\.local|rc\.d\/rc\.local|sysctl\.conf|sysctl\.d\/|sysconfig\/|NetworkManager\/|crontab|fstab)|\bsystemctl (?:-\S+ )*enable\b|\bchkconfig\b|\bnmcli\b.*\bmod|\bservice \w+ save\b|\bcrontab\b/;

const forgottenPersistence: Operator = {
  name: 'forgotten persistence',
  about: 'Nothing of a host was written down for the next boot.',
  omit: (s) => {
    const byHost = new Map<string, number[]>();
    s.actions.forEach((a, i) => {
      const text = a.do === 'run' ? a.command : a.do === 'edit' ? a.path : '';
      if (text !== '' && PERSISTS.test(text) && 'host' in a) byHost.set(a.host, [...(byHost.get(a.host) ?? []), i]);
    });
    return [...byHost.values()].filter((list) => list.length > 1);
  },
};

export const operators: readonly Operator[] = Object.freeze([drop, swapHosts, wrongAddress, wrongMode, wrongScheduler, wrongWeight, wrongPort, forgottenPersistence]);

// Alias expansion: the first words of commands are replaced in the text before it is parsed. Linux counterpart: alias_expand_token in bash's parse.y.
import type { Bytes } from '../lib/text';
import { Refused } from './token';
import { Recogniser } from './recognise';
import type { Shell } from './shell';

/** The text with aliases replaced, as often as replaced words begin with further aliases. */
export function expandAliases(sh: Shell, text: Bytes): Bytes {
  if (sh.aliases.size === 0 || !(sh.interactive || sh.shopts.has('expand_aliases'))) return text;
  let out = text;
  /** Names already replaced at an offset from the end of the text, so that `alias ls='ls -l'` ends. */
  const used = new Map<number, Set<string>>();
  for (let round = 0; round < 50; round++) {
    const found = commandWords(sh, out).filter((w) => {
      const name = out.slice(w.pos, w.end);
      return sh.aliases.has(name) && !used.get(out.length - w.end)?.has(name);
    });
    const w = found.at(-1);
    if (w === undefined) return out;
    const name = out.slice(w.pos, w.end);
    const value = sh.aliases.get(name)!;
    const key = out.length - w.end;
    const names = used.get(key) ?? new Set<string>();
    names.add(name);
    used.set(key, names);
    // The value's own first word ends elsewhere; the name may not come back there either.
    const first = /^\s*[^\s;|&()<>]+/.exec(value)?.[0].length ?? 0;
    const inner = key + value.length - first;
    used.set(inner, new Set([...(used.get(inner) ?? []), ...names]));
    out = out.slice(0, w.pos) + value + out.slice(w.end);
    if (/[ \t]$/.test(value)) {
      const next = /^[ \t]*([^\s;|&()<>]+)/.exec(out.slice(w.pos + value.length));
      const other = next === null ? undefined : sh.aliases.get(next[1]!);
      if (next !== null && other !== undefined) {
        const at = w.pos + value.length + next[0].length - next[1]!.length;
        out = out.slice(0, at) + other + out.slice(at + next[1]!.length);
      }
    }
  }
  return out;
}

function commandWords(sh: Shell, text: Bytes): { pos: number; end: number }[] {
  const r = new Recogniser(text, 0, sh.shopts.has('extglob'));
  try {
    r.all();
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
  }
  return r.commandWords;
}

// How a parsed POSIX pattern is run: as a native RegExp where greedy matching finds the longest match, else on the machine of posix_machine.ts.
import type { Assertion, Node } from './posix_ast';

const hex = (c: number): string => `\\x${c.toString(16).padStart(2, '0')}`;

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  bol: '^', eol: '$', bufStart: '^', bufEnd: '$', wordEdge: '\\b', notWordEdge: '\\B', wordStart: '\\b(?=\\w)', wordEnd: '\\b(?<=\\w)',
};

/** The tree as source of a native RegExp. */
export function nativeSource(n: Node, multiline: boolean): string {
  const inner = (x: Node): string => nativeSource(x, multiline);
  switch (n.t) {
    case 'char':
      return hex(n.c);
    case 'any':
      return '[\\s\\S]';
    case 'set': {
      let out = '';
      for (let b = 0; b < 256; b++) {
        if (!n.set[b]) continue;
        let e = b;
        while (e < 255 && n.set[e + 1]) e++;
        out += e === b ? hex(b) : `${hex(b)}-${hex(e)}`;
        b = e;
      }
      return `[${out}]`;
    }
    case 'assert':
      if (multiline && n.kind === 'bol') return '(?:^|(?<=\\n))';
      if (multiline && n.kind === 'eol') return '(?=\\n|$)';
      return ASSERTIONS[n.kind];
    case 'cat':
      return n.list.map(inner).join('');
    case 'alt':
      return `(?:${n.list.map(inner).join('|')})`;
    case 'group':
      return `(${inner(n.body)})`;
    case 'rep': {
      const q = n.max < 0 ? (n.min === 0 ? '*' : n.min === 1 ? '+' : `{${n.min},}`) : n.min === 0 && n.max === 1 ? '?' : `{${n.min},${n.max}}`;
      return `(?:${inner(n.body)})${q}`;
    }
    case 'backref':
      return `\\${n.n}`;
  }
}

interface First {
  set: Uint8Array;
  nullable: boolean;
}

function first(n: Node): First {
  const set = new Uint8Array(256);
  switch (n.t) {
    case 'char':
      set[n.c] = 1;
      return { set, nullable: false };
    case 'any':
      return { set: set.fill(1), nullable: false };
    case 'set':
      return { set: n.set, nullable: false };
    case 'assert':
      return { set, nullable: true };
    case 'backref':
      return { set: set.fill(1), nullable: true };
    case 'group':
      return first(n.body);
    case 'rep': {
      const f = first(n.body);
      return { set: f.set, nullable: f.nullable || n.min === 0 };
    }
    case 'cat': {
      let nullable = true;
      for (const x of n.list) {
        const f = first(x);
        for (let b = 0; b < 256; b++) if (f.set[b]) set[b] = 1;
        if (!f.nullable) {
          nullable = false;
          break;
        }
      }
      return { set, nullable };
    }
    case 'alt': {
      let nullable = false;
      for (const x of n.list) {
        const f = first(x);
        nullable ||= f.nullable;
        for (let b = 0; b < 256; b++) if (f.set[b]) set[b] = 1;
      }
      return { set, nullable };
    }
  }
}

const meets = (a: Uint8Array, b: Uint8Array): boolean => {
  for (let i = 0; i < 256; i++) if (a[i] && b[i]) return true;
  return false;
};
const join = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const c = a.slice();
  for (let i = 0; i < 256; i++) if (b[i]) c[i] = 1;
  return c;
};

/** True when the next byte always decides what to do: then there is one way to match, and greedy is longest. */
function decided(n: Node, follow: Uint8Array): boolean {
  switch (n.t) {
    case 'cat': {
      let after = follow;
      for (let i = n.list.length - 1; i >= 0; i--) {
        const x = n.list[i]!;
        if (!decided(x, after)) return false;
        const f = first(x);
        after = f.nullable ? join(f.set, after) : f.set;
      }
      return true;
    }
    case 'alt': {
      let seen: Uint8Array = new Uint8Array(256);
      for (const x of n.list) {
        const f = first(x);
        if (f.nullable || meets(seen, f.set) || !decided(x, follow)) return false;
        seen = join(seen, f.set);
      }
      return true;
    }
    case 'group':
      return decided(n.body, follow);
    case 'rep': {
      const f = first(n.body);
      if (f.nullable || (n.min !== n.max && meets(f.set, follow))) return false;
      return decided(n.body, join(follow, f.set));
    }
    case 'backref':
      return false;
    default:
      return true;
  }
}

/** Contains alternation or a repeated group, which greedy matching may get wrong. */
function branches(n: Node): boolean {
  if (n.t === 'alt' || n.t === 'backref') return true;
  if (n.t === 'rep') return n.body.t === 'group' || n.body.t === 'rep' || branches(n.body);
  if (n.t === 'cat') return n.list.some(branches);
  return n.t === 'group' && branches(n.body);
}

/** An unlimited repetition inside another: native matching could take exponential time. */
function nested(n: Node, inside: boolean): boolean {
  if (n.t === 'rep') {
    const loops = n.max < 0 || n.max > 10;
    return (loops && inside) || nested(n.body, inside || loops);
  }
  if (n.t === 'cat' || n.t === 'alt') return n.list.some((x) => nested(x, inside));
  return n.t === 'group' && nested(n.body, inside);
}

/** How to run a tree. 'native' both finds and measures; 'start' finds only the start natively; 'machine' does neither. */
export function strategy(root: Node, hasBackref: boolean): 'native' | 'start' | 'machine' {
  if (!hasBackref && (!branches(root) || decided(root, new Uint8Array(256)))) return 'native';
  return nested(root, false) || hasBackref ? 'machine' : 'start';
}

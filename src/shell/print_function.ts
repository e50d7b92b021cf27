// A function's text as bash prints it (declare -f, type): regenerated from the commands, four spaces a level. Linux counterpart: bash's print_cmd.c.
import type { Bytes } from '../lib/text';
import type { Cond, Item, List, Node, Redir } from './ast';
import { parseBody } from './parse';
import type { Func } from './shell';

/** `name () \n{ \n    ...\n}\n`. */
export function printFunction(name: string, fn: Func): Bytes {
  const body = parseBody(fn.src, fn.line);
  if (body === null) return `${name} () ${fn.src}\n`;
  return `${name} () \n${functionBody(body, 0)}\n`;
}

const pad = (n: number): string => ' '.repeat(n * 4);

function functionBody(n: Node, level: number): string {
  if (n.t === 'group') return `${pad(level)}{ \n${list(n.body, level + 1)}\n${pad(level)}}`;
  if (n.t === 'redir' && n.node.t === 'group') return `${functionBody(n.node, level)}${n.redirs.map(redir).join('')}`;
  return `${pad(level)}{ \n${pad(level + 1)}${node(n, level + 1)}\n${pad(level)}}`;
}

/** A list, one command a line, each but the last ended by `;`. */
function list(l: List, level: number): string {
  let out = '';
  l.items.forEach((item, i) => {
    const last = i === l.items.length - 1;
    const text = itemText(item, level);
    out += pad(level) + text;
    if (item.bg) out += last ? ' &' : ' &\n';
    else if (!last) out += text.endsWith('\n') ? '' : ';\n';
  });
  return out;
}

const itemText = (item: Item, level: number): string => node(item.node, level);

function inline(l: List, level: number): string {
  return l.items.map((item, i) => itemText(item, level) + (item.bg ? ' &' : i < l.items.length - 1 ? ';' : '')).join(' ');
}

function node(n: Node, level: number): string {
  switch (n.t) {
    case 'simple': {
      const words = [...n.assigns.map((a) => a.text), ...n.words.map((w) => w.text)].join(' ');
      const docs = n.redirs.filter((r) => r.body !== null);
      const docText = docs.map((d) => `\n${d.bodyText}${delimiter(d)}\n`).join('');
      return `${words}${n.redirs.map(redir).join('').replace(/^ /, words === '' ? '' : ' ')}${docText}`;
    }
    case 'pipe':
      return `${n.time === '' ? '' : n.time === 'posix' ? 'time -p ' : 'time '}${n.negate ? '! ' : ''}${n.cmds.map((c) => node(c, level)).join(' | ')}`;
    case 'list':
      return list(n, level);
    case 'andor':
      return n.cmds.map((c, i) => (i === 0 ? '' : ` ${n.ops[i - 1]} `) + node(c, level)).join('');
    case 'if': {
      const arm = (i: number): string => {
        const a = n.arms[i]!;
        const rest = i + 1 < n.arms.length ? `${pad(level)}else\n${pad(level + 1)}${nested(i + 1)}` : n.else === null ? '' : `${pad(level)}else\n${list(n.else, level + 1)};\n`;
        return `if ${inline(a.test, level)}; then\n${list(a.body, level + 1)};\n${rest}${pad(level)}fi`;
      };
      const nested = (i: number): string => {
        const rest: Node = { t: 'if', arms: n.arms.slice(i), else: n.else };
        return `${node(rest, level + 1)};\n`;
      };
      return arm(0);
    }
    case 'while':
      return `${n.until ? 'until' : 'while'} ${inline(n.test, level)}; do\n${list(n.body, level + 1)};\n${pad(level)}done`;
    case 'for':
    case 'select':
      return `${n.t} ${n.name} in ${n.words === null ? '"$@"' : n.words.map((w) => w.text).join(' ')};\n${pad(level)}do\n${list(n.body, level + 1)};\n${pad(level)}done`;
    case 'cfor':
      return `for ((${n.texts.map((t) => t.trim()).join('; ')}))\n${pad(level)}do\n${list(n.body, level + 1)};\n${pad(level)}done`;
    case 'case': {
      const items = n.items.map((i) => `${pad(level + 1)}${i.patterns.map((p) => p.text).join(' | ')})\n${i.body.items.length === 0 ? '' : `${list(i.body, level + 2)}\n`}${pad(level + 1)}${i.end}\n`);
      return `case ${n.word.text} in \n${items.join('')}${pad(level)}esac`;
    }
    case 'sub':
      return `( ${inline(n.body, level)} )`;
    case 'group':
      return `{ \n${list(n.body, level + 1)}\n${pad(level)}}`;
    case 'cond':
      return `[[ ${cond(n.expr)} ]]`;
    case 'arith':
      return `((${n.text}))`;
    case 'func': {
      const body = parseBody(n.src, n.line);
      return `function ${n.name} () \n${body === null ? n.src : functionBody(body, level)}`;
    }
    case 'coproc':
      return `coproc ${n.name} ${node(n.node, level)}`;
    case 'redir':
      return `${node(n.node, level)}${n.redirs.map(redir).join('')}`;
  }
}

function cond(c: Cond): string {
  switch (c.t) {
    case 'un': return `${c.op} ${c.a.text}`;
    case 'bin': return `${c.a.text} ${c.op} ${c.b.text}`;
    case 'not': return `! ${cond(c.a)}`;
    case 'group': return `( ${cond(c.a)} )`;
    default: return c.list.map(cond).join(c.t === 'and' ? ' && ' : ' || ');
  }
}

const delimiter = (r: Redir): string => r.delimiter.replace(/["'\\]/g, '');

function redir(r: Redir): string {
  const fd = r.fdVar !== null ? `{${r.fdVar}}` : r.fd === null ? '' : String(r.fd);
  if (r.body !== null) return ` ${fd}${r.op}${r.delimiter}`;
  const to = r.target?.text ?? '';
  if (r.op === '>&' || r.op === '<&') return ` ${fd === '' ? (r.op === '>&' ? '1' : '0') : fd}${r.op}${to}`;
  return ` ${fd}${r.op} ${to}`;
}

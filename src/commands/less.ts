// less and more: text page by page on a terminal; in a pipe they copy. Counterpart: less 590, util-linux more.
// Not modelled: marks, filters, tags, editing; searches are plain extended regular expressions.
import { SysError } from '../lib/errno';
import type { Op, Process } from '../host/process';
import { Interrupted } from '../host/process';
import { read } from '../host/syscall';
import type { Bytes } from '../lib/text';
import { charWidth, utf8Chars, utf8Decode } from '../lib/text';
import { ByteSource, closeInput, define, errnoText, Fatal, openInput, put, say } from './io';
import { table } from './options';
import { compilePosix, RegexError } from './posix_regex';
import { ALTERNATE_OFF, ALTERNATE_ON, draw, inRawMode, ttyOf } from './screen';

/** Splits text in screen rows of `width` cells. */
function rowsOf(text: Bytes, width: number): Bytes[] {
  const rows: Bytes[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    let row = '';
    let at = 0;
    for (const c of utf8Chars(line)) {
      const cells = c === '\t' ? 8 - (at % 8) : charWidth(utf8Decode(c).codePointAt(0)!);
      if (at + cells > width) {
        rows.push(row);
        row = '';
        at = 0;
      }
      row += c === '\t' ? ' '.repeat(cells) : c;
      at += cells;
    }
    rows.push(row);
  }
  return rows;
}

/** Shows text on the terminal until q. */
export function* page(p: Process, title: Bytes, text: Bytes, more: boolean): Op<void> {
  const tty = ttyOf(p, 1)!;
  // Keys come from the terminal even when the text came by a pipe.
  let keyFd = 0;
  if (ttyOf(p, 0) === null) {
    keyFd = 60;
    p.fds.set(keyFd, { kind: 'tty', refs: 1, readable: true, writable: true, tty: tty.index });
  }
  const height = tty.rows - 1;
  const rows = rowsOf(text, tty.cols);
  let top = 0;
  let message: Bytes | null = null;
  let pattern = '';
  const find = (from: number, step: number): number => {
    const re = compilePosix(pattern, { extended: true });
    for (let i = from; i >= 0 && i < rows.length; i += step) if (re.test(rows[i]!)) return i;
    return -1;
  };
  if (!more) yield* draw(p, ALTERNATE_ON);
  try {
    yield* inRawMode(tty, function* (): Op<void> {
      const redraw = function* (): Op<void> {
        const view = rows.slice(top, top + height);
        while (view.length < height) view.push('~');
        const last = top + height >= rows.length;
        yield* draw(p, `\x1b[H${view.join('\x1b[K\n')}\x1b[K\n\x1b[K${message !== null ? `\x1b[7m${message}\x1b[27m` : last ? '\x1b[7m(END)\x1b[27m' : top === 0 && title !== '' ? `\x1b[7m${title}\x1b[27m` : ':'}`);
        message = null;
      };
      let shown = 0;
      if (more) {
        yield* draw(p, `${rows.slice(0, height).join('\n')}\n`);
        shown = height;
        if (shown >= rows.length) return;
      } else yield* redraw();
      for (;;) {
        if (more) yield* draw(p, `\x1b[7m--More--${title === '' ? '' : `(${Math.floor((Math.min(shown, rows.length) * 100) / rows.length)}%)`}\x1b[27m`);
        const key = yield* read(p, keyFd, 16);
        if (key === '') return;
        if (more) {
          yield* draw(p, '\r\x1b[K');
          if (/^[qQ\x03]/.test(key)) return;
          const n = /^[\r\n]/.test(key) ? 1 : /^ /.test(key) ? height : 0;
          if (n > 0) yield* draw(p, `${rows.slice(shown, shown + n).join('\n')}\n`);
          shown += n;
          if (shown >= rows.length) return;
          continue;
        }
        const bottom = Math.max(0, rows.length - height);
        if (/^(q|Q|\x03|ZZ|:q)/.test(key)) return;
        if (/^( |f|\x06|\x16|\x1b\[6~)/.test(key)) top = Math.min(bottom, top + height);
        else if (/^(b|\x02|\x1b\[5~|\x1bv)/.test(key)) top = Math.max(0, top - height);
        else if (/^(j|e|\r|\n|\x1b\[B|\x1bOB)/.test(key)) top = Math.min(bottom, top + 1);
        else if (/^(k|y|\x1b\[A|\x1bOA)/.test(key)) top = Math.max(0, top - 1);
        else if (/^(d|\x04)/.test(key)) top = Math.min(bottom, top + Math.floor(height / 2));
        else if (/^(u|\x15)/.test(key)) top = Math.max(0, top - Math.floor(height / 2));
        else if (/^(g|<|\x1b\[H)/.test(key)) top = 0;
        else if (/^(G|>|\x1b\[F)/.test(key)) top = bottom;
        else if (key[0] === '/' || key[0] === '?' || key[0] === 'n' || key[0] === 'N') {
          let forward = key[0] !== '?' && key[0] !== 'N';
          if (key[0] === '/' || key[0] === '?') {
            forward = key[0] === '/';
            let line = key.slice(1);
            while (!/[\r\n]/.test(line)) {
              yield* draw(p, `\r\x1b[K${key[0]}${line}`);
              const k = yield* read(p, keyFd, 64);
              if (k === '' || k === '\x1b' || k === '\x03') break;
              line = /^[\x7f\b]/.test(k) ? line.slice(0, -1) : line + k;
            }
            const wanted = line.replace(/[\r\n].*$/s, '');
            if (wanted !== '') pattern = wanted;
          }
          if (pattern !== '') {
            try {
              const at = forward ? find(top + 1, 1) : find(top - 1, -1);
              if (at < 0) message = 'Pattern not found  (press RETURN)';
              else top = Math.min(bottom, at);
            } catch (e) {
              if (!(e instanceof RegexError)) throw e;
              message = `${e.message}  (press RETURN)`;
            }
          }
        }
        yield* redraw();
      }
    });
  } catch (e) {
    if (!(e instanceof Interrupted)) throw e;
  }
  if (!more) yield* draw(p, ALTERNATE_OFF);
  if (keyFd !== 0) p.fds.delete(keyFd);
}

export function pagerNamed(name: 'less' | 'more') {
  const more = name === 'more';
  return define({
    name,
    summary: more ? 'display the contents of a file in a terminal' : 'opposite of more',
    path: `/usr/bin/${name}`,
    package: more ? 'util-linux' : 'less',
    suite: more ? 'from util-linux 2.38.1' : '590 (GNU regular expressions)',
    options: table('-N: show line numbers', '-S: chop long lines', '-R: raw control characters', '-i: ignore case in searches', '-F: quit if one screen', '-X: no init', '-e: quit at end of file', '-n: line numbers off', '-s: squeeze blank lines', '-f: force', '-d: help instead of ring', '-l: no pause at form feed', '-p PATTERN: start at PATTERN', '-u: ignore', '-c: clear screen', '-I: ignore case', '-M: long prompt', '-m: medium prompt', '-r: raw', '-q: quiet'),
    getopt: { ...(more ? { badExit: 1 } : { badExit: 0, tryHelp: '', unknown: (option: string) => `There is no ${option.replace(/^--/, '')} option ("less --help" for help)` }), prepare: (argv) => argv.filter((a) => !/^\+/.test(a)) },
    *run(p, opts, args) {
      const tty = ttyOf(p, 1);
      if (args.length === 0 && ttyOf(p, 0) !== null) {
        if (more) throw new Fatal("more: bad usage\nTry 'more --help' for more information.\n", 1);
        throw new Fatal('Missing filename ("less --help" for help)\n', 1);
      }
      let status = 0;
      const files = args.length > 0 ? args : ['-'];
      for (const [k, name2] of files.entries()) {
        let text: Bytes;
        try {
          const fd = openInput(p, name2);
          if (tty === null) {
            const src = new ByteSource(p, fd);
            if (more && files.length > 1) yield* put(p, `${k > 0 ? '\n' : ''}::::::::::::::\n${name2}\n::::::::::::::\n`);
            for (let piece = yield* src.next(); piece !== ''; piece = yield* src.next()) yield* put(p, piece);
            closeInput(p, fd);
            continue;
          }
          text = yield* new ByteSource(p, fd).all();
          closeInput(p, fd);
        } catch (e) {
          if (!(e instanceof SysError)) throw e;
          status = tty === null ? 0 : 1;
          const t = errnoText(e);
          if (more) yield* say(p, 'more', e.errno === 'EISDIR' ? `\n*** ${name2}: directory ***\n` : `cannot open ${name2}: ${t}`);
          else yield* put(p, e.errno === 'EISDIR' ? `${name2} is a directory\n` : `${name2}: ${t}\n`);
          continue;
        }
        if (opts.has('-N')) text = text.replace(/\n$/, '').split('\n').map((l, i) => `${String(i + 1).padStart(7)} ${l}\n`).join('');
        if (opts.has('-s')) text = text.replace(/\n{3,}/g, '\n\n');
        if (opts.has('-F') && rowsOf(text, tty.cols).length < tty.rows) {
          yield* put(p, text);
          continue;
        }
        yield* page(p, name2 === '-' ? '' : name2, text, more);
      }
      return status;
    },
  });
}

export const less = pagerNamed('less');

// A sed script as data: commands with addresses, parsed as GNU sed does, errors in its words. Counterpart: sed/compile.c.
import type { Bytes } from '../../lib/text';
import { ScriptReader } from './reader';
import { type Address, SedError, type SedCommand } from './tree';

export type { Address, Piece, SedCommand, Subst } from './tree';
export { SedError } from './tree';

export interface Script {
  commands: SedCommand[];
  labels: Map<string, number>;
  /** First line was #n. */
  quiet: boolean;
  /** Files w commands write, opened at the start. */
  files: Set<Bytes>;
}

/** Parses pieces given by -e and -f in order. Throws SedError. */
export function parseScript(pieces: readonly { text: Bytes; file: Bytes | null }[], extended: boolean, posix: boolean): Script {
  return new ScriptParser(extended, posix).parse(pieces);
}

class ScriptParser extends ScriptReader {
  private readonly commands: SedCommand[] = [];
  private readonly labels = new Map<string, number>();
  private readonly blocks: { index: number; where: string }[] = [];
  private quiet = false;
  /** a, i or c ended its piece with a backslash: the next piece is its text. */
  private pendingText: SedCommand | null = null;
  parse(pieces: readonly { text: Bytes; file: Bytes | null }[]): Script {
    let expression = 0;
    let first = true;
    for (const piece of pieces) {
      this.s = piece.text;
      this.i = 0;
      this.fileName = piece.file;
      if (piece.file === null) this.where = `-e expression #${++expression}`;
      if (first && this.s.startsWith('#n') && (this.s.length === 2 || this.s[2] === '\n')) this.quiet = true;
      first = false;
      if (this.pendingText !== null) {
        const c = this.pendingText;
        this.pendingText = null;
        this.readText(c, true);
      }
      this.script();
    }
    if (this.pendingText !== null) this.fail('expected \\ after `a\', `c\' or `i\'');
    const open = this.blocks[this.blocks.length - 1];
    if (open !== undefined) {
      this.i = 0;
      this.fail('unmatched `{\'', open.where);
    }
    for (const c of this.commands) {
      if (!'btT'.includes(c.name)) continue;
      if (c.text === '') c.target = this.commands.length;
      else {
        const to = this.labels.get(c.text);
        if (to === undefined) throw new SedError(`sed: can't find label for jump to \`${c.text}'`);
        c.target = to;
      }
    }
    return { commands: this.commands, labels: this.labels, quiet: this.quiet, files: this.files };
  }

  private script(): void {
    for (;;) {
      while (this.i < this.s.length && /[\s;]/.test(this.s[this.i]!)) this.i++;
      if (this.i >= this.s.length) return;
      this.command();
    }
  }

  private address(): Address | null {
    const c = this.s[this.i];
    if (c === undefined) return null;
    if (c >= '0' && c <= '9') {
      const n = this.number()!;
      this.spaces();
      if (this.s[this.i] === '~') {
        this.i++;
        this.spaces();
        return { t: 'step', first: n, step: this.number() ?? 0 };
      }
      return n === 0 ? { t: 'zero' } : { t: 'line', n };
    }
    if (c === '$') {
      this.i++;
      return { t: 'last' };
    }
    if (c === '/' || c === '\\') {
      let delimiter = '/';
      this.i++;
      if (c === '\\') {
        delimiter = this.s[this.i++] ?? '';
        if (delimiter === '') this.fail("unexpected `,'");
      }
      const pattern = this.delimited(delimiter, true);
      if (pattern === null) this.fail('unterminated address regex');
      let icase = false;
      let multiline = false;
      for (;;) {
        const f = this.s[this.i];
        if (f === 'I') icase = true;
        else if (f === 'M') multiline = true;
        else break;
        this.i++;
      }
      return { t: 'regex', re: this.regex(pattern, icase, multiline) };
    }
    return null;
  }

  private command(): void {
    const a1 = this.address();
    let a2: Address | null = null;
    this.spaces();
    if (a1 !== null && this.s[this.i] === ',') {
      this.i++;
      this.spaces();
      const c = this.s[this.i];
      if (c === '+' || c === '~') {
        this.i++;
        const n = this.number();
        if (n === null) this.fail("unexpected `,'");
        a2 = c === '+' ? { t: 'plus', n } : { t: 'multiple', n };
      } else {
        a2 = this.address();
        if (a2 === null) {
          this.i++;
          this.fail("unexpected `,'");
        }
      }
    }
    if (a1?.t === 'zero' && a2?.t !== 'regex') {
      this.i++;
      this.fail('invalid usage of line address 0');
    }
    this.spaces();
    let negate = false;
    while (this.s[this.i] === '!') {
      if (negate) {
        this.i++;
        this.fail("multiple `!'s");
      }
      negate = true;
      this.i++;
      this.spaces();
    }
    const name = this.s[this.i];
    if (name === undefined || name === '\n') {
      this.i = name === undefined ? this.s.length : this.i + 1;
      this.fail('missing command');
    }
    this.i++;
    const c: SedCommand = { a1, a2, negate, name, text: '', number: null, target: -1, map: null, subst: null, active: false, endLine: 0 };
    switch (name) {
      case '#':
        if (a1 !== null) this.fail('comments don\'t accept any addresses');
        while (this.i < this.s.length && this.s[this.i] !== '\n') this.i++;
        return;
      case '{':
        this.blocks.push({ index: this.commands.length, where: this.fileName === null ? `${this.where}, char 0` : `file ${this.fileName} line ${this.s.slice(0, this.i).split('\n').length}` });
        this.commands.push(c);
        return;
      case '}': {
        const open = this.blocks.pop();
        if (open === undefined) this.fail("unexpected `}'");
        if (a1 !== null) this.fail("} doesn't want any addresses");
        this.commands[open.index]!.target = this.commands.length;
        this.endOfCommand();
        return;
      }
      case ':': {
        if (a1 !== null) this.fail(': doesn\'t want any addresses');
        this.spaces();
        const m = /^[^\s;]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        if (m === '') this.fail("\":\" lacks a label");
        this.labels.set(m, this.commands.length);
        this.endOfCommand();
        return;
      }
      case 'b':
      case 't':
      case 'T': {
        this.spaces();
        const m = /^[^\s;}]*/.exec(this.s.slice(this.i))![0];
        this.i += m.length;
        c.text = m;
        this.endOfCommand();
        break;
      }
      case 'a':
      case 'i':
      case 'c':
        this.spaces();
        if (this.i >= this.s.length) this.fail("expected \\ after `a', `c' or `i'");
        this.readText(c, false);
        break;
      case '=': case 'd': case 'D': case 'F': case 'g': case 'G': case 'h': case 'H': case 'n': case 'N': case 'p': case 'P': case 'x': case 'z':
        this.endOfCommand();
        break;
      case 'l':
      case 'L':
      case 'q':
      case 'Q':
        if ((name === 'q' || name === 'Q') && a2 !== null) this.fail('command only uses one address');
        this.spaces();
        c.number = this.number();
        this.endOfCommand();
        break;
      case 'e':
        throw new SedError('sed: command e exists on Linux but is not modelled in LVS Lab (see MODELLED.md)');
      case 'r':
      case 'R':
      case 'w':
      case 'W': {
        this.spaces();
        let end = this.s.indexOf('\n', this.i);
        if (end < 0) end = this.s.length;
        c.text = this.s.slice(this.i, end);
        this.i = end;
        if (c.text === '') this.fail('missing filename in r/R/w/W commands');
        if (name === 'w' || name === 'W') this.files.add(c.text);
        break;
      }
      case 's':
        c.subst = this.substitution();
        break;
      case 'y':
        c.map = this.transliteration();
        this.endOfCommand();
        break;
      case 'v':
        this.spaces();
        this.i += /^[^\s;}]*/.exec(this.s.slice(this.i))![0].length;
        this.endOfCommand();
        return;
      default:
        this.fail(`unknown command: \`${name}'`);
    }
    this.commands.push(c);
  }

  private endOfCommand(): void {
    this.spaces();
    const c = this.s[this.i];
    if (c === undefined || c === '\n' || c === ';') {
      if (c !== undefined) this.i++;
      return;
    }
    if (c === '}' || c === '#') return;
    this.i++;
    this.fail('extra characters after command');
  }

  /** Text of a, i, c: GNU's one-line form or lines after a backslash. */
  private readText(c: SedCommand, continued: boolean): void {
    if (!continued) {
      if (this.s[this.i] === '\\') {
        this.i++;
        const save = this.i;
        this.spaces();
        if (this.s[this.i] === '\n') this.i++;
        else if (this.i >= this.s.length) {
          this.pendingText = c;
          return;
        } else this.i = this.s[save] === undefined ? save : save;
        if (this.s[this.i] === '\n') this.i++;
      }
    }
    let o = '';
    for (;;) {
      const ch = this.s[this.i];
      if (ch === undefined || ch === '\n') {
        if (ch !== undefined) this.i++;
        break;
      }
      if (ch === '\\') {
        const n = this.s[this.i + 1];
        if (n === undefined) {
          this.i++;
          break;
        }
        o += n === 't' && o !== '' ? '\t' : n;
        this.i += 2;
        continue;
      }
      o += ch;
      this.i++;
    }
    c.text = `${o}\n`;
  }

}

// `lvslab run LESSON`: a lesson's lab in a real terminal. `ssh HOST` (a name the host cannot resolve) and `@HOST` go to another host's console; any other ssh is the lab's own, over its network. `exit` goes back, Ctrl-] ends, `check` (with Ctrl-T) says how far the lesson is.
import { createInterface } from 'node:readline';
import type { Lab } from '../lab/lab';
import { utf8Decode, utf8Encode } from '../lab/text';
import { checkAll, finish } from '../lesson/check';
import { instantiate } from '../lesson/instantiate';
import { loadLesson } from '../lesson/load';
import { sentence } from '../lesson/sentence';
import type { Lesson } from '../lesson/schema';
import { startLesson, topologyOfLesson } from '../lesson/topology_of';
import { type Edited, editorCommand, editText } from './edit';
import { findLesson, readFolder } from './lesson_files';

/** One screen over the lab's terminals: shows the current host's, follows `ssh HOST`, `@HOST` and `exit`. */
export class Console {
  private cursors = new Map<string, number>();
  private line = '';
  private back: string[] = [];

  constructor(
    private readonly lab: Lab,
    private readonly lesson: Lesson,
    private host: string,
    private readonly write: (text: string) => void,
    private readonly edit: (path: string, text: string) => Edited,
  ) {}

  busy(): boolean {
    return this.lab.terminalBusy(this.host, 0);
  }

  /** A program in the foreground waits for keys. */
  reads(): boolean {
    return this.lab.terminalReads(this.host, 0);
  }

  show(): void {
    const r = this.lab.terminalOutput(this.host, 0, this.cursors.get(this.host) ?? 0);
    this.cursors.set(this.host, r.next);
    if (r.bytes !== '') this.write(utf8Decode(r.bytes));
    const editor = this.lab.terminalEditor(this.host, 0);
    if (editor !== null) this.editing();
  }

  /** The lab's vim or nano waits: the reader's own editor has the text; what it leaves is saved with the rights of the lab's editor, in whose words an error is told. */
  private editing(): void {
    for (let pane = this.lab.terminalEditor(this.host, 0); pane !== null; pane = this.lab.terminalEditor(this.host, 0)) {
      const r = this.edit(pane.path, pane.text);
      let said = pane.failed ? pane.message : '';
      if ('problem' in r) said = r.problem;
      else if (r.text !== pane.text) {
        const message = this.lab.editorSave(this.host, 0, r.text);
        if (this.lab.terminalEditor(this.host, 0)?.failed) said = message;
      }
      if (said !== '') this.write(`\r\n${said}\r\n`);
      if (pane.at < pane.args.length - 1) this.lab.act({ do: 'editorOpen', host: this.host, tty: 0, go: 'next' });
      else this.lab.editorQuit(this.host, 0);
    }
    this.lab.advance(0);
    this.show();
  }

  /** Says how far the lesson is. */
  check(): void {
    const topology = topologyOfLesson(this.lesson);
    for (const s of finish(checkAll(this.lab, this.lesson, topology))) {
      this.write(`${s.state === 'passed' ? '[ok]     ' : s.state === 'failed' ? '[failed] ' : '[blocked]'} ${s.step}\r\n`);
      for (const c of s.checks) if (c.state === 'failed') this.write(`          ${sentence('zh', c.actual)} ${sentence('zh', c.explanation)}\r\n          ${sentence('en', c.actual)} ${sentence('en', c.explanation)}\r\n`);
    }
  }

  private go(host: string): void {
    this.lab.advance(0);
    this.show();
    this.write(`\r\n[${host}]\r\n`);
    this.host = host;
    if ((this.cursors.get(host) ?? 0) > 0) this.lab.type(host, 0, '\r');
  }

  /** The host whose console a line asks for: `@HOST`, or `ssh HOST` where the lab's own ssh could not know the name. */
  private wanted(command: string): string | null {
    const m = /^(@|ssh\s+(?:root@)?)(\S+)$/.exec(command);
    if (m === null || !this.lab.hostNames().includes(m[2]!)) return null;
    const known = (this.lab.readFile(this.host, '/etc/hosts') ?? '').split('\n').flatMap((l) => l.replace(/#.*/, '').split(/\s+/).slice(1));
    return m[1] === '@' || !known.includes(m[2]!) ? m[2]! : null;
  }

  /** Typed characters; false when the learner is done. */
  type(text: string): boolean {
    for (const ch of text) {
      if (ch === '\x1d') return false;
      if (ch === '\x14') {
        this.write('\r\n');
        this.check();
        this.lab.type(this.host, 0, '\r');
        continue;
      }
      if (ch === '\r' || ch === '\n') {
        const command = this.busy() ? '' : this.line.trim();
        this.line = '';
        const to = this.wanted(command);
        if (to !== null) {
          this.lab.type(this.host, 0, '\x15');
          this.back.push(this.host);
          this.go(to);
          continue;
        }
        if (command === 'exit' || command === 'logout') {
          this.lab.type(this.host, 0, '\x15');
          const to = this.back.pop();
          if (to === undefined) return false;
          this.go(to);
          continue;
        }
        this.lab.type(this.host, 0, '\r');
      } else {
        if (ch === '\x7f' || ch === '\b') this.line = this.line.slice(0, -1);
        else if (ch < ' ') this.line = '';
        else this.line += ch;
        this.lab.type(this.host, 0, utf8Encode(ch));
      }
    }
    return true;
  }
}

/** Runs the command; its exit status. */
export async function runLesson(given: string, seed: number): Promise<number> {
  const folder = findLesson(given);
  if (folder === null) {
    console.error(`lvslab run: no lesson '${given}'`);
    return 2;
  }
  const { lesson: loaded, problems } = loadLesson(readFolder(folder), folder);
  for (const p of problems) console.error(`${p.file}:${p.line}:${p.column}: ${p.text}`);
  if (loaded === null) return 1;
  const { lesson } = instantiate(loaded, seed);
  const lab = startLesson(lesson, seed);
  const hosts = lab.hostNames();
  const first = hosts.find((h) => lab.topology.hosts.find((x) => x.name === h)?.role === 'director') ?? hosts[0]!;
  console.log(`${lesson.title.zh} / ${lesson.title.en}\nhosts: ${hosts.join(' ')}   ssh HOST changes hosts, exit goes back, Ctrl-T checks, Ctrl-] ends`);
  const screen = new Console(lab, lesson, first, (text) => process.stdout.write(text), (path, text) => {
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    const editor = editorCommand(process.env, process.stdin.isTTY);
    const r = editor === null ? { problem: `lvslab run: ${path}: no terminal to edit on; set EDITOR` } : editText(path, text, editor, process.stdin.isTTY);
    if (process.stdin.isTTY) process.stdin.setRawMode(true);
    return r;
  });
  screen.show();
  return process.stdin.isTTY ? interactive(lab, screen) : piped(lab, screen);
}

/** Lines from a pipe: each runs until its prompt is back or a program waits for keys (ten virtual minutes at most). */
async function piped(lab: Lab, screen: Console): Promise<number> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (!screen.type(line)) break;
    lab.advance(10_000);
    if (!screen.type('\r')) break;
    for (let n = 0; n < 6000; n++) {
      lab.advance(100_000);
      screen.show();
      if (!screen.busy() || screen.reads()) break;
    }
  }
  screen.show();
  process.stdout.write('\n');
  return 0;
}

/** Keys of a terminal; virtual time follows the wall clock. */
function interactive(lab: Lab, screen: Console): Promise<number> {
  return new Promise((done) => {
    process.stdin.setRawMode(true);
    process.stdin.setEncoding('utf8');
    let last = process.hrtime.bigint();
    const tick = setInterval(() => {
      const now = process.hrtime.bigint();
      const target = lab.now() + Math.min(200_000, Number((now - last) / 1000n));
      last = now;
      const end = Date.now() + 30;
      lab.advanceSlice(target, () => Date.now() > end);
      screen.show();
    }, 20);
    process.stdin.on('data', (text: string) => {
      if (screen.type(text)) {
        lab.advance(0);
        screen.show();
        return;
      }
      clearInterval(tick);
      process.stdin.setRawMode(false);
      process.stdin.pause();
      process.stdout.write('\r\n');
      done(0);
    });
  });
}

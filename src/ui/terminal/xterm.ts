// One terminal screen: xterm over a tty of the lab. The only file that knows xterm.
import { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import { type ILink, type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { onTheme, screenReader, termSize, theme, type Theme } from '../prefs';
import { PromptPainter } from './prompt';

/** How a screen reaches its tty; bytes are byte strings. */
export interface TermIo {
  type(bytes: string): void;
  resize(cols: number, rows: number): void;
  output(from: number): { bytes: string; next: number };
  readOnly(): boolean;
  /** A key the page wants for itself; true when it took it. */
  key(e: KeyboardEvent): boolean;
  /** What a click on a word of the screen does (a host's name or address); null for any other word. */
  follow(word: string): (() => void) | null;
}

const encoder = new TextEncoder();

const NAMES = {
  background: '--bg-term', foreground: '--t-fg', cursor: '--t-fg', cursorAccent: '--bg-term', selectionBackground: '--t-sel',
  black: '--bg-3', brightBlack: '--t-dim', red: '--fail', brightRed: '--fail', green: '--ok', brightGreen: '--ok', yellow: '--stale', brightYellow: '--stale', blue: '--p-tcp', brightBlue: '--focus',
  magenta: '--p-icmp', brightMagenta: '--p-icmp', cyan: '--m-dr', brightCyan: '--p-http', white: '--ink-2', brightWhite: '--t-cmd',
} as const satisfies ITheme;
const known = new Map<Theme, ITheme>();

/** The theme's colours as #rrggbbaa, which is all xterm reads: painted once, a pixel each, on one canvas. */
function xtermTheme(): ITheme {
  const had = known.get(theme());
  if (had !== undefined) return had;
  const keys = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const probe = document.createElement('canvas');
  probe.width = keys.length;
  probe.height = 1;
  const c = probe.getContext('2d', { willReadFrequently: true })!;
  const style = getComputedStyle(document.documentElement);
  keys.forEach((k, i) => { c.fillStyle = style.getPropertyValue(NAMES[k]).trim(); c.fillRect(i, 0, 1, 1); });
  const px = c.getImageData(0, 0, keys.length, 1).data;
  const made = Object.fromEntries(keys.map((k, i) => [k, `#${[0, 1, 2, 3].map((n) => (px[i * 4 + n] ?? 0).toString(16).padStart(2, '0')).join('')}`])) as ITheme;
  known.set(theme(), made);
  return made;
}

export class TermScreen {
  readonly element = document.createElement('div');
  readonly term: Terminal;
  private fitter = new FitAddon();
  private finder: SearchAddon | null = null;
  private painter = new PromptPainter();
  private read = 0;
  private writing = false;
  private opened = false;
  private unTheme: () => void;
  private quiet = false;
  private focusNext = false;
  private drawn = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly io: TermIo, label: string) {
    this.element.style.cssText = 'position:absolute;inset:0';
    this.term = new Terminal({
      allowProposedApi: true, fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'), fontSize: termSize(), lineHeight: 1.2, fontWeight: 400, fontWeightBold: 500,
      letterSpacing: 0, scrollback: 10_000, cursorBlink: false, cursorStyle: 'block', cursorInactiveStyle: 'outline', theme: xtermTheme(), drawBoldTextInBrightColors: false, screenReaderMode: screenReader(), convertEol: false, macOptionIsMeta: true,
    });
    this.term.loadAddon(this.fitter);
    this.term.onData((s) => { if (!this.io.readOnly()) this.io.type(toBytes(s)); });
    this.term.onBinary((s) => { if (!this.io.readOnly()) this.io.type(s); });
    this.term.onResize(({ cols, rows }) => { if (!this.quiet) this.io.resize(cols, rows); });
    this.term.attachCustomKeyEventHandler((e) => {
      if (e.isComposing || e.keyCode === 229) return true; // an input method is at work
      if (e.type === 'keydown' && e.ctrlKey && e.shiftKey && e.code === 'KeyC') {
        const text = this.term.getSelection();
        if (text !== '') void navigator.clipboard?.writeText(text);
        e.preventDefault();
        return false;
      }
      if (e.type === 'keydown' && this.io.key(e)) { e.preventDefault(); return false; }
      return true;
    });
    this.term.registerLinkProvider({ provideLinks: (y, tell) => tell(this.links(y)) });
    // As on Linux: what is selected is copied, the middle button pastes.
    this.element.addEventListener('mouseup', () => { const text = this.term.getSelection(); if (text !== '') void navigator.clipboard?.writeText(text).catch(() => {}); });
    this.element.addEventListener('auxclick', (e) => { if (e.button === 1) { e.preventDefault(); void navigator.clipboard?.readText().then((text) => this.term.paste(text)).catch(() => {}); } });
    this.element.setAttribute('aria-label', label);
    const first = this.term.onRender(() => {
      if (this.read === 0 || this.writing) return;
      first.dispose();
      this.drawn = true;
      for (const then of this.waiting.splice(0)) then();
    });
    this.unTheme = onTheme(() => { this.term.options.theme = xtermTheme(); });
  }

  /** Names and addresses of hosts in a line of the buffer. */
  private links(y: number): ILink[] {
    const text = this.term.buffer.active.getLine(y - 1)?.translateToString(true) ?? '';
    const out: ILink[] = [];
    for (const m of text.matchAll(/(?<![\w.-])(\d{1,3}(?:\.\d{1,3}){3}|[a-z][a-z0-9-]*\d[a-z0-9-]*)(?![\w-])/g)) {
      const follow = this.io.follow(m[1]!);
      if (follow !== null) out.push({ text: m[1]!, range: { start: { x: m.index + 1, y }, end: { x: m.index + m[1]!.length, y } }, activate: follow });
    }
    return out;
  }

  /** Puts the screen into a pane. */
  attach(into: HTMLElement): void {
    into.appendChild(this.element);
    if (!this.opened) {
      this.opened = true;
      this.term.open(this.element);
      if (this.term.textarea) this.term.textarea.setAttribute('aria-label', this.element.getAttribute('aria-label') ?? '');
    }
    this.fit();
    if (this.focusNext) { this.focusNext = false; this.term.focus(); }
  }

  /** Calls `then` when the first of its tty's text is drawn; at once when it is, or when the screen is in no pane. */
  whenDrawn(then: () => void): void {
    if (this.drawn || !this.element.isConnected) then();
    else this.waiting.push(then);
  }

  /** What the first prompt does not need: widths of newer characters, drawing by the graphics card. */
  async more(): Promise<void> {
    const { Unicode11Addon } = await import('@xterm/addon-unicode11');
    if (this.quiet) return;
    this.term.loadAddon(new Unicode11Addon());
    this.term.unicode.activeVersion = '11';
    await this.tryWebgl();
  }

  /** Finds text in what was printed, here and in the scrollback. */
  async find(text: string, back = false, typing = false): Promise<boolean> {
    if (this.finder === null) {
      const { SearchAddon } = await import('@xterm/addon-search');
      this.finder = new SearchAddon();
      this.term.loadAddon(this.finder);
    }
    return back ? this.finder.findPrevious(text) : this.finder.findNext(text, { incremental: typing });
  }

  fit(): void {
    if (!this.opened || this.element.clientWidth < 40 || this.element.clientHeight < 20) return;
    const d = this.fitter.proposeDimensions();
    if (d && (d.cols !== this.term.cols || d.rows !== this.term.rows) && d.cols > 1 && d.rows > 1) this.term.resize(d.cols, d.rows);
  }

  setSize(px: number): void {
    this.term.options.fontSize = px;
    this.fit();
  }

  /** Takes new output when the screen has digested the last; true when something new was shown. */
  pump(): boolean {
    if (this.writing) return false;
    const { bytes, next } = this.io.output(this.read);
    if (next === this.read) return false;
    if (next < this.read) { this.term.reset(); this.read = 0; return this.pump(); }
    this.read = next;
    this.writing = true;
    this.term.write(fromBytes(this.painter.paint(bytes)), () => { this.writing = false; });
    return true;
  }

  /** Forgets everything shown and starts from the tty's first byte (after a rewind). */
  restart(): void {
    this.term.reset();
    this.painter = new PromptPainter();
    this.read = 0;
  }

  /** Takes the keys now, or as soon as the pane that shows it is there: none is lost in between. */
  focus(): void {
    if (this.element.isConnected) this.term.focus();
    else this.focusNext = true;
  }

  /** The last lines that are not empty, up to the cursor. */
  lastLines(n: number): string {
    const b = this.term.buffer.active;
    const out: string[] = [];
    for (let y = b.baseY + b.cursorY; y >= 0 && out.length < n; y--) {
      const line = b.getLine(y)?.translateToString(true) ?? '';
      if (line !== '') out.unshift(line);
    }
    return out.join('\n');
  }

  /** A buffer that screen readers can walk, and announcements by the terminal itself. */
  setScreenReader(on: boolean): void { this.term.options.screenReaderMode = on; }

  dispose(): void {
    this.quiet = true;
    this.unTheme();
    this.term.dispose();
    this.element.remove();
  }

  /** The drawing of large outputs is quicker on a real GPU; anything else keeps the DOM renderer. */
  private async tryWebgl(): Promise<void> {
    try {
      const gl = document.createElement('canvas').getContext('webgl2');
      const info = gl?.getExtension('WEBGL_debug_renderer_info');
      const name = gl && info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : 'none';
      gl?.getExtension('WEBGL_lose_context')?.loseContext();
      if (gl === null || /swiftshader|llvmpipe|software|none/i.test(name)) return;
      const { WebglAddon } = await import('@xterm/addon-webgl');
      const addon = new WebglAddon();
      addon.onContextLoss(() => addon.dispose());
      this.term.loadAddon(addon);
    } catch { /* the DOM renderer stays */ }
  }
}

/** Unicode from the keyboard as a byte string. */
export function toBytes(text: string): string {
  let out = '';
  for (const b of encoder.encode(text)) out += String.fromCharCode(b);
  return out;
}

function fromBytes(bytes: string): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes.charCodeAt(i);
  return out;
}

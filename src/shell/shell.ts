// One shell's state: plain data in Process.shell, so that a fork of the lab copies it. Linux counterpart: bash's variables.c, flags.c, shell.c globals.
import type { Process } from '../host/process';
import type { Bytes } from '../lib/text';

/** A shell variable. Exactly one of the shapes: scalar (`arr` and `map` null), indexed array, associative array. */
export interface Var {
  /** Scalar value; null when declared but unset. */
  v: Bytes | null;
  arr: Map<number, Bytes> | null;
  map: Map<Bytes, Bytes> | null;
  export: boolean;
  readonly: boolean;
  integer: boolean;
  lower: boolean;
  upper: boolean;
  nameref: boolean;
}

/** Variables of one function call or one command's temporary environment; the first scope is global. */
export interface Scope {
  vars: Map<string, Var>;
  fn: boolean;
}

/** A function as source text. `file`: what BASH_SOURCE and error messages name. */
export interface Func {
  src: Bytes;
  line: number;
  file: Bytes;
  export: boolean;
}

export interface Job {
  id: number;
  pgid: number;
  pids: number[];
  /** Status of each pid once known. */
  statuses: (number | null)[];
  state: 'running' | 'stopped' | 'done';
  text: Bytes;
  /** Reported to the user since its last change. */
  notified: boolean;
  /** Signal that ended or stopped it. */
  signal: number;
  cwd: Bytes;
}

/** A call or `source` on the shell's stack. */
export interface Frame {
  kind: 'fn' | 'source' | 'eval';
  name: Bytes;
  file: Bytes;
  /** Line of the call. */
  line: number;
  params: Bytes[];
}

const SHOPT_ON = ['checkwinsize', 'cmdhist', 'complete_fullquote', 'extquote', 'force_fignore', 'globasciiranges', 'globskipdots', 'hostcomplete', 'interactive_comments', 'patsub_replacement', 'progcomp', 'promptvars', 'sourcepath'];

/** The state of one shell process. */
export class Shell {
  scopes: Scope[] = [{ vars: new Map(), fn: false }];
  functions = new Map<string, Func>();
  aliases = new Map<string, Bytes>();
  /** Trap actions by signal name without SIG ('EXIT', 'INT', 'ERR', 'DEBUG', 'RETURN'); '' ignores. */
  traps = new Map<string, Bytes>();
  /** Single-letter options in force (e, u, x, f, ...), as in $-. */
  flags = new Set<string>(['h', 'B']);
  pipefail = false;
  shopts = new Set<string>(SHOPT_ON);
  /** Other `set -o` names in force (emacs, history, ...). */
  setOpts = new Set<string>();
  /** $0 and the name messages begin with. */
  name: Bytes = 'bash';
  params: Bytes[] = [];
  frames: Frame[] = [];
  status = 0;
  pipeStatus: number[] = [0];
  /** Line of the command being run. */
  line = 1;
  /** How it was started. */
  mode: 'c' | 'script' | 'stdin' | 'terminal' = 'c';
  login = false;
  /** What the machine was called when the shell began: prompts do not follow hostname(1). */
  hostname: Bytes;
  /** $$: the pid of the shell itself, not of a subshell. */
  pid: number;
  bgPid = 0;
  subshell = 0;
  /** Depth shown by xtrace's repeated first character. */
  traceDepth = 1;
  jobs: Job[] = [];
  /** Pids of background children whose status `wait` may still ask for. */
  reaped = new Map<number, number>();
  dirStack: Bytes[] = [];
  hash = new Map<string, { path: Bytes; hits: number }>();
  /** PATH when the table was filled: another PATH empties it. */
  hashedUnder: Bytes = '';
  history: Bytes[] = [];
  /** Number of the first entry kept. */
  historyFirst = 1;
  /** Number of the first entry the history file has not got yet. */
  historySaved = 1;
  /** What the last command's $_ is. */
  lastArg: Bytes = '';
  /** Text of the command being run ($BASH_COMMAND); a trap's action sees the one that set it off. */
  command: Bytes = '';
  secondsFrom = 0;
  /** RANDOM was assigned: its own generator's state; null takes the lab's stream. */
  randomSeed: number | null = null;
  optChar = 1;
  optSeen = 1;
  /** Pending control flow: levels to break or continue, or a return. */
  breaking = 0;
  continuing = 0;
  returning = false;
  loops = 0;
  /** Above 0, a failing command does not end the shell (conditions, !, && lists). */
  noErrexit = 0;
  /** In a trap action. */
  inTrap = false;
  /** How deep generators run inside one another (see run.ts). */
  depth = 0;
  /** Builtins switched off by `enable -n`. */
  disabled = new Set<string>();
  /** $BASH_SUBSHELL: counts ( ) and $( ), not the parts of a pipeline. */
  level = 0;
  /** Speaks as dash does (debian's /bin/sh). */
  dash = false;
  /** Descriptors open for process substitutions of the current command. */
  procFds: number[] = [];
  /** Line editor of a shell at a terminal (readline.ts), or null. */
  editor: object | null = null;
  lastSubst = 0;

  constructor(public p: Process) {
    this.pid = p.pid;
    this.hostname = p.host.kernel.hostname;
  }

  /** The state a subshell begins with. */
  copy(p: Process): Shell {
    const s = new Shell(p);
    s.scopes = this.scopes.map((x) => ({ fn: x.fn, vars: new Map([...x.vars].map(([k, v]) => [k, { ...v, arr: v.arr && new Map(v.arr), map: v.map && new Map(v.map) }])) }));
    s.functions = new Map(this.functions);
    s.aliases = new Map(this.aliases);
    for (const [k, v] of this.traps) if (v === '' || k === 'DEBUG' || k === 'ERR' || k === 'RETURN') if (v === '' || this.flags.has(k === 'ERR' ? 'E' : 'T')) s.traps.set(k, v);
    s.flags = new Set(this.flags);
    s.pipefail = this.pipefail;
    s.shopts = new Set(this.shopts);
    s.setOpts = new Set(this.setOpts);
    s.name = this.name;
    s.params = this.params;
    s.frames = this.frames.map((f) => ({ ...f }));
    s.status = this.status;
    s.pipeStatus = this.pipeStatus;
    s.line = this.line;
    s.mode = this.mode;
    s.login = this.login;
    s.pid = this.pid;
    s.bgPid = this.bgPid;
    s.subshell = this.subshell + 1;
    s.level = this.level;
    s.dash = this.dash;
    s.disabled = new Set(this.disabled);
    s.traceDepth = this.traceDepth;
    s.dirStack = [...this.dirStack];
    s.hash = new Map(this.hash);
    s.hashedUnder = this.hashedUnder;
    s.history = [...this.history];
    s.historyFirst = this.historyFirst;
    s.lastArg = this.lastArg;
    s.command = this.command;
    s.secondsFrom = this.secondsFrom;
    s.randomSeed = this.randomSeed === null ? null : this.randomSeed ^ p.pid;
    s.loops = this.loops;
    s.noErrexit = this.noErrexit;
    s.jobs = this.jobs.map((j) => ({ ...j, notified: true }));
    s.optChar = this.optChar;
    return s;
  }

  /** Positional parameters in force: the innermost function's, or the shell's. */
  get args(): Bytes[] {
    for (let i = this.frames.length - 1; i >= 0; i--) if (this.frames[i]!.kind === 'fn') return this.frames[i]!.params;
    return this.params;
  }
  set args(a: Bytes[]) {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      if (this.frames[i]!.kind !== 'fn') continue;
      this.frames[i]!.params = a;
      return;
    }
    this.params = a;
  }

  /** The shell reads its commands from a terminal (also true in its subshells). */
  get interactive(): boolean {
    return this.mode === 'terminal';
  }

  /** File that messages name: the innermost function's or sourced file's, else the shell's name. */
  get file(): Bytes {
    for (let i = this.frames.length - 1; i >= 0; i--) if (this.frames[i]!.kind !== 'eval') return this.frames[i]!.file;
    return this.name;
  }

  /** What error messages begin with, e.g. 'bash: line 3: '. */
  prefix(): Bytes {
    if (this.interactive) return `${this.name}: `;
    if (this.dash) return `${this.file}: ${this.line}: `;
    return `${this.file}: line ${this.line}: `;
  }
}

/** `exit`: unwinds the whole shell. */
export class Exit extends Error {
  constructor(readonly status: number) {
    super(`exit ${status}`);
  }
}

/** A command line given up because of an error (bash's jump to top level, DISCARD); `fatal`: the shell ends where it is not a terminal. */
export class Discard extends Error {
  constructor(
    readonly status: number,
    readonly fatal = false,
  ) {
    super(`discard ${status}`);
  }
}

/** ^C at a terminal gives up the whole line. */
export class Break extends Error {
  constructor(readonly signal: number) {
    super('interrupted');
  }
}

/** A shell's state of a process; throws when the process runs none. */
export function shellOf(p: Process): Shell {
  if (!(p.shell instanceof Shell)) throw new Error(`process ${p.pid} runs no shell`);
  return p.shell;
}

// The extensions of one command line: loaded by -m, -j or the protocol, and found by their options. Counterpart: libxtables (xtables_find_match, command_default, load_proto).
import type { Rule } from '../../kernel/netfilter/x_tables';
import type { Bytes } from '../../lib/text';
import { checkOption, checkSeen, type Around, type Extension, type ExtOption } from './extension';
import { MATCH_EXTENSIONS, OTHER_MATCHES, OTHER_TARGETS, TARGET_EXTENSIONS } from './extensions';
import { LONG } from './options';
import { NotModelled, problem } from './problem';

/** An extension in use: its data (which the rule holds) and the options seen. */
export interface Loaded {
  ext: Extension<object>;
  data: object;
  seen: Set<string>;
}

/** What a long option is: the tool's own, by letter, or an extension's. */
export type LongOption = { owner: null; letter: string } | { owner: Loaded; option: ExtOption };

export class Loader {
  private readonly loaded: Loaded[] = [];
  private target: Loaded | null = null;
  private protoTried = false;

  constructor(private readonly rule: Rule) {}

  /** The option meant by a name or an unambiguous beginning of it; null when there is none. */
  findLong(name: string): LongOption | null {
    const all: { name: string; hit: LongOption; same: string }[] = [];
    for (const [long, letter] of Object.entries(LONG)) all.push({ name: long, hit: { owner: null, letter }, same: `-${letter}` });
    for (const owner of this.everyone()) for (const option of owner.ext.options) all.push({ name: option.name, hit: { owner, option }, same: `${this.loaded.indexOf(owner)}${option.of ?? option.name}` });
    const exact = all.filter((x) => x.name === name);
    if (exact.length > 0) return exact[exact.length - 1]!.hit; // what was loaded last hides what came before
    const fits = all.filter((x) => x.name.startsWith(name));
    return fits.length > 0 && new Set(fits.map((x) => x.same)).size === 1 ? fits[0]!.hit : null;
  }

  private everyone(): Loaded[] {
    return this.target === null ? this.loaded : [...this.loaded, this.target];
  }

  /** An unknown option may belong to the protocol's own match: -p tcp --dport. */
  loadProtocol(): boolean {
    if (this.protoTried || this.rule.proto === 0) return false;
    const name = { 1: 'icmp', 6: 'tcp', 17: 'udp' }[this.rule.proto];
    this.protoTried = true;
    if (name === undefined || this.loaded.some((l) => l.ext.name === name)) {
      if (name === undefined && [33, 132, 136].includes(this.rule.proto)) throw new NotModelled('the match of this protocol');
      return false;
    }
    this.load(name);
    return true;
  }

  /** -m. */
  load(name: Bytes): void {
    const ext = MATCH_EXTENSIONS.get(name);
    if (ext === undefined) {
      if (OTHER_MATCHES.has(name)) throw new NotModelled(`match ${name}`);
      throw problem(`Couldn't load match \`${name}':No such file or directory\n`);
    }
    const data = ext.init();
    this.loaded.push({ ext: ext as unknown as Extension<object>, data, seen: new Set() });
    this.rule.matches.push(data);
  }

  /** -j, -g: a target of its own kind, or a chain. */
  jumpTo(name: Bytes, goto: boolean): void {
    if (name === '') throw problem('Invalid target name (too short)');
    if (name.length > 28) throw problem(`Invalid target name \`${name}' (28 chars max)`);
    const ext = goto ? undefined : TARGET_EXTENSIONS.get(name);
    if (ext === undefined) {
      if (!goto && OTHER_TARGETS.has(name)) throw new NotModelled(`target ${name}`);
      this.rule.target = { kind: 'jump', chain: name, goto };
      return;
    }
    const data = ext.init();
    this.target = { ext: ext as unknown as Extension<object>, data, seen: new Set() };
    this.rule.target = data;
  }

  /** An option of an extension. */
  option(owner: Loaded, option: ExtOption, value: Bytes, inv: boolean, around: Around): void {
    checkOption(owner.ext, option, owner.seen, inv);
    owner.ext.parse(owner.data, option.of ?? option.name, value, inv, around);
    owner.seen.add(option.of ?? option.name);
  }

  /** What can only be judged at the end of the line. */
  finish(around: Around): void {
    for (const l of this.everyone()) {
      l.ext.check?.(l.data, l.seen, around);
      checkSeen(l.ext, l.seen);
    }
  }
}

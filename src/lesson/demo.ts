// Demonstrations: ```demo blocks of a lesson's words, parsed to acts, pauses, camera moves and stage views. demo_play.ts plays them on a fork.
import { type LabAction, parseLabFile } from './labfile';

/** What a demonstration waits for: the first frame or decision of that kind after the last act. */
export const MOMENTS = ['arp-request', 'arp-reply', 'syn', 'syn-ack', 'request', 'reply', 'rst', 'icmp', 'rewritten', 'drop', 'end'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What can stand beside the topology while a demonstration plays; true when it is about one host. */
export const STAGE_VIEWS = { arp: true, ipvs: true, connections: true, weights: true, stacks: true, rows: false, tiles: false, bytes: false, none: false } as const;
export type StageView = keyof typeof STAGE_VIEWS;

/** One of the answers offered at a pause. */
export interface DemoChoice { zh: string; en: string; right: boolean }

export type DemoLine =
  | { kind: 'act'; action: LabAction }
  /** Stop at a moment; `ask` is a question for the viewer, or ''. */
  | { kind: 'pause'; at: Moment; ask: { zh: string; en: string }; choices: DemoChoice[]; line: number }
  /** Puts a view on the stage; 'none' clears it. */
  | { kind: 'show'; view: StageView; host: string; line: number }
  /** Hosts to look at; none is the whole lab. */
  | { kind: 'camera'; hosts: string[]; line: number }
  | { kind: 'say'; text: { zh: string; en: string }; line: number };

export interface Demo {
  id: string;
  /** As written: '一问三答 / one question, three answers', or one text for both. */
  title: { zh: string; en: string };
  lines: DemoLine[];
  problems: { line: number; key: string; args: Record<string, string> }[];
}

/** 'zh / en' as both; one text serves both. */
function bothOf(text: string): { zh: string; en: string } {
  const at = text.indexOf(' / ');
  return at < 0 ? { zh: text.trim(), en: text.trim() } : { zh: text.slice(0, at).trim(), en: text.slice(at + 3).trim() };
}

/** Reads the body of a demo block. `first` is the file line of its first line. Never throws. */
export function parseDemo(body: readonly string[], first = 1): Demo {
  const demo: Demo = { id: '', title: { zh: '', en: '' }, lines: [], problems: [] };
  for (let n = 0; n < body.length; n++) {
    const text = body[n]!.trim();
    const line = first + n;
    if (text === '') continue;
    const head = /^#\s*([a-z0-9-]+):\s*(.*)$/.exec(text);
    const pause = /^pause\s+(\S+)(?:\s+ask:\s*(.*))?$/.exec(text);
    const camera = /^camera(?:\s+(.*))?$/.exec(text);
    const say = /^say\s+(.*)$/.exec(text);
    const show = /^show\s+(\S+)(?:\s+(\S+))?$/.exec(text);
    const choose = /^choose\s+(.*)$/.exec(text);
    if (head !== null) {
      demo.id = head[1]!;
      demo.title = bothOf(head[2]!);
    } else if (text.startsWith('#')) continue;
    else if (pause !== null) {
      const at = pause[1]!;
      if (!(MOMENTS as readonly string[]).includes(at)) demo.problems.push({ line, key: 'demo.moment', args: { moment: at, known: MOMENTS.join(' ') } });
      else demo.lines.push({ kind: 'pause', at: at as Moment, ask: bothOf(pause[2] ?? ''), choices: [], line });
    } else if (choose !== null) {
      const at = demo.lines.at(-1);
      const choices = choose[1]!.split('|').map((c) => ({ ...bothOf(c.trim().replace(/^\*/, '')), right: c.trim().startsWith('*') }));
      if (at?.kind !== 'pause' || choices.length < 2 || choices.filter((c) => c.right).length !== 1) demo.problems.push({ line, key: 'demo.choose', args: {} });
      else at.choices = choices;
    } else if (show !== null) {
      const view = show[1]! as StageView;
      if (STAGE_VIEWS[view] === undefined) demo.problems.push({ line, key: 'demo.view', args: { view, known: Object.keys(STAGE_VIEWS).join(' ') } });
      else if (STAGE_VIEWS[view] !== (show[2] !== undefined)) demo.problems.push({ line, key: STAGE_VIEWS[view] ? 'demo.viewHost' : 'demo.viewNoHost', args: { view } });
      else demo.lines.push({ kind: 'show', view, host: show[2] ?? '', line });
    } else if (camera !== null) demo.lines.push({ kind: 'camera', hosts: (camera[1] ?? '').split(/\s+/).filter((h) => h !== ''), line });
    else if (say !== null) demo.lines.push({ kind: 'say', text: bothOf(say[1]!), line });
    else {
      // An `edit` takes its text with it.
      const end = /<<\s*'?(\w+)'?\s*$/.exec(text)?.[1];
      const to = end === undefined ? n : body.findIndex((l, k) => k > n && l === end);
      const file = parseLabFile(body.slice(n, (to < 0 ? body.length - 1 : to) + 1).join('\n'));
      for (const p of file.problems) demo.problems.push({ line: line + p.line - 1, key: p.key, args: p.args });
      for (const action of file.actions) demo.lines.push({ kind: 'act', action: { ...action, line } });
      if (to > n) n = to;
    }
  }
  if (demo.id === '') demo.problems.push({ line: first, key: 'demo.noId', args: {} });
  return demo;
}

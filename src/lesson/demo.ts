// Demonstrations: ```demo blocks of a lesson's words. Parsed to acts, pauses and camera moves; played on a fork, so the learner's lab never moves.
import type { Lab } from '../lab/lab';
import { type LabAction, parseLabFile, playAction, type Played } from './labfile';

/** What a demonstration waits for: the first frame or decision of that kind after the last act. */
export const MOMENTS = ['arp-request', 'arp-reply', 'syn', 'syn-ack', 'request', 'reply', 'rst', 'icmp', 'rewritten', 'drop', 'end'] as const;
export type Moment = (typeof MOMENTS)[number];

export type DemoLine =
  | { kind: 'act'; action: LabAction }
  /** Stop at a moment; `ask` is a question for the viewer, or ''. */
  | { kind: 'pause'; at: Moment; ask: { zh: string; en: string }; line: number }
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
    if (head !== null) {
      demo.id = head[1]!;
      demo.title = bothOf(head[2]!);
    } else if (text.startsWith('#')) continue;
    else if (pause !== null) {
      const at = pause[1]!;
      if (!(MOMENTS as readonly string[]).includes(at)) demo.problems.push({ line, key: 'demo.moment', args: { moment: at, known: MOMENTS.join(' ') } });
      else demo.lines.push({ kind: 'pause', at: at as Moment, ask: bothOf(pause[2] ?? ''), line });
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

/** One thing that happened in a playing demonstration. Times are virtual us of the fork. */
export type DemoEvent =
  | { kind: 'acted'; line: number; played: Played; frames: number[]; from: number; to: number }
  /** `frame` is the one the moment is about, 0 for 'end' or when it never came (`missed`). */
  | { kind: 'paused'; line: number; at: Moment; ask: { zh: string; en: string }; frame: number; missed: boolean }
  | { kind: 'camera'; line: number; hosts: string[] }
  | { kind: 'say'; line: number; text: { zh: string; en: string } };

/** The first frame from `from` on that is such a moment; 0 when there is none. */
export function momentFrame(lab: Lab, from: number, at: Moment): number {
  const http = (f: { data: string }, reply: boolean): boolean => f.data !== '' && f.data.startsWith('HTTP/1.') === reply;
  for (const f of lab.trace().frames(from)) {
    const arp = f.proto === 'ARP';
    const yes =
      at === 'arp-request' ? arp && f.info.startsWith('Who has')
      : at === 'arp-reply' ? arp && f.info.includes(' is at ')
      : at === 'syn' ? f.flags === 'SYN'
      : at === 'syn-ack' ? f.flags === 'SYN, ACK'
      : at === 'rst' ? f.flags.includes('RST')
      : at === 'icmp' ? f.proto === 'ICMP'
      : at === 'request' ? http(f, false) || f.info.startsWith('Echo (ping) request')
      : at === 'reply' ? http(f, true) || f.info.startsWith('Echo (ping) reply')
      : at === 'rewritten' ? f.mode !== null
      : at === 'drop' ? f.drop !== null
      : false;
    if (yes) return f.id;
  }
  return 0;
}

/**
 * Plays a demonstration on `stage`, a fork of a lab that the caller made and keeps (its trace shows what happened). Yields after each line, so a page can
 * animate frames from..to of an act up to the frame of the next pause. Pauses look back at the last act's frames; 'end' waits for nothing.
 */
export function* playDemo(stage: Lab, demo: Demo): Generator<DemoEvent, void> {
  let mark = stage.trace().frameCount() + 1;
  let looked = mark;
  for (const l of demo.lines) {
    if (l.kind === 'camera') yield { kind: 'camera', line: l.line, hosts: l.hosts };
    else if (l.kind === 'say') yield { kind: 'say', line: l.line, text: l.text };
    else if (l.kind === 'pause') {
      const frame = l.at === 'end' ? 0 : momentFrame(stage, looked, l.at);
      if (frame !== 0) looked = frame + 1;
      yield { kind: 'paused', line: l.line, at: l.at, ask: l.ask, frame, missed: l.at !== 'end' && frame === 0 };
    } else {
      mark = stage.trace().frameCount() + 1;
      looked = mark;
      const from = stage.now();
      const played = playAction(stage, l.action);
      if (l.action.do !== 'wait') stage.advance(100_000);
      yield { kind: 'acted', line: l.action.line, played, frames: stage.trace().frames(mark).map((f) => f.id), from, to: stage.now() };
    }
  }
}

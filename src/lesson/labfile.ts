// .lab files: what an engineer would paste. `HOST# command` a line; `wait 3s`; `HOST edit /path <<EOF` ...; `unplug HOST IFACE`; `plug ...`; `reboot HOST`; `answer ID VALUE`.
import { type Steps, toEnd } from '../lib/steps';
import type { Lab } from '../lab/lab';
import { utf8Decode } from '../lab/text';

/** `optional` is why a line may be missing: no mutant is made of it. */
export type LabAction = (
  | { line: number; do: 'run'; host: string; command: string; optional: string }
  | { line: number; do: 'wait'; us: number }
  | { line: number; do: 'edit'; host: string; path: string; text: string }
  | { line: number; do: 'unplug' | 'plug'; host: string; iface: string }
  | { line: number; do: 'reboot'; host: string }
  /** Answers a quiz question; `answer ID VALUE`. */
  | { line: number; do: 'answer'; id: string; value: string }
) & { optional?: string };

export interface LabFile {
  /** From the first line of a wrong answer: `# fails: STEP  misconception: NAME`. */
  fails: string;
  misconception: string;
  actions: LabAction[];
  problems: { line: number; key: string; args: Record<string, string> }[];
}

/** Reads a .lab file. Never throws; what it does not understand is a problem. */
export function parseLabFile(text: string): LabFile {
  const out: LabFile = { fails: '', misconception: '', actions: [], problems: [] };
  const lines = text.replace(/\r\n/g, '\n').split('\n');
  for (let n = 0; n < lines.length; n++) {
    const raw = lines[n]!;
    const line = n + 1;
    const excuse = /\s+#\s*optional:\s*(.*)$/.exec(raw);
    const trimmed = (excuse === null ? raw : raw.slice(0, excuse.index)).trim();
    if (trimmed === '') continue;
    if (trimmed.startsWith('#')) {
      const fails = /^#\s*fails:\s*(\S+)(?:\s+misconception:\s*(\S+))?/.exec(trimmed);
      if (fails !== null) {
        out.fails = fails[1]!;
        out.misconception = fails[2] ?? '';
      }
      continue;
    }
    const run = /^([A-Za-z0-9_-]+)#\s?(.*)$/.exec(excuse === null ? raw : raw.slice(0, excuse.index));
    const edit = /^([A-Za-z0-9_-]+)\s+edit\s+(\S+)\s+<<\s*'?(\w+)'?\s*$/.exec(trimmed);
    const wait = /^wait\s+(\d+(?:\.\d+)?)(ms|s|m)$/.exec(trimmed);
    const cable = /^(unplug|plug)\s+(\S+)\s+(\S+)$/.exec(trimmed);
    const answer = /^answer\s+(\S+)\s+(.*)$/.exec(trimmed);
    const reboot = /^reboot\s+(\S+)$/.exec(trimmed);
    if (run !== null) {
      out.actions.push({ line, do: 'run', host: run[1]!, command: run[2]!, optional: excuse?.[1] ?? '' });
    } else if (edit !== null) {
      const body: string[] = [];
      n++;
      while (n < lines.length && lines[n] !== edit[3]) body.push(lines[n++]!);
      if (n >= lines.length) out.problems.push({ line, key: 'labfile.unfinished', args: { end: edit[3]! } });
      out.actions.push({ line, do: 'edit', host: edit[1]!, path: edit[2]!, text: body.map((l) => `${l}\n`).join('') });
    } else if (wait !== null) out.actions.push({ line, do: 'wait', us: Math.round(Number(wait[1]) * (wait[2] === 'ms' ? 1e3 : wait[2] === 's' ? 1e6 : 6e7)) });
    else if (cable !== null) out.actions.push({ line, do: cable[1] as 'plug' | 'unplug', host: cable[2]!, iface: cable[3]! });
    else if (answer !== null) out.actions.push({ line, do: 'answer', id: answer[1]!, value: answer[2]!.trim() });
    else if (reboot !== null) out.actions.push({ line, do: 'reboot', host: reboot[1]! });
    else out.problems.push({ line, key: 'labfile.notUnderstood', args: { text: trimmed } });
    const made = out.actions.at(-1);
    if (excuse !== null && made !== undefined && made.line === line) made.optional = excuse[1]!;
  }
  return out;
}

/** What one action printed (for reports). */
export interface Played { action: LabAction; stdout: string; stderr: string; status: number }

/** Reboots a host and lets time pass until it is up again (two minutes at most). */
export function* rebooting(lab: Lab, hosts: readonly string[]): Steps<void> {
  for (const h of hosts) lab.act({ do: 'reboot', host: h });
  yield* untilUp(lab, hosts);
}

/** A power failure: no unit is stopped in order, so nothing saves itself on the way down. */
export function* cuttingPower(lab: Lab, hosts: readonly string[]): Steps<void> {
  for (const h of hosts) lab.act({ do: 'power', host: h, on: false });
  yield* lab.passing(1_000_000);
  for (const h of hosts) lab.act({ do: 'power', host: h, on: true });
  yield* untilUp(lab, hosts);
}

function* untilUp(lab: Lab, hosts: readonly string[]): Steps<void> {
  for (let s = 0; s < 240; s++) {
    yield* lab.passing(500_000);
    if (s > 2 && hosts.every((h) => lab.running(h))) break;
  }
  yield* lab.passing(1_000_000);
}

/** Plays one action on a lab, without the learner's terminals. */
export function playAction(lab: Lab, a: LabAction): Played {
  switch (a.do) {
    case 'run': {
      const r = lab.exec(a.host, a.command, { timeoutUs: 60_000_000 });
      if (/^\s*(reboot|shutdown -r|systemctl reboot)\b/.test(a.command)) toEnd(rebooting(lab, [a.host]));
      return { action: a, stdout: utf8Decode(r.stdout), stderr: utf8Decode(r.stderr), status: r.status };
    }
    case 'wait':
      lab.advance(a.us);
      break;
    case 'edit':
      lab.act({ do: 'editFile', host: a.host, path: a.path, text: a.text });
      break;
    case 'plug':
    case 'unplug':
      lab.act({ do: a.do, host: a.host, iface: a.iface });
      break;
    case 'reboot':
      toEnd(rebooting(lab, [a.host]));
      break;
    case 'answer':
      lab.act({ do: 'answer', step: '', check: a.id, value: a.value });
      break;
  }
  return { action: a, stdout: '', stderr: '', status: 0 };
}

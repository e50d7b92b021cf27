// Reads a lesson's files. Every complaint says file, line and column, what was expected, and when a word is close, which was meant.
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { topologyProblems } from '../lab/topology';
import { kinds, kindOf } from './checks/index';
import { instantiate, type LessonText } from './instantiate';
import { parseLabFile } from './labfile';
import { nearest } from './nearest';
import { type Course, courseSchema, type Lesson, lessonSchema } from './schema';
import { topologyOfLesson } from './topology_from';
import { substitute } from './variables';
import { demosOf, parseWords, tokensOf, type Words } from './words';

/** A complaint. `text` is English for the command line; key and args are for the page. */
export interface Problem { file: string; line: number; column: number; key: string; args: Record<string, string>; text: string }

/** A lesson as written, with the files that prove it. */
export interface LoadedLesson extends LessonText {
  solutions: Record<string, string>;
  wrong: Record<string, string>;
  detours: Record<string, string>;
}

/** Parses YAML against a schema; null with problems. */
export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): { value: T | null; problems: Problem[]; at: (path: readonly PropertyKey[]) => { line: number; column: number } } {
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter, uniqueKeys: true });
  const problems: Problem[] = [];
  const place = (offset: number): { line: number; column: number } => {
    const p = counter.linePos(offset);
    return { line: p.line, column: p.col };
  };
  const at = (path: readonly PropertyKey[]): { line: number; column: number } => {
    for (let n = path.length; n >= 0; n--) {
      const node = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true);
      const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
      if (range) return place(range[0]);
    }
    return { line: 1, column: 1 };
  };
  for (const e of doc.errors) problems.push({ file, ...place(e.pos[0]), key: 'yaml.syntax', args: { why: e.message.split('\n')[0]! }, text: e.message.split('\n')[0]! });
  if (problems.length > 0) return { value: null, problems, at };
  const parsed = schema.safeParse(doc.toJS());
  if (parsed.success) return { value: parsed.data, problems, at };
  for (const issue of parsed.error.issues) problems.push({ file, ...at(issue.path), ...word(issue) });
  return { value: null, problems, at };
}

function word(issue: z.core.$ZodIssue): Pick<Problem, 'key' | 'args' | 'text'> {
  const path = issue.path.map(String).join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return { key: 'yaml.unknownKey', args: { path, key }, text: `unknown key '${key}' in ${path}` };
  }
  if (issue.code === 'custom' && issue.message === 'unknown check') {
    const name = String(issue.path.at(-1));
    const guess = nearest(name, kinds.map((k) => k.name));
    return { key: 'yaml.unknownCheck', args: { name, guess: guess ?? '', known: kinds.map((k) => k.name).join(', ') }, text: `unknown check '${name}'${guess === null ? `; known: ${kinds.map((k) => k.name).join(', ')}` : `; did you mean '${guess}'?`}` };
  }
  if (issue.code === 'invalid_type') {
    const missing = /received undefined/.test(issue.message);
    return missing ? { key: 'yaml.missing', args: { path, expected: issue.expected }, text: `${path} is missing (expected ${issue.expected})` } : { key: 'yaml.type', args: { path, expected: issue.expected }, text: `${path}: expected ${issue.expected}` };
  }
  return { key: 'yaml.value', args: { path, why: issue.message }, text: `${path}: expected ${issue.message.replace(/^Invalid (input|option|string): ?(expected )?/, '')}` };
}

/** Reads a lesson folder: relative path to text. The lesson is null when lesson.yaml cannot be used. */
export function loadLesson(files: Readonly<Record<string, string>>, folder = ''): { lesson: LoadedLesson | null; problems: Problem[] } {
  const name = (f: string): string => (folder === '' ? f : `${folder}/${f}`);
  const problems: Problem[] = [];
  const say = (file: string, line: number, key: string, args: Record<string, string>, text: string): void => void problems.push({ file: name(file), line, column: 1, key, args, text });
  const yaml = files['lesson.yaml'];
  if (yaml === undefined) {
    say('lesson.yaml', 1, 'lesson.noFile', { file: 'lesson.yaml' }, 'there is no lesson.yaml');
    return { lesson: null, problems };
  }
  const read = readYaml(name('lesson.yaml'), yaml, lessonSchema);
  problems.push(...read.problems);
  for (const lang of ['zh', 'en'] as const) if (files[`${lang}.md`] === undefined) say(`${lang}.md`, 1, 'lesson.noFile', { file: `${lang}.md` }, `there is no ${lang}.md`);
  if (read.value === null) return { lesson: null, problems };
  const data = read.value as Lesson;
  const group = (sub: string): Record<string, string> => Object.fromEntries(Object.entries(files).filter(([f]) => f.startsWith(`${sub}/`) && f.endsWith('.lab')).map(([f, t]) => [f.slice(sub.length + 1, -4), t]));
  const lesson: LoadedLesson = { data, markdown: { zh: files['zh.md'] ?? '', en: files['en.md'] ?? '' }, solutions: group('solutions'), wrong: group('wrong'), detours: group('detours') };
  problems.push(...lint(lesson, files, name, read.at));
  return { lesson, problems };
}

/** Cross-checks: hosts and steps that exist, the same steps and tokens in both languages, .lab files that parse. */
function lint(l: LoadedLesson, files: Readonly<Record<string, string>>, name: (f: string) => string, at: (path: readonly PropertyKey[]) => { line: number; column: number }): Problem[] {
  const out: Problem[] = [];
  const yaml = name('lesson.yaml');
  const { lesson, values } = instantiate(l, 0);
  const hosts = lesson.lab.hosts;
  for (const p of topologyProblems(topologyOfLesson(lesson))) out.push({ file: yaml, ...at(['lab', 'hosts', p.args['host'] ?? '', 'interfaces', p.args['iface'] ?? '']), key: p.key, args: p.args, text: `${p.key.replace('topology.', '')}: ${Object.values(p.args).join(' ')}` });
  const unknownHost = (host: string, where: { line: number; column: number }, file: string): void => {
    const guess = nearest(host, Object.keys(hosts));
    out.push({ file, ...where, key: 'lesson.noHost', args: { host, guess: guess ?? '' }, text: `there is no host '${host}' in this lab${guess === null ? '' : `; did you mean '${guess}'?`}` });
  };
  (lesson.clusters ?? []).forEach((c, i) => {
    for (const h of [c.on, ...c.servers]) if (hosts[h] === undefined) unknownHost(h, at(['clusters', i]), yaml);
  });
  const ids = lesson.steps.map((s) => s.id);
  lesson.steps.forEach((s, i) => {
    if (ids.indexOf(s.id) !== i) out.push({ file: yaml, ...at(['steps', i, 'id']), key: 'lesson.stepTwice', args: { step: s.id }, text: `step '${s.id}' appears twice` });
    for (const n of s.needs) if (!ids.includes(n)) out.push({ file: yaml, ...at(['steps', i, 'needs']), key: 'lesson.noStep', args: { step: n }, text: `needs step '${n}', which does not exist` });
    for (const n of s.needs) if (ids.indexOf(n) >= i) out.push({ file: yaml, ...at(['steps', i, 'needs']), key: 'lesson.needsLater', args: { step: n }, text: `needs step '${n}', which does not come before it` });
    s.checks.forEach((c, k) => {
      for (const h of kindOf(c).hosts(c.args)) if (hosts[h] === undefined) unknownHost(h, at(['steps', i, 'checks', k]), yaml);
    });
  });
  if (lesson.pass !== undefined && lesson.kind !== 'exam') out.push({ file: yaml, ...at(['pass']), key: 'lesson.passOfExam', args: {}, text: 'only an exam has pass' });
  if (lesson.kind === 'exam' && lesson.steps.every((s) => s.points === 0)) out.push({ file: yaml, ...at(['steps']), key: 'lesson.examPoints', args: {}, text: 'an exam needs steps with points' });
  const both = { zh: parseWords(l.markdown.zh), en: parseWords(l.markdown.en) };
  for (const lang of ['zh', 'en'] as const) {
    const file = name(`${lang}.md`);
    for (const p of both[lang].problems) out.push({ file, line: p.line, column: 1, key: p.key, args: p.args, text: `${p.key.replace('words.', '')} ${Object.values(p.args).join(' ')}` });
    if (lesson.kind === 'exam') for (const [id, w] of Object.entries(both[lang].words.steps)) if (w.hints.length > 0) out.push({ file, line: w.line, column: 1, key: 'words.examHints', args: { step: id }, text: `an exam gives no hints, but step '${id}' has some` });
    for (const id of ids) if (both[lang].words.steps[id] === undefined) out.push({ file, line: 1, column: 1, key: 'words.noStep', args: { step: id }, text: `no heading '## ${id} ...' for step '${id}'` });
    for (const [id, s] of Object.entries(both[lang].words.steps)) if (!ids.includes(id)) out.push({ file, line: s.line, column: 1, key: 'words.unknownStep', args: { step: id }, text: `heading for '${id}', which is no step${nearest(id, ids) === null ? '' : `; did you mean '${nearest(id, ids)}'?`}` });
    for (const t of tokensOf(l.markdown[lang])) if (lesson.variables[t] === undefined) out.push({ file, line: 1, column: 1, key: 'words.unknownToken', args: { token: t }, text: `{{${t}}} is no variable` });
  }
  const zh = tokensOf(l.markdown.zh).join(' ');
  const en = tokensOf(l.markdown.en).join(' ');
  if (zh !== en) out.push({ file: name('en.md'), line: 1, column: 1, key: 'words.tokensDiffer', args: { zh, en }, text: `tokens differ: zh has '${zh}', en has '${en}'` });
  for (const lang of ['zh', 'en'] as const) {
    for (const d of demosOf(both[lang].words)) {
      for (const x of d.lines) {
        const named = x.kind === 'camera' ? x.hosts : x.kind === 'show' && x.host !== '' ? [x.host] : x.kind === 'act' && 'host' in x.action ? [x.action.host] : [];
        for (const h of named) if (hosts[h] === undefined) unknownHost(h, { line: x.kind === 'act' ? x.action.line : x.line, column: 1 }, name(`${lang}.md`));
      }
    }
  }
  // The words of a demonstration may differ between languages; what it does may not.
  const plays = (w: Words): string => JSON.stringify(demosOf(w).map((d) => [d.id, d.lines.map((x) => (x.kind === 'act' ? { ...x.action, line: 0 } : x.kind === 'pause' ? [x.at, x.choices.map((c) => c.right)] : x.kind === 'camera' ? x.hosts : x.kind === 'show' ? [x.view, x.host] : ''))]));
  if (plays(both.zh.words) !== plays(both.en.words)) out.push({ file: name('en.md'), line: 1, column: 1, key: 'words.demosDiffer', args: {}, text: 'demo blocks differ between zh and en' });
  const consoles = (w: Words): string => JSON.stringify([...w.intro, ...Object.values(w.steps).flatMap((s) => s.blocks)].filter((b) => b.kind === 'console'));
  if (consoles(both.zh.words) !== consoles(both.en.words)) out.push({ file: name('en.md'), line: 1, column: 1, key: 'words.commandsDiffer', args: {}, text: 'console blocks differ between zh and en' });
  for (const [f, text] of Object.entries(files)) {
    if (!f.endsWith('.lab')) continue;
    const lab = parseLabFile(substitute(text, values));
    for (const p of lab.problems) out.push({ file: name(f), line: p.line, column: 1, key: p.key, args: p.args, text: `${p.key.replace('labfile.', '')}: ${Object.values(p.args).join(' ')}` });
    for (const a of lab.actions) if ('host' in a && hosts[a.host] === undefined) unknownHost(a.host, { line: a.line, column: 1 }, name(f));
    if (f.startsWith('wrong/') && !ids.includes(lab.fails)) out.push({ file: name(f), line: 1, column: 1, key: 'labfile.noFails', args: {}, text: "the first line must say '# fails: STEP  misconception: NAME'" });
  }
  return out;
}

/** Reads course.yaml. */
export function loadCourse(text: string): { course: Course | null; problems: Problem[] } {
  const r = readYaml('course.yaml', text, courseSchema);
  return { course: r.value as Course | null, problems: r.problems };
}

// Loads a lesson from its files, or says file:line:column what is wrong. Files come as texts, so browser, CLI and tests load alike.
import type { Topology, TopologyHost, TopologyInterface } from '../lab/topology';
import { topologyProblems } from '../lab/topology';
import { Lab } from '../lab/lab';
import { type LabFile, parseLabFile } from './labfile';
import { courseSchema, type CourseSpec, lessonSchema, type LessonSpec } from './schema';
import { drawVariables, fill, fillDeep, tokensOf, type Values } from './variables';
import { parseWords, type Words } from './words';
import { type Problem, problem, readYaml, suggestion } from './yaml_source';

export type { Problem } from './yaml_source';
export type Language = 'zh' | 'en';

/** A lesson ready for one student: variables are drawn and filled in everywhere. */
export interface Lesson {
  id: string;
  spec: LessonSpec;
  seed: number;
  values: Values;
  words: Record<Language, Words>;
  topology: Topology;
  /** Lines typed before the learner arrives. */
  start: { host: string; line: string }[];
  solutions: Record<string, LabFile>;
  wrong: Record<string, LabFile>;
  detours: Record<string, LabFile>;
}

/** Files of one lesson folder by path relative to it: 'lesson.yaml', 'zh.md', 'solutions/a.lab' ... */
export type LessonFiles = Readonly<Record<string, string>>;

/** A lesson for `seed` (0: the examples of its variables), or what is wrong with it. */
export function loadLesson(files: LessonFiles, seed: number): { lesson: Lesson | null; problems: Problem[] } {
  const problems: Problem[] = [];
  for (const need of ['lesson.yaml', 'zh.md', 'en.md']) if (files[need] === undefined) problems.push(problem(need, 1, 1, 'lesson.missingFile', {}));
  const source = files['lesson.yaml'];
  if (source === undefined) return { lesson: null, problems };
  const read = readYaml('lesson.yaml', source, lessonSchema);
  problems.push(...read.problems);
  const raw = read.value;
  if (raw === null) return { lesson: null, problems };
  const names = Object.keys(raw.variables);
  for (const [file, text] of Object.entries(files)) {
    for (const token of tokensOf(text)) if (!names.includes(token)) problems.push(problem(file, lineOf(text, `{{${token}}}`), 1, 'lesson.variable', { name: token }));
  }
  const values = drawVariables(raw, seed);
  const spec = fillDeep(raw, values);
  const steps = spec.steps.map((s) => s.id);
  spec.steps.forEach((s, i) => {
    for (const n of s.needs) {
      if (steps.includes(n)) continue;
      const at = read.place(['steps', i, 'needs']);
      problems.push(problem('lesson.yaml', at.line, at.column, 'lesson.unknownStep', { name: n, suggestion: suggestion(n, steps) }));
    }
  });
  const hosts = Object.keys(spec.lab.hosts);
  const topology = topologyOf(spec);
  for (const p of topologyProblems(topology)) {
    const at = read.place(['lab', 'hosts', p.args.host ?? '', 'interfaces', p.args.iface ?? '']);
    problems.push(problem('lesson.yaml', at.line, at.column, 'lesson.topology', { what: `${p.key.replace('topology.', '')} ${Object.values(p.args).join(' ')}` }));
  }
  const start = parseLabFile('lesson.yaml', spec.lab.start.join('\n'), hosts);
  const startAt = read.place(['lab', 'start']);
  problems.push(...start.problems.map((p) => problem('lesson.yaml', startAt.line + p.line, p.column, p.key, p.args)));
  const words = { zh: wordsOf(files, 'zh', values, steps, problems), en: wordsOf(files, 'en', values, steps, problems) };
  const folder = (name: string): Record<string, LabFile> => {
    const out: Record<string, LabFile> = {};
    for (const [path, text] of Object.entries(files)) {
      if (!path.startsWith(`${name}/`) || !path.endsWith('.lab')) continue;
      const parsed = parseLabFile(path, fill(text, values), hosts);
      problems.push(...parsed.problems);
      out[path.slice(name.length + 1, -'.lab'.length)] = parsed;
    }
    return out;
  };
  const lesson: Lesson = {
    id: spec.id, spec, seed, values, words, topology, start: start.acts.flatMap((a) => (a.do === 'run' ? [{ host: a.host, line: a.line }] : [])),
    solutions: folder('solutions'), wrong: folder('wrong'), detours: folder('detours'),
  };
  return { lesson: problems.length === 0 ? lesson : null, problems };
}

const lineOf = (text: string, what: string): number => text.slice(0, Math.max(0, text.indexOf(what))).split('\n').length;

function wordsOf(files: LessonFiles, lang: Language, values: Values, steps: readonly string[], problems: Problem[]): Words {
  const file = `${lang}.md`;
  const words = parseWords(fill(files[file] ?? '', values));
  if (files[file] === undefined) return words;
  if (words.title === '') problems.push(problem(file, 1, 1, 'lesson.title', {}));
  for (const s of words.steps) {
    if (!steps.includes(s.id)) problems.push(problem(file, s.line, 4, 'lesson.unknownStep', { name: s.id, suggestion: suggestion(s.id, steps) }));
  }
  const order = words.steps.map((s) => s.id);
  if (order.every((s) => steps.includes(s)) && order.join() !== steps.join()) {
    problems.push(problem(file, words.steps[0]?.line ?? 1, 1, 'lesson.stepOrder', { words: order.join(', ') || '-', steps: steps.join(', ') }));
  }
  return words;
}

/** The topology a lesson describes, on the image students know (`el`). */
export function topologyOf(spec: LessonSpec): Topology {
  return {
    image: 'el',
    segments: Object.entries(spec.lab.segments).map(([name, subnet]) => ({ name, subnet })),
    hosts: Object.entries(spec.lab.hosts).map(([name, h]): TopologyHost => {
      const interfaces: Record<string, TopologyInterface> = {};
      for (const [dev, i] of Object.entries(h.interfaces)) {
        if (typeof i === 'string') {
          const [segment, address] = i.split(' ');
          interfaces[dev] = { segment: segment!, ...(address === undefined ? {} : { address }) };
        } else interfaces[dev] = definedOnly(i);
      }
      const { services, interfaces: _written, ...rest } = h;
      const pages = services?.httpd;
      return {
        name, ...definedOnly(rest), interfaces,
        ...(pages === undefined ? {} : { services: [{ type: 'http' as const, port: 80, body: '', pages: Object.fromEntries(Object.entries(pages).map(([p, text]) => [p.replace(/^\//, ''), `${text}\n`])) }] }),
      };
    }),
  };
}

/** Drops keys whose value is undefined (exactOptionalPropertyTypes). */
function definedOnly<T extends object>(x: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(x).filter(([, v]) => v !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Boots the lab of a lesson. */
export function startLesson(lesson: Lesson, opts: { terminals?: boolean } = {}): Lab {
  return Lab.create(lesson.topology, { seed: lesson.seed, start: lesson.start, lesson: lesson.id, ...opts });
}

/** The course, or what is wrong with course.yaml. */
export function loadCourse(source: string): { course: CourseSpec | null; problems: Problem[] } {
  const read = readYaml('course.yaml', source, courseSchema);
  return { course: read.value, problems: read.problems };
}

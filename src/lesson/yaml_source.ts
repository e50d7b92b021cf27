// YAML with places: parses a file against a schema and says file:line:column and what was expected for every defect.
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A defect of a lesson's files. `key` and `args` are for translation; `text` is the English sentence with its place. */
export interface Problem {
  file: string;
  line: number;
  column: number;
  key: string;
  args: Record<string, string>;
  text: string;
}

/** Makes a problem with its English text. */
export function problem(file: string, line: number, column: number, key: string, args: Record<string, string>): Problem {
  const said = (PROBLEM_TEXT[key] ?? key).replace(/\{(\w+)\}/g, (_, name: string) => args[name] ?? '');
  return { file, line, column, key, args, text: `${file}:${line}:${column}: ${said}` };
}

const PROBLEM_TEXT: Record<string, string> = {
  'lesson.yaml': 'not YAML: {what}',
  'lesson.expected': '{where}: expected {expected}',
  'lesson.unknownKey': 'unknown key {name}{suggestion}',
  'lesson.missingFile': 'the file is missing',
  'lesson.unknownStep': 'step {name} does not exist{suggestion}',
  'lesson.stepOrder': 'the words have the steps {words}, lesson.yaml has {steps}',
  'lesson.tokens': '{{{name}}} is used here but not in {other}',
  'lesson.variable': 'variable {name} is not declared in lesson.yaml',
  'lesson.labLine': 'expected "HOST# command", "wait 3s", "HOST edit /path <<EOF", "unplug HOST IFACE" or "reboot HOST"; found {found}',
  'lesson.unknownHost': 'host {name} is not in the lab{suggestion}',
  'lesson.topology': '{what}',
  'lesson.title': 'expected a first line "# title"',
};

/** The known word nearest to `word`, as " (did you mean X?)", or ''. */
export function suggestion(word: string, known: readonly string[]): string {
  let best = '';
  let least = 4;
  for (const k of known) {
    const d = distance(word, k);
    if (d < least && d < Math.max(word.length, 2)) {
      least = d;
      best = k;
    }
  }
  return best === '' ? '' : ` (did you mean ${best}?)`;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}

/** Parses and validates; `value` is null when there is a problem. */
export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): { value: T | null; problems: Problem[]; place: (path: PropertyKey[]) => { line: number; column: number } } {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (path: PropertyKey[]): { line: number; column: number } => {
    for (let n = path.length; n >= 0; n--) {
      const at = offsetOf(doc, path.slice(0, n));
      if (at !== null) {
        const p = lines.linePos(at);
        return { line: p.line, column: p.col };
      }
    }
    return { line: 1, column: 1 };
  };
  if (doc.errors.length > 0) {
    return {
      value: null, place,
      problems: doc.errors.map((e) => {
        const p = lines.linePos(e.pos[0]);
        return problem(file, p.line, p.col, 'lesson.yaml', { what: e.message });
      }),
    };
  }
  const parsed = schema.safeParse(doc.toJS());
  if (parsed.success) return { value: parsed.data, problems: [], place };
  return { value: null, place, problems: parsed.error.issues.flatMap((i) => issueProblems(file, i, place)) };
}

function issueProblems(file: string, i: z.core.$ZodIssue, place: (path: PropertyKey[]) => { line: number; column: number }): Problem[] {
  if (i.code === 'unrecognized_keys') {
    return i.keys.map((name) => {
      const at = place([...i.path, name]);
      return problem(file, at.line, at.column, 'lesson.unknownKey', { name, suggestion: '' });
    });
  }
  if (i.code === 'invalid_union') {
    // The branch with the deepest complaint is the one the author meant.
    const branches = i.errors.map((e) => e.map((x) => ({ ...x, path: [...i.path, ...x.path] }) as z.core.$ZodIssue));
    const meant = branches.sort((a, b) => Math.max(0, ...b.map((x) => x.path.length)) - Math.max(0, ...a.map((x) => x.path.length)))[0];
    if (meant !== undefined && meant.length > 0) return meant.flatMap((x) => issueProblems(file, x, place));
  }
  const at = place(i.path);
  return [problem(file, at.line, at.column, 'lesson.expected', { where: i.path.map(String).join('.') || 'the file', expected: expected(i) })];
}

function expected(i: z.core.$ZodIssue): string {
  switch (i.code) {
    case 'invalid_type':
      return `${i.expected}${i.input === undefined ? ' (it is missing)' : ''}`;
    case 'invalid_value':
      return `one of ${i.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${i.minimum}`;
    case 'too_big':
      return `at most ${i.maximum}`;
    case 'invalid_format':
      return i.message.startsWith('Invalid') ? (i.pattern ?? i.format) : i.message;
    default:
      return i.message;
  }
}

/** Offset of the node at `path`: of a key in a map, else of the value. */
function offsetOf(doc: ReturnType<typeof parseDocument>, path: PropertyKey[]): number | null {
  let node: unknown = doc.contents;
  let at: number | null = rangeStart(node);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((p) => String(isScalar(p.key) ? p.key.value : p.key) === String(key));
      if (pair === undefined) return null;
      at = rangeStart(pair.key);
      node = pair.value;
    } else {
      const items = (node as { items?: unknown[] } | null)?.items;
      node = items?.[Number(key)];
      if (node === undefined) return null;
      at = rangeStart(node);
    }
  }
  return at;
}

const rangeStart = (node: unknown): number | null => (node as { range?: [number, number, number] } | null)?.range?.[0] ?? null;

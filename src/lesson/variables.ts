// A lesson's variables: drawn from the student's seed by name, so that a new variable shifts no other; {{name}} stands for the value in every file.
import { hash32 } from '../lib/rng';
import { ipText, parseIp } from '../wire/ipv4';
import type { Lesson } from './schema';

/** Values of a lesson's variables for a seed. Seed 0 gives every variable its example. */
export function drawVariables(lesson: Pick<Lesson, 'id' | 'variables'>, seed: number): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, v] of Object.entries(lesson.variables)) {
    const die = 'oneOf' in v ? (v.along ?? name) : name;
    const dice = hash32(`${seed}/${lesson.id}/${die}/${hash32(`${die}${seed}`)}`);
    if ('address' in v) {
      const a = v.address;
      const [net] = a.in.split('/');
      if (seed === 0 && v.example !== undefined) out[name] = v.example;
      else out[name] = ipText(((parseIp(net!)! & ~255) | (a.from + (dice % (a.to - a.from + 1)))) | 0);
    } else if ('number' in v) out[name] = seed === 0 && v.example !== undefined ? String(v.example) : String(v.number.from + (dice % (v.number.to - v.number.from + 1)));
    else out[name] = seed === 0 ? v.oneOf[0]! : v.oneOf[dice % v.oneOf.length]!;
  }
  return out;
}

/** The same structure with every {{name}} replaced, in keys too. */
export function substitute<T>(x: T, values: Readonly<Record<string, string>>): T {
  if (typeof x === 'string') return x.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (all, name: string) => values[name] ?? all) as T;
  if (Array.isArray(x)) return x.map((y) => substitute(y, values)) as T;
  if (typeof x === 'object' && x !== null) return Object.fromEntries(Object.entries(x).map(([k, v]) => [substitute(k, values), substitute(v, values)])) as T;
  return x;
}

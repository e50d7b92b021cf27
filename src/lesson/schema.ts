// What a lesson.yaml may say, as zod schemas: the one place that names every key. Errors are worded by load.ts with file, line and column.
import { z } from 'zod';
import { type CheckSpec, checkSchema } from './checks/index';

const both = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) });
const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and -');

const variable = z.union([
  z.strictObject({ address: z.strictObject({ in: z.string(), from: z.number().int().min(1).max(254), to: z.number().int().min(1).max(254) }), example: z.string().optional() }),
  z.strictObject({ number: z.strictObject({ from: z.number().int(), to: z.number().int() }), example: z.number().int().optional() }),
  /** `along`: drawn together with that variable, the word at the same place. */
  z.strictObject({ oneOf: z.array(z.string()).min(1), along: z.string().optional() }),
]);

const interfaceLong = z.strictObject({
  segment: z.string().optional(), address: z.string().optional(),
  addresses: z.array(z.union([z.string(), z.strictObject({ address: z.string(), label: z.string().optional() })])).optional(),
  mac: z.string().optional(), up: z.boolean().optional(), mtu: z.number().int().optional(), loss: z.number().min(0).max(1).optional(), delayMs: z.number().min(0).optional(), rateMbit: z.number().optional(),
});

const host = z.strictObject({
  role: z.enum(['client', 'director', 'real-server', 'router', 'storage']).optional(),
  image: z.enum(['el', 'debian-12']).optional(),
  interfaces: z.record(z.string(), z.union([z.string().regex(/^\S+ \S+$/, "'SEGMENT ADDRESS/PREFIX'"), interfaceLong])),
  gateway: z.string().optional(),
  routes: z.array(z.string()).optional(),
  sysctl: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  files: z.record(z.string(), z.union([z.string(), z.strictObject({ content: z.string(), mode: z.string().optional() })])).optional(),
  packages: z.array(z.string()).optional(),
  /** Unit to pages: { httpd: { /test.html: web52 } }; it runs when the learner arrives. */
  services: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  enabled: z.array(z.string()).optional(),
});

/** A cluster that no ipvs check describes, for the words about what went wrong. */
const cluster = z.strictObject({
  on: z.string(),
  service: z.string().regex(/^tcp \S+:\d+$/, "'tcp ADDRESS:PORT'"),
  mode: z.enum(['route', 'masq', 'tunnel']),
  servers: z.array(z.string()).min(1),
  /** It is taken down in this lesson. */
  gone: z.boolean().default(false),
});

const step = z.strictObject({
  id: name,
  points: z.number().int().min(0).default(0),
  needs: z.array(name).default([]),
  checks: z.array(checkSchema).min(1),
});

export const lessonSchema = z.strictObject({
  id: name,
  kind: z.enum(['guided', 'challenge', 'breakfix', 'quiz', 'exam']),
  title: both,
  minutes: z.number().int().positive(),
  needs: z.array(name).default([]),
  track: z.enum(['core', 'optional']).default('core'),
  /** Of an exam: how many points of a hundred are enough. Default 60. */
  pass: z.number().int().min(1).max(100).optional(),
  variables: z.record(z.string(), variable).default({}),
  clusters: z.array(cluster).optional(),
  lab: z.strictObject({
    image: z.enum(['el', 'debian-12']).default('el'),
    segments: z.record(z.string(), z.string()),
    hosts: z.record(z.string(), host),
    /** Typed before the learner arrives. */
    start: z.array(z.string().regex(/^\S+# ./, "'HOST# command'")).default([]),
  }),
  steps: z.array(step).min(1),
});

export type Lesson = Omit<z.infer<typeof lessonSchema>, 'steps'> & { steps: { id: string; points: number; needs: string[]; checks: CheckSpec[] }[] };

export const courseSchema = z.strictObject({
  title: both.optional(),
  chapters: z.array(z.strictObject({ id: name, title: both, lessons: z.array(name) })).min(1),
});
export type Course = z.infer<typeof courseSchema>;

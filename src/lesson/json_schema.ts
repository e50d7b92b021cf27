// The schema of lesson.yaml as JSON Schema, so that editors complete and complain while one types.
import { z } from 'zod';
import { checkSchema, kinds } from './checks/index';
import { courseSchema, lessonSchema } from './schema';

type Json = Record<string, unknown>;

/** Wherever a check may stand, the definition of all checks is meant. */
function convert(schema: z.ZodType): Json {
  const made = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: (ctx) => {
      if ((ctx.zodSchema as unknown) !== (checkSchema as unknown)) return;
      for (const k of Object.keys(ctx.jsonSchema)) delete (ctx.jsonSchema as Json)[k];
      (ctx.jsonSchema as Json)['$ref'] = '#/$defs/check';
    },
  }) as Json;
  delete made['$schema'];
  return made;
}

/** JSON Schema (2020-12) of lesson.yaml or course.yaml. */
export function jsonSchema(of: 'lesson' | 'course' = 'lesson'): Json {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: of === 'lesson' ? 'lesson.yaml' : 'course.yaml' };
  if (of === 'course') return { ...head, ...convert(courseSchema) };
  const { $defs, ...lesson } = convert(lessonSchema) as Json & { $defs?: Json };
  const check = { oneOf: kinds.map((k) => ({ type: 'object', properties: { [k.name]: { $ref: `#/$defs/check-${k.name}` } }, required: [k.name], additionalProperties: false })) };
  const defs: Json = { check };
  for (const k of kinds) {
    // What a kind's own schema defines is moved to the top, under the kind's name.
    const { $defs: inner, ...rest } = convert(k.schema()) as Json & { $defs?: Json };
    const moved = (x: unknown): unknown => {
      if (Array.isArray(x)) return x.map(moved);
      if (typeof x !== 'object' || x === null) return x;
      return Object.fromEntries(Object.entries(x).map(([key, v]) => [key, key === '$ref' && typeof v === 'string' && v.startsWith('#/$defs/__') ? v.replace('#/$defs/', `#/$defs/${k.name}`) : moved(v)]));
    };
    defs[`check-${k.name}`] = moved(rest);
    for (const [n, d] of Object.entries(inner ?? {})) if (n.startsWith('__')) defs[`${k.name}${n}`] = moved(d);
  }
  return { ...head, ...lesson, $defs: { ...($defs as Json | undefined), ...defs } };
}

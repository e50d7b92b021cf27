// Check `choice`: a question with one right answer, or several that must all be chosen.
import { later } from '../../lib/later';
import { z } from 'zod';
import { idOf, judge, option, parts, question } from './answer';
import { type CheckContext, kind, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({ ...question(), answer: z.union([z.string(), z.array(z.string()).min(1)]), options: z.array(option()).min(2) }));
type Args = z.infer<ReturnType<typeof schema>>;

export const choice = kind({
  name: 'choice',
  schema: later(() => schema().refine((a) => (Array.isArray(a.answer) ? a.answer : [a.answer]).every((x) => a.options.some((o) => idOf(o) === x)), 'the answer is one of the options')),
  hosts: () => [],
  reads: () => true,
  run: (ctx: CheckContext, a: Args): Verdict => {
    const right = a.answer;
    if (!Array.isArray(right)) return judge(ctx, a, (given) => given === right);
    // Of several: the explanation of the first that is too many, else that one is missing.
    return judge(ctx, a, (given) => [...parts(given)].sort().join() === [...right].sort().join(), (given) => {
      const extra = parts(given).filter((x) => !right.includes(x));
      const said = extra.map((x) => a.explain?.[x]).find((x) => x !== undefined);
      return said !== undefined ? msg('quiz.why', said) : msg(extra.length > 0 ? 'why.choiceExtra' : 'why.choiceMissing', { n: extra.length > 0 ? extra.length : right.length - parts(given).length });
    });
  },
});

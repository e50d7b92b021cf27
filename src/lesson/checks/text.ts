// Check `text`: an answer typed in. Case, full-width forms and spaces do not matter; `pattern` is a regular expression over the whole answer.
import { later } from '../../lib/later';
import { z } from 'zod';
import { judge, plain, question } from './answer';
import { type CheckContext, kind, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({ ...question(), accept: z.array(z.union([z.string(), z.number()])).optional(), pattern: z.string().optional() }));
type Args = z.infer<ReturnType<typeof schema>>;

export const text = kind({
  name: 'text',
  schema: later(() => schema().refine((a) => a.accept !== undefined || a.pattern !== undefined, 'accept or pattern')),
  hosts: () => [],
  reads: () => true,
  run: (ctx: CheckContext, a: Args): Verdict =>
    judge(ctx, a, (given) => (a.accept ?? []).some((x) => plain(String(x)) === plain(given)) || (a.pattern !== undefined && new RegExp(`^(?:${a.pattern})$`, 'i').test(plain(given)))),
});

// Check `order`: put things in the right order. The items are written in that order; the page shuffles them. The answer is their ids with commas.
import { later } from '../../lib/later';
import { z } from 'zod';
import { idOf, judge, option, parts, question } from './answer';
import { type CheckContext, kind, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({ ...question(), items: z.array(option()).min(2) }));
type Args = z.infer<ReturnType<typeof schema>>;

export const order = kind({
  name: 'order',
  schema,
  hosts: () => [],
  reads: () => true,
  run: (ctx: CheckContext, a: Args): Verdict => {
    const right = a.items.map(idOf);
    return judge(ctx, a, (given) => parts(given).join() === right.join(), (given) => {
      const at = right.findIndex((id, n) => parts(given)[n] !== id);
      return msg('why.orderAt', { n: at + 1 });
    });
  },
});

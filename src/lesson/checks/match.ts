// Check `match`: pair things up. `pairs` maps each left side to its right side; the answer is 'left=right' with commas.
import { later } from '../../lib/later';
import { z } from 'zod';
import { both, judge, parts, question } from './answer';
import { type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const schema = later(() => z.strictObject({
  ...question(),
  pairs: z.record(z.string(), z.string()),
  /** Words for sides that differ between languages, by side. */
  words: z.record(z.string(), both()).optional(),
  /** Right sides that belong to nobody. */
  extra: z.array(z.string()).optional(),
}));
type Args = z.infer<ReturnType<typeof schema>>;

export const match = kind({
  name: 'match',
  schema,
  hosts: () => [],
  reads: () => true,
  run: (ctx: CheckContext, a: Args): Verdict => {
    const wrongIn = (given: string): string[] => {
      const said = new Map(parts(given).map((p) => [p.slice(0, p.indexOf('=')).trim(), p.slice(p.indexOf('=') + 1).trim()]));
      return Object.entries(a.pairs).filter(([l, r]) => said.get(l) !== r).map(([l]) => l);
    };
    return judge(ctx, a, (given) => wrongIn(given).length === 0, (given) => msg('why.matchWrong', { items: list(wrongIn(given)) }));
  },
});

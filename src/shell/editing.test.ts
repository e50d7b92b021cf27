// Lines that need more lines: the short cut for long pastes says what a parse of the whole text would say.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leftOpen, staysOpen } from './editing';

const line = fc.oneof(
  fc.constantFrom('cat <<EOF', 'cat <<-E <<F', "cat <<'E'", 'EOF', '\tE', 'E', 'F', 'echo "', "it's", '"', "'", 'x=$(', ')', '`', 'while :; do', 'done', 'if a; then', 'fi', '{', '}', 'a \\', '', 'f() {', 'case x in', 'x) y;;', 'esac', '${x', '$((1', '))'),
  fc.string({ maxLength: 6, unit: 'grapheme-ascii' }).map((s) => s.replace(/\n/g, '')),
);

it('a line that stays open by its looks leaves the text open', () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 2, maxLength: 8 }), (lines) => {
      let text = '';
      for (const l of lines) {
        const open = text === '' ? null : leftOpen(text, false);
        if (text !== '' && open === null) return;
        text += `${l}\n`;
        if (open !== null && staysOpen(open, l)) expect([text, leftOpen(text, false)?.why]).toEqual([text, open.why]);
      }
    }),
    { numRuns: 2000 },
  );
});

// Check `file`: a file exists, is executable, has or lacks a line.
import { z } from 'zod';
import type { Lab } from '../../lab/lab';
import { utf8Decode } from '../../lab/text';
import { type CheckKind, type Finding, message } from '../check';

const schema = z.strictObject({
  on: z.string(), path: z.string().startsWith('/'), exists: z.boolean().default(true), executable: z.boolean().optional(), has_line: z.string().optional(), lacks_line: z.string().optional(),
});
type Args = z.infer<typeof schema>;

/** Lines compared without blanks around `=` and at the ends, as sysctl.conf and shells read them. */
const tidy = (line: string): string => line.trim().replace(/\s*=\s*/, '=').replace(/\s+/g, ' ');

function* run(lab: Lab, a: Args): Generator<void, Finding> {
  const quoted = `'${a.path.replace(/'/g, '')}'`;
  const r = lab.exec(a.on, `cat ${quoted}`);
  yield;
  const args = { host: a.on, path: a.path };
  const expected = message('file.expected', { ...args, line: a.has_line ?? a.lacks_line ?? '' });
  const fail = (key: string, more: Record<string, string> = {}): Finding => ({ state: 'failed', host: a.on, expected, actual: message(key, { ...args, ...more }) });
  if ((r.status === 0) !== a.exists) return fail(a.exists ? 'file.missing' : 'file.exists');
  const lines = utf8Decode(r.stdout).split('\n').map(tidy);
  if (a.has_line !== undefined && !lines.includes(tidy(a.has_line))) return fail('file.noLine', { line: a.has_line });
  if (a.lacks_line !== undefined && lines.includes(tidy(a.lacks_line))) return fail('file.hasLine', { line: a.lacks_line });
  if (a.executable !== undefined && (lab.exec(a.on, `test -x ${quoted}`).status === 0) !== a.executable) return fail('file.notExecutable');
  return { state: 'passed', host: a.on, expected, actual: message('file.ok', args) };
}

/** A file's existence and lines. */
export const file: CheckKind<Args> = { name: 'file', schema: () => schema, run };

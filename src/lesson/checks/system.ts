// Checks of what is installed and running: `service`, `file`, `command`, `used`.
import { later } from '../../lib/later';
import { z } from 'zod';
import type { Steps } from '../../lib/steps';
import { utf8Decode } from '../../lab/text';
import { type CheckContext, kind, list, msg, type Verdict } from './check_kind';

const serviceSchema = later(() => z.strictObject({ on: z.string(), unit: z.string().optional(), running: z.boolean().optional(), enabled: z.boolean().optional(), listening: z.union([z.number().int(), z.string().regex(/^\{\{\w+\}\}$|^\d+$/, 'a port')]).optional() }));
type ServiceArgs = z.infer<ReturnType<typeof serviceSchema>>;

export const service = kind({
  name: 'service',
  schema: serviceSchema,
  hosts: (a: ServiceArgs) => [a.on],
  reads: () => true,
  run(ctx: CheckContext, a: ServiceArgs): Verdict {
    const name = a.unit ?? '';
    const unit = a.unit === undefined ? undefined : ctx.lab.hostView(a.on).units.find((u) => u.name === name || u.name === `${name}.service`);
    const ports = ctx.lab.look(a.on).sockets.filter((s) => s.state === 'LISTEN').map((s) => Number(s.local.slice(s.local.lastIndexOf(':') + 1)));
    const expected = msg('service.expect', { host: a.on, unit: name, port: a.listening ?? '' });
    const actual = msg('service.actual', { host: a.on, unit: name, active: unit?.active ?? '-', enabled: unit?.enabled ? 'enabled' : 'disabled', ports: list([...new Set(ports)].map(String)) });
    const fail = (key: string, args: Record<string, string | number>): Verdict => ({ state: 'failed', expected, actual, host: a.on, explanation: msg(key, { host: a.on, ...args }) });
    if (a.running !== undefined && (unit?.active === 'active') !== a.running) return fail(a.running ? 'why.unitStopped' : 'why.unitRunning', { unit: name });
    if (a.enabled !== undefined && (unit?.enabled ?? false) !== a.enabled) return fail(a.enabled ? 'why.unitDisabled' : 'why.unitEnabled', { unit: name });
    if (a.listening !== undefined && !ports.includes(Number(a.listening))) return fail('why.notListening', { port: a.listening });
    return { state: 'passed', expected, actual, host: a.on };
  },
});

const fileSchema = later(() => z.strictObject({
  on: z.string(), path: z.string(), exists: z.boolean().default(true), executable: z.boolean().optional(), mode: z.string().optional(), attributes: z.string().optional(),
  /** Each must be a line of the file, spaces squeezed and comments left out. */
  lines: z.array(z.string()).optional(),
  has_line: z.string().optional(),
  lacks_line: z.string().optional(),
  /** Must appear somewhere. */
  contains: z.union([z.string(), z.array(z.string())]).optional(),
}));
type FileArgs = z.infer<ReturnType<typeof fileSchema>>;
const squeeze = (l: string): string => l.trim().replace(/\s*=\s*/, '=').replace(/\s+/g, ' ');

export const file = kind({
  name: 'file',
  schema: fileSchema,
  hosts: (a: FileArgs) => [a.on],
  reads: () => true,
  run(ctx: CheckContext, a: FileArgs): Verdict {
    const info = ctx.lab.fileInfo(a.on, a.path);
    const text = utf8Decode(ctx.lab.readFile(a.on, a.path) ?? '');
    const lines = [...(a.lines ?? []), ...(a.has_line === undefined ? [] : [a.has_line])];
    const want = [...lines, ...(typeof a.contains === 'string' ? [a.contains] : (a.contains ?? []))];
    const expected = want.length === 0 && a.attributes !== undefined ? msg('file.expectAttributes', { host: a.on, path: a.path, attributes: a.attributes }) : msg('file.expect', { host: a.on, path: a.path, lines: list(want) });
    const mode = info === null ? '' : info.mode.toString(8);
    const actual = info === null ? msg('file.none', { host: a.on, path: a.path }) : msg('file.actual', { host: a.on, path: a.path, mode, bytes: text.length });
    const fail = (key: string, args: Record<string, string | number> = {}): Verdict => ({ state: 'failed', expected, actual, host: a.on, explanation: msg(key, { host: a.on, path: a.path, ...args }) });
    if ((info !== null) !== a.exists) return fail(a.exists ? 'why.fileMissing' : 'why.fileThere');
    if (info === null) return { state: 'passed', expected, actual, host: a.on };
    if (a.executable !== undefined && ((info.mode & 0o111) !== 0) !== a.executable) return fail('why.fileMode', { mode });
    if (a.mode !== undefined && Number.parseInt(a.mode, 8) !== info.mode) return fail('why.fileMode', { mode });
    if (a.attributes !== undefined && ![...a.attributes].every((c) => info.attrs.includes(c))) return fail('why.fileAttributes', { attributes: a.attributes });
    const have = text.split('\n').map((l) => squeeze(l));
    if (a.lacks_line !== undefined && have.includes(squeeze(a.lacks_line))) return { ...fail('why.fileLineLeft', { line: a.lacks_line }), about: 'left' };
    for (const l of lines) if (!have.includes(squeeze(l))) return fail('why.fileLine', { line: l });
    for (const c of typeof a.contains === 'string' ? [a.contains] : (a.contains ?? [])) if (!text.includes(c)) return fail('why.fileLine', { line: c });
    return { state: 'passed', expected, actual, host: a.on };
  },
});

const commandSchema = later(() => z.strictObject({ on: z.string(), run: z.string(), exit: z.number().int().optional(), prints: z.string().optional(), lacks: z.string().optional() }));
type CommandArgs = z.infer<ReturnType<typeof commandSchema>>;

export const commandCheck = kind({
  name: 'command',
  schema: commandSchema,
  hosts: (a: CommandArgs) => [a.on],
  *run(ctx: CheckContext, a: CommandArgs): Steps<Verdict> {
    const r = yield* ctx.lab.executing(a.on, a.run, { timeoutUs: 20_000_000 });
    const out = utf8Decode(r.stdout + r.stderr);
    const expected = msg('command.expect', { host: a.on, command: a.run, prints: a.prints ?? '', exit: a.exit ?? '' });
    const actual = msg('command.actual', { exit: r.status, text: out.trim().slice(0, 200) });
    const ok = (a.exit === undefined || r.status === a.exit) && (a.prints === undefined || out.includes(a.prints)) && (a.lacks === undefined || !out.includes(a.lacks));
    return { state: ok ? 'passed' : 'failed', expected, actual, host: a.on, ...(ok ? {} : { explanation: msg('why.command', { host: a.on, command: a.run }) }) };
  },
});

const usedSchema = later(() => z.strictObject({ on: z.string().optional(), command: z.string() }));
type UsedArgs = z.infer<ReturnType<typeof usedSchema>>;

export const used = kind({
  name: 'used',
  schema: usedSchema,
  hosts: (a: UsedArgs) => (a.on === undefined ? [] : [a.on]),
  reads: () => true,
  run(ctx: CheckContext, a: UsedArgs): Verdict {
    const words = a.command.split(/\s+/);
    const there = ctx.used.some((u) => (a.on === undefined || u.host === a.on) && words.every((w) => u.text.split(/\s+/).includes(w)));
    return {
      state: there ? 'passed' : 'failed', expected: msg('used.expect', { command: a.command }), actual: msg(there ? 'used.yes' : 'used.no', { command: a.command }),
      ...(a.on === undefined ? {} : { host: a.on }), ...(there ? {} : { explanation: msg('why.notUsed', { command: a.command }) }),
    };
  },
});

// The account files as shadow-utils handles them: /etc/passwd, shadow, group. Rows are kept as they are; a file that may not be written says so before anything changes.
import type { Process } from '../../host/process';
import { readFile, wallSeconds, writeFile } from '../../host/syscall';
import type { Bytes } from '../../lib/text';
import { colonRows } from '../files';
import { Fatal } from '../io';

export const PASSWD = '/etc/passwd';
export const SHADOW = '/etc/shadow';
export const GROUP = '/etc/group';

/** Exit statuses of useradd(8), userdel(8), groupadd(8). */
export const E = { CANNOT_UPDATE: 1, USAGE: 2, BAD_ARG: 3, ID_IN_USE: 4, NOT_FOUND: 6, IN_USE: 9, BUSY: 8, GROUP_UPDATE: 10, HOMEDIR: 12 } as const;

/** True on hosts of the Red Hat family, whose login.defs differ. */
export const redHat = (p: Process): boolean => p.host.image.packaging !== 'dpkg';

/** Days since 1970, as shadow(5) counts. */
export const today = (p: Process): number => Math.floor(wallSeconds(p) / 86400);

/** Locks and opens the files a tool is going to change. Throws Fatal as shadow-utils words it. */
export function openFiles(p: Process, who: string, files: readonly Bytes[]): void {
  for (const f of files) {
    if (p.uid !== 0) throw new Fatal(`${who}: Permission denied.\n${who}: cannot lock ${f}; try again later.\n`, f === GROUP ? E.GROUP_UPDATE : E.CANNOT_UPDATE);
    if (!p.host.vfs.access(p, f, 2)) throw new Fatal(`${who}: cannot open ${f}\n`, f === GROUP ? E.GROUP_UPDATE : E.CANNOT_UPDATE);
  }
}

/** Appends a row. */
export function addRow(p: Process, file: Bytes, fields: readonly (Bytes | number)[]): void {
  const text = readFile(p, file);
  writeFile(p, file, `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${fields.join(':')}\n`);
}

/** Changes the row named `name`; null takes it out. */
export function changeRow(p: Process, file: Bytes, name: Bytes, to: (fields: string[]) => string[] | null): void {
  const out = readFile(p, file).split('\n').flatMap((line) => {
    const fields = line.split(':');
    if (fields[0] !== name || line === '') return [line];
    const next = to(fields);
    return next === null ? [] : [next.join(':')];
  });
  writeFile(p, file, out.join('\n'));
}

/** The row named `name`, or undefined. */
export const rowOf = (p: Process, file: Bytes, name: Bytes): string[] | undefined => colonRows(p, file).find((r) => r[0] === name);

/** The next free id from `low` to `high`: one above the highest in use, as useradd picks. */
export function freeId(p: Process, file: Bytes, low: number, high: number): number {
  let id = low;
  for (const r of colonRows(p, file)) {
    const n = Number(r[2]);
    if (n >= id && n <= high) id = n + 1;
  }
  return id;
}

/** A name as shadow-utils accepts it. */
export const validName = (name: Bytes): boolean => /^[a-z_][a-z0-9_-]{0,30}\$?$/.test(name);

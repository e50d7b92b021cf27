// ipvsadm -R: command lines from standard input, each run as it is read. Counterpart: ipvsadm 1.31's restore_table.
// Words are split at white space, nothing is quoted, and a leading program name is skipped. Only what the kernel refuses lets it go on.
import type { Bytes } from '../../lib/text';

/** Words of one line; null for a line without a command. */
export function restoreWords(line: Bytes, name: Bytes): Bytes[] | null {
  const words = line.split(/[ \t\n\v\f\r]+/).filter((w) => w !== '');
  let from = 0;
  while (words[from] === name) from++;
  return from === words.length ? null : words.slice(from);
}

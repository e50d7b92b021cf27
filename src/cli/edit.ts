// A text in the reader's own editor ($VISUAL, $EDITOR, else vi), as crontab -e and git do it: a temporary copy, the editor in the foreground, the text back.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What came of it: the text as it was left, or why there is none. */
export type Edited = { text: string } | { problem: string };

/** The command line of the reader's editor; null when keys come from a pipe and none is named: vi would take them for its own. */
export const editorCommand = (env: Readonly<Record<string, string | undefined>>, keys: boolean): string | null => env['VISUAL'] || env['EDITOR'] || (keys ? 'vi' : null);

/** Opens `text` under the name of `path` in `editor` (a shell command line) and waits until it ends. `keys`: the reader sits at a terminal. */
export function editText(path: string, text: string, editor: string, keys: boolean): Edited {
  const folder = mkdtempSync(join(tmpdir(), 'lvslab-'));
  try {
    const file = join(folder, basename(path) || 'untitled');
    writeFileSync(file, text);
    const r = spawnSync('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: [keys ? 'inherit' : 'ignore', 'inherit', 'inherit'] });
    if (r.error !== undefined) return { problem: r.error.message };
    if (r.status !== 0) return { problem: `${editor}: exit status ${r.status ?? r.signal}` };
    return { text: readFileSync(file, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// Keys as the bytes a terminal sends, and their echo, for the moment in which the lab's own terminals are not there yet (xterm's keyboard; n_tty's echo).

const NAMED: Record<string, string> = {
  Enter: '\r', Backspace: '\x7f', Tab: '\t', Escape: '\x1b', Delete: '\x1b[3~', ArrowUp: '\x1b[A', ArrowDown: '\x1b[B', ArrowRight: '\x1b[C', ArrowLeft: '\x1b[D', Home: '\x1b[H', End: '\x1b[F', PageUp: '\x1b[5~', PageDown: '\x1b[6~',
};

/** What a key sends that puts no text into a text field; null for those that do, and for the browser's own. */
export function keyBytes(e: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey'>): string | null {
  if (e.metaKey) return null;
  const named = NAMED[e.key];
  if (named !== undefined) return e.ctrlKey || e.altKey || (e.shiftKey && e.key === 'Tab') ? null : named;
  const letter = /^Key([A-Z])$/.exec(e.code)?.[1];
  if (letter === undefined || e.shiftKey) return null;
  if (e.ctrlKey && !e.altKey) return String.fromCharCode(letter.charCodeAt(0) - 64);
  if (e.altKey && !e.ctrlKey) return `\x1b${letter.toLowerCase()}`;
  return null;
}

/** Text as a byte string of UTF-8; a pasted new line is Enter. */
export function textBytes(text: string): string {
  let out = '';
  for (const b of new TextEncoder().encode(text.replace(/\r\n|\n/g, '\r'))) out += String.fromCharCode(b);
  return out;
}

/** What a terminal shows of typed text: lines that were ended, and the one that can still be erased. */
export interface Echo { done: string; line: string }

/** The echo after `text` (Unicode, or a key's bytes): printed characters, erasing, ^C for a control character, nothing for a key that moves. */
export function echoed({ done, line }: Echo, text: string): Echo {
  if (text.startsWith('\x1b')) return { done, line };
  for (const c of text) {
    if (c === '\r' || c === '\n') { done += `${line}\n`; line = ''; }
    else if (c === '\x7f') line = [...line].slice(0, -1).join('');
    else if (c === '\x15') line = '';
    else if (c === '\t' || c >= ' ') line += c;
    else line += `^${String.fromCharCode(c.charCodeAt(0) + 64)}`;
  }
  return { done, line };
}

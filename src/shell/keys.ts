// What a terminal sends for keys, cut into single keys. Linux counterpart: xterm's control sequences, readline's key maps.
import { type Bytes, utf8Length } from '../lib/text';

/** The first key of typed bytes and what is left; null when the bytes are only the beginning of a key. */
export function firstKey(bytes: Bytes): { key: Bytes; rest: Bytes } | null {
  const c = bytes[0];
  if (c === undefined) return null;
  let n = 1;
  if (c === '\x1b') {
    if (bytes.length === 1) return null;
    if (bytes[1] === '[') {
      let i = 2;
      while (i < bytes.length && !/[@-~]/.test(bytes[i]!)) i++;
      if (i >= bytes.length) return bytes.length > 32 ? { key: '', rest: '' } : null;
      n = i + 1;
    } else if (bytes[1] === 'O') {
      if (bytes.length < 3) return null;
      n = 3;
    } else n = 2;
  } else {
    n = utf8Length(c.charCodeAt(0));
    if (bytes.length < n) return null;
    for (let i = 1; i < n; i++) if ((bytes.charCodeAt(i) & 0xc0) !== 0x80) n = 1;
  }
  return { key: bytes.slice(0, n), rest: bytes.slice(n) };
}

/** What a key does, by the bytes it sends (emacs mode). */
export const BINDINGS: Readonly<Record<string, string>> = {
  '\x01': 'home', '\x02': 'left', '\x03': 'interrupt', '\x04': 'delete-or-eof', '\x05': 'end', '\x06': 'right', '\x07': 'abort', '\x08': 'backspace',
  '\x09': 'complete', '\x0a': 'accept', '\x0b': 'kill-line', '\x0c': 'clear', '\x0d': 'accept', '\x0e': 'next', '\x10': 'previous',
  '\x12': 'search', '\x13': 'search-forward', '\x14': 'transpose', '\x15': 'kill-back', '\x16': 'literal', '\x17': 'kill-blank-word', '\x19': 'yank', '\x1f': 'undo', '\x7f': 'backspace',
  '\x1b[A': 'previous', '\x1b[B': 'next', '\x1b[C': 'right', '\x1b[D': 'left', '\x1b[H': 'home', '\x1b[F': 'end',
  '\x1bOA': 'previous', '\x1bOB': 'next', '\x1bOC': 'right', '\x1bOD': 'left', '\x1bOH': 'home', '\x1bOF': 'end',
  '\x1b[1~': 'home', '\x1b[4~': 'end', '\x1b[7~': 'home', '\x1b[8~': 'end', '\x1b[3~': 'delete', '\x1b[1;5C': 'word-right', '\x1b[1;5D': 'word-left',
  '\x1b[1;3C': 'word-right', '\x1b[1;3D': 'word-left', '\x1bf': 'word-right', '\x1bb': 'word-left', '\x1bd': 'kill-word', '\x1b\x7f': 'kill-word-back',
  '\x1b\x08': 'kill-word-back', '\x1b.': 'last-argument', '\x1b_': 'last-argument', '\x1bu': 'upcase', '\x1bl': 'downcase', '\x1bc': 'capitalize',
  '\x1b<': 'first-history', '\x1b>': 'last-history', '\x1b#': 'comment', '\x1br': 'revert', '\x1by': 'yank-pop',
  '\x1b[200~': 'paste-begin', '\x1b[201~': 'paste-end',
};

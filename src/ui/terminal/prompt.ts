// Makes a prompt quiet and the typed command strong, as the design shows it, by adding colour codes around what the shell prints.
// Only the picture changes: the bytes a learner copies are the shell's own.

const PROMPT = /(^|[\r\n]|\x1b\[[KJ])(\[\w+@)([\w.-]+)( [^\]\r\n\x1b]{1,80}\][#$] )/g;

/** Remembers whether the cursor stands behind a prompt. */
export class PromptPainter {
  private bold = false;
  private fresh = true;

  /** Bytes to show instead of `bytes`. */
  paint(bytes: string): string {
    let text = bytes;
    if (bytes.includes(']# ') || bytes.includes(']$ ')) {
      text = bytes.replace(PROMPT, (all, before: string, open: string, host: string, rest: string, at: number) => {
        if (at === 0 && before === '' && !this.fresh) return all;
        return `${before}\x1b[0;2m${open}\x1b[0m${host}\x1b[2m${rest}\x1b[0;1m`;
      });
    }
    // A command ends at the first new line behind its prompt.
    let out = '';
    let rest = text;
    for (;;) {
      if (!this.bold) {
        const p = rest.indexOf('\x1b[0;1m');
        if (p < 0) break;
        out += rest.slice(0, p + 6);
        rest = rest.slice(p + 6);
        this.bold = true;
      } else {
        const n = rest.search(/\n|\x1b\[0;2m/);
        if (n < 0) break;
        out += `${rest.slice(0, n)}${rest[n] === '\n' ? '\x1b[0m' : ''}`;
        rest = rest.slice(n);
        this.bold = false;
      }
    }
    if (bytes !== '') this.fresh = bytes.endsWith('\n') || bytes.endsWith('\r');
    return out + rest;
  }
}

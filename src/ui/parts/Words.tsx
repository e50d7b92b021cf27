// Commands on lines that may break: words stay whole.
import { Fragment, type JSX } from 'react';

/** Characters of a word that fits on any line. */
const LONGEST = 24;

/** A command in words that stay whole where a line breaks: `-p` and `--stats` must not be torn at their hyphens. */
export function Words({ text }: { text: string }): JSX.Element {
  return (
    <>
      {text.split(/( +)/).map((w, i) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: words never move
        return w.includes('-') && w.length <= LONGEST ? <span key={i} className="whole">{w}</span> : <Fragment key={i}>{w}</Fragment>;
      })}
    </>
  );
}

// Words of commands, whole where a line breaks, and prose in which addresses have the terminal's face.
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

/** An IPv4 address with what belongs to it: network length, port, or the URL it stands in. */
const ADDRESS = /((?:https?:\/\/)?\b\d{1,3}(?:\.\d{1,3}){3}\b(?:[:/][\w./:-]*\w)?\/?)/;

/** Prose as it is, its addresses in mono. */
export function Prose({ text }: { text: string }): JSX.Element {
  // biome-ignore lint/suspicious/noArrayIndexKey: words never move
  return <>{text.split(ADDRESS).map((part, i) => (i % 2 === 1 ? <span key={i} className="addr">{part}</span> : <Fragment key={i}>{part}</Fragment>))}</>;
}

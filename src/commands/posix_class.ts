// Character classes of the C locale on bytes. Counterpart: ctype(3).

/** Character classes of the C locale. */
export const CLASSES: Readonly<Record<string, (c: number) => boolean>> = {
  alpha: (c) => isAlpha(c),
  digit: (c) => c >= 48 && c <= 57,
  alnum: (c) => isAlpha(c) || (c >= 48 && c <= 57),
  upper: (c) => c >= 65 && c <= 90,
  lower: (c) => c >= 97 && c <= 122,
  space: (c) => c === 32 || (c >= 9 && c <= 13),
  blank: (c) => c === 32 || c === 9,
  punct: (c) => c > 32 && c < 127 && !isAlpha(c) && !(c >= 48 && c <= 57),
  print: (c) => c >= 32 && c < 127,
  graph: (c) => c > 32 && c < 127,
  cntrl: (c) => c < 32 || c === 127,
  xdigit: (c) => (c >= 48 && c <= 57) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
};
export const isAlpha = (c: number): boolean => (c >= 65 && c <= 90) || (c >= 97 && c <= 122);
export const isWordByte = (c: number): boolean => isAlpha(c) || (c >= 48 && c <= 57) || c === 95;

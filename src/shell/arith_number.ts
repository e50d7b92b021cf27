// Numbers in shell arithmetic. Linux counterpart: strlong in bash's expr.c.

/** An integer constant as C and BASE#DIGITS write it; `fail` words what is wrong. */
export function parseNumber(s: string, fail: (why: string) => never): bigint {
  const hash = s.indexOf('#');
  let base = 10;
  let digits = s;
  if (hash >= 0) {
    base = Number(s.slice(0, hash));
    digits = s.slice(hash + 1);
    if (base < 2 || base > 64) fail('invalid arithmetic base');
    if (digits === '') fail('invalid integer constant');
  } else if (/^0[xX]/.test(s)) {
    base = 16;
    digits = s.slice(2);
  } else if (s.length > 1 && s[0] === '0') {
    base = 8;
    digits = s.slice(1);
  }
  let v = 0n;
  for (const d of digits) {
    let n: number;
    if (d >= '0' && d <= '9') n = d.charCodeAt(0) - 48;
    else if (d >= 'a' && d <= 'z') n = d.charCodeAt(0) - 87;
    else if (d >= 'A' && d <= 'Z') n = base <= 36 ? d.charCodeAt(0) - 55 : d.charCodeAt(0) - 29;
    else n = d === '@' ? 62 : 63;
    if (n >= base) fail('value too great for base');
    v = BigInt.asIntN(64, v * BigInt(base) + BigInt(n));
  }
  return v;
}

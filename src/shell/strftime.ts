// Clock texts by format, for printf %(...)T and history. Linux counterpart: strftime(3) in the C locale. A lab's zone is UTC.
import type { Bytes } from '../lib/text';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** Civil date of a day number since 1970 (Howard Hinnant's algorithm). */
export function civil(days: number): { year: number; month: number; day: number; yday: number } {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 1 : 0;
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1]! + (month > 2 ? leap : 0);
  return { year, month, day, yday: before + day };
}

/** Formats seconds since 1970. */
export function strftime(format: Bytes, seconds: number): Bytes {
  const days = Math.floor(seconds / 86400);
  const c = civil(days);
  const rest = seconds - days * 86400;
  const [h, m, s] = [Math.floor(rest / 3600), Math.floor((rest % 3600) / 60), rest % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  const wday = (((days + 4) % 7) + 7) % 7;
  return format.replace(/%([-_0]?)([a-zA-Z%])/g, (all, flag: string, k: string) => {
    const text = one(k);
    if (text === null) return all;
    return flag === '-' ? text.replace(/^[0 ](?=.)/, '') : flag === '_' ? text.replace(/^0(?=.)/, ' ') : text;
  });
  function one(k: string): string | null {
    switch (k) {
      case 'Y': return String(c.year);
      case 'y': return two(c.year % 100);
      case 'C': return two(Math.floor(c.year / 100));
      case 'm': return two(c.month);
      case 'd': return two(c.day);
      case 'e': return String(c.day).padStart(2);
      case 'j': return String(c.yday).padStart(3, '0');
      case 'H': return two(h);
      case 'I': return two(((h + 11) % 12) + 1);
      case 'M': return two(m);
      case 'S': return two(s);
      case 'p': return h < 12 ? 'AM' : 'PM';
      case 'a': return DAYS[wday]!.slice(0, 3);
      case 'A': return DAYS[wday]!;
      case 'b': case 'h': return MONTHS[c.month - 1]!.slice(0, 3);
      case 'B': return MONTHS[c.month - 1]!;
      case 'u': return String(wday === 0 ? 7 : wday);
      case 'w': return String(wday);
      case 'F': return `${c.year}-${two(c.month)}-${two(c.day)}`;
      case 'T': return `${two(h)}:${two(m)}:${two(s)}`;
      case 'R': return `${two(h)}:${two(m)}`;
      case 'D': return `${two(c.month)}/${two(c.day)}/${two(c.year % 100)}`;
      case 'c': return `${DAYS[wday]!.slice(0, 3)} ${MONTHS[c.month - 1]!.slice(0, 3)} ${String(c.day).padStart(2)} ${two(h)}:${two(m)}:${two(s)} ${c.year}`;
      case 'x': return `${two(c.month)}/${two(c.day)}/${two(c.year % 100)}`;
      case 'X': return `${two(h)}:${two(m)}:${two(s)}`;
      case 'r': return `${two(((h + 11) % 12) + 1)}:${two(m)}:${two(s)} ${h < 12 ? 'AM' : 'PM'}`;
      case 's': return String(seconds);
      case 'n': return '\n';
      case 't': return '\t';
      case 'Z': return 'UTC';
      case 'z': return '+0000';
      case '%': return '%';
      default: return null;
    }
  }
}

// Date texts as date -d and touch -d read them. Counterpart: gnulib parse-datetime.y (the forms people type).
// Not modelled: named zones other than UTC/GMT/Z, military letters, 'noon fortnight' style rarities.
import { civil } from '../lib/calendar';
import { secondsOf, WEEKDAY_NAMES, MONTH_NAMES, type Zone } from '../lib/strftime';

const UNITS: Readonly<Record<string, 'year' | 'month' | 'day' | 'second' | 'hour' | 'minute' | 'week'>> = {
  year: 'year', month: 'month', fortnight: 'week', week: 'week', day: 'day', hour: 'hour', minute: 'minute', min: 'minute', second: 'second', sec: 'second',
};
const ORDINALS: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1, first: 1, third: 3, fourth: 4, fifth: 5, a: 1, an: 1 };

/** Seconds since 1970 of `text`, counted from `now` in `zone`; null when it is no date. */
export function parseDate(text: string, now: number, zone: Zone): number | null {
  const t = text.trim().toLowerCase().replace(/\([^)]*\)/g, ' ');
  const stamp = /^@(-?\d+(?:\.\d+)?)$/.exec(t);
  if (stamp !== null) return Number(stamp[1]);
  const f = { ...civil(now, zone.offset) };
  const fraction = now - Math.floor(now);
  let keepFraction = fraction;
  let offset = zone.offset;
  let timeSet = false;
  let dateSet = false;
  let weekday: number | null = null;
  let weekdayOrdinal = 0;
  const add = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  let rest = t;
  const setTime = (h: number, m: number, s: number): void => {
    f.hour = h;
    f.minute = m;
    f.second = Math.floor(s);
    keepFraction = s - Math.floor(s);
    timeSet = true;
  };
  const setDate = (y: number, m: number, d: number): boolean => {
    f.year = y;
    f.month = m;
    f.day = d;
    dateSet = true;
    return m >= 1 && m <= 12 && d >= 1 && d <= 31;
  };
  const take = (re: RegExp): RegExpExecArray | null => {
    const m = re.exec(rest);
    if (m !== null) rest = rest.slice(m[0].length);
    return m;
  };
  const monthOf = (w: string): number => MONTH_NAMES.findIndex((n) => n.toLowerCase() === w || n.slice(0, 3).toLowerCase() === w || (w === 'sept' && n === 'September')) + 1;
  while (rest !== '') {
    let m: RegExpExecArray | null;
    if (take(/^[\s,]+/) !== null) continue;
    if ((m = take(/^(\d{4,})-(\d{1,2})-(\d{1,2})(?:t(?=\d))?/)) !== null) {
      if (!setDate(Number(m[1]), Number(m[2]), Number(m[3]))) return null;
    } else if ((m = take(/^(\d{1,2})\/(\d{1,2})(?:\/(\d{2,4}))?/)) !== null) {
      const y = m[3] === undefined ? f.year : m[3].length === 2 ? Number(m[3]) + (Number(m[3]) < 69 ? 2000 : 1900) : Number(m[3]);
      if (!setDate(y, Number(m[1]), Number(m[2]))) return null;
    } else if ((m = take(/^(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([ap])\.?m\.?/)) !== null || (m = take(/^(\d{1,2})()()\s*([ap])\.?m\.?(?![a-z])/)) !== null) {
      const h = Number(m[1]);
      if (h < 1 || h > 12) return null;
      setTime((h % 12) + (m[4] === 'p' ? 12 : 0), Number(m[2] || '0'), Number((m[3] || '0').replace(',', '.')));
    } else if ((m = take(/^(\d{1,2}):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?/)) !== null) {
      if (Number(m[1]) > 23 || Number(m[2]) > 59) return null;
      setTime(Number(m[1]), Number(m[2]), Number((m[3] ?? '0').replace(',', '.')));
      const z = take(/^\s*([-+])(\d{2}):?(\d{2})?(?!\s*(?:year|month|week|day|hour|min|sec))/);
      if (z !== null) offset = (z[1] === '-' ? -1 : 1) * (Number(z[2]) * 3600 + Number(z[3] ?? '0') * 60);
    } else if (take(/^(utc|gmt|z)(?![a-z])/) !== null) offset = 0;
    else if ((m = take(/^(now|today|tomorrow|yesterday)(?![a-z])/)) !== null) {
      if (m[1] === 'tomorrow') add.day += 1;
      if (m[1] === 'yesterday') add.day -= 1;
    } else if ((m = take(/^([-+]?\s*\d+|last|this|next|first|third|fourth|fifth|an?)?\s*(year|month|fortnight|week|day|hour|minute|min|second|sec)s?(\s+ago)?(?![a-z])/)) !== null) {
      const word = m[1]?.replace(/\s/g, '');
      const n = (word === undefined ? 1 : (ORDINALS[word] ?? Number(word))) * (m[3] === undefined ? 1 : -1) * (m[2] === 'fortnight' ? 2 : 1);
      const unit = UNITS[m[2]!]!;
      if (unit === 'week') add.day += 7 * n;
      else add[unit] += n;
    } else if ((m = take(/^(\d{1,2})[ -]([a-z]{3,9})(?:[ -](\d{4}))?(?![a-z\d:])/)) !== null && monthOf(m[2]!) > 0) {
      if (!setDate(m[3] === undefined ? f.year : Number(m[3]), monthOf(m[2]!), Number(m[1]))) return null;
    } else if ((m = take(/^(last|this|next)?\s*([a-z]{3,9})\.?(?![a-z])/)) !== null) {
      const day = WEEKDAY_NAMES.findIndex((n) => n.toLowerCase() === m![2] || n.slice(0, 3).toLowerCase() === m![2]);
      if (day >= 0) {
        weekday = day;
        weekdayOrdinal = m[1] === undefined ? 0 : ORDINALS[m[1]]!;
        continue;
      }
      const month = m[1] === undefined ? monthOf(m[2]!) : 0;
      if (month === 0) return null;
      const d = take(/^\s+(\d{1,2})(?![\d:])(?:,?\s+(\d{4})(?![\d:]))?/);
      if (d === null) return null;
      if (!setDate(d[2] === undefined ? f.year : Number(d[2]), month, Number(d[1]))) return null;
    } else if ((m = take(/^(\d{4})(\d{2})(\d{2})(?!\d)/)) !== null) {
      if (!setDate(Number(m[1]), Number(m[2]), Number(m[3]))) return null;
    } else if ((m = take(/^(\d{4})(?![\d:])/)) !== null && dateSet) f.year = Number(m[1]);
    else return null;
  }
  if ((dateSet || weekday !== null) && !timeSet) setTime(0, 0, 0);
  if (t === '') setTime(0, 0, 0);
  if (weekday !== null && !dateSet) f.day += ((weekday - f.weekday + 7) % 7) + (weekdayOrdinal > 0 && weekday !== f.weekday ? 0 : weekdayOrdinal) * 7;
  const base = secondsOf({ ...f, year: f.year + add.year, month: f.month + add.month, day: f.day + add.day }, { offset, name: '' });
  return base + add.hour * 3600 + add.minute * 60 + add.second + keepFraction;
}

/** `[[CC]YY]MMDDhhmm[.ss]` of touch -t and date MMDDhhmm[[CC]YY]; null when malformed. */
export function parseStamp(text: string, year: number, zone: Zone): number | null {
  const m = /^(\d{2})?(\d{2})?(\d{2})(\d{2})(\d{2})(\d{2})(?:\.(\d{2}))?$/.exec(text);
  if (m === null) return null;
  const yy = m[1] !== undefined && m[2] !== undefined ? Number(m[1] + m[2]) : m[1] !== undefined ? Number(m[1]) + (Number(m[1]) < 69 ? 2000 : 1900) : year;
  const f = { year: yy, month: Number(m[3]), day: Number(m[4]), hour: Number(m[5]), minute: Number(m[6]), second: Number(m[7] ?? '0') };
  if (f.month < 1 || f.month > 12 || f.day < 1 || f.day > 31 || f.hour > 23 || f.minute > 59 || f.second > 60) return null;
  return secondsOf(f, zone);
}

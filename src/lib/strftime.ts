// strftime(3) with date(1)'s additions, and zones as fixed offsets. Counterpart: glibc time/strftime_l.c, time/tzset.c.
// Not modelled: daylight saving time; zones with it show their standard offset.

import { civil, type Civil, daysFromCivil } from './calendar';

/** A time zone: seconds east of Greenwich and its abbreviation. */
export interface Zone {
  offset: number;
  name: string;
}

export const UTC: Zone = { offset: 0, name: 'UTC' };

const ZONES: Readonly<Record<string, Zone>> = {
  UTC, UCT: UTC, 'Etc/UTC': UTC, Universal: UTC, Zulu: UTC, GMT: { offset: 0, name: 'GMT' }, 'Etc/GMT': { offset: 0, name: 'GMT' },
  'Asia/Shanghai': { offset: 28800, name: 'CST' }, PRC: { offset: 28800, name: 'CST' }, 'Asia/Hong_Kong': { offset: 28800, name: 'HKT' },
  'Asia/Taipei': { offset: 28800, name: 'CST' }, 'Asia/Singapore': { offset: 28800, name: '+08' }, 'Asia/Tokyo': { offset: 32400, name: 'JST' },
};

/** The zone a TZ value names (a known name or POSIX `CST-8`, `<+08>-8:00`); null when unknown. */
export function zoneByName(tz: string): Zone | null {
  const known = ZONES[tz.replace(/^:/, '')];
  if (known !== undefined) return known;
  const m = /^(?:([A-Za-z]{3,})|<([-+A-Za-z0-9]+)>)([-+]?)(\d{1,2})(?::(\d{2}))?/.exec(tz);
  if (m === null) return null;
  const seconds = Number(m[4]) * 3600 + Number(m[5] ?? '0') * 60;
  return { offset: m[3] === '-' ? seconds : -seconds, name: m[1] ?? m[2]! };
}

/** Seconds since 1970 of a local date and time; fields may overflow (day 31 + 2). */
export function secondsOf(f: Pick<Civil, 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second'>, zone: Zone): number {
  return daysFromCivil(f.year, f.month, f.day) * 86400 + f.hour * 3600 + f.minute * 60 + f.second - zone.offset;
}

export const MONTH_NAMES = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as const;
export const WEEKDAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** `+0800`, or `+08:00` with a separator. */
export function offsetText(zone: Zone, separator = ''): string {
  const abs = Math.abs(zone.offset);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${zone.offset < 0 ? '-' : '+'}${two(Math.floor(abs / 3600))}${separator}${two(Math.floor(abs / 60) % 60)}`;
}

function isoWeek(f: Civil): { year: number; week: number } {
  const weekday = (f.weekday + 6) % 7;
  const week = Math.floor((f.yearDay - 1 - weekday + 10) / 7);
  const weeksIn = (y: number): number => {
    const jan1 = (daysFromCivil(y, 1, 1) + 3) % 7;
    const leap = daysFromCivil(y + 1, 1, 1) - daysFromCivil(y, 1, 1) === 366;
    const d = (jan1 + 7) % 7;
    return d === 3 || (leap && d === 2) ? 53 : 52;
  };
  if (week < 1) return { year: f.year - 1, week: weeksIn(f.year - 1) };
  if (week > weeksIn(f.year)) return { year: f.year + 1, week: 1 };
  return { year: f.year, week };
}

/** strftime(3) in the C locale, with date(1)'s %N and the flags - _ 0 ^ #, widths and %:z. */
export function strftime(format: string, seconds: number, zone: Zone): string {
  const f = civil(seconds, zone.offset);
  return format.replace(/%([-_0^#]*)(\d*)(:*)([A-Za-z%+])/g, (all, flags: string, width: string, colons: string, c: string) => {
    let padChar = '0';
    let padTo = 0;
    let text: string;
    const number = (n: number, digits: number, fill = '0'): string => {
      padTo = digits;
      padChar = fill;
      return String(n);
    };
    switch (c) {
      case '%':
        return '%';
      case 'a':
        text = WEEKDAY_NAMES[f.weekday]!.slice(0, 3);
        break;
      case 'A':
        text = WEEKDAY_NAMES[f.weekday]!;
        break;
      case 'b':
      case 'h':
        text = MONTH_NAMES[f.month - 1]!.slice(0, 3);
        break;
      case 'B':
        text = MONTH_NAMES[f.month - 1]!;
        break;
      case 'c':
        text = strftime('%a %b %e %H:%M:%S %Y', seconds, zone);
        break;
      case 'C':
        text = number(Math.floor(f.year / 100), 2);
        break;
      case 'd':
        text = number(f.day, 2);
        break;
      case 'D':
      case 'x':
        text = strftime('%m/%d/%y', seconds, zone);
        break;
      case 'e':
        text = number(f.day, 2, ' ');
        break;
      case 'F':
        text = strftime('%Y-%m-%d', seconds, zone);
        break;
      case 'g':
        text = number(isoWeek(f).year % 100, 2);
        break;
      case 'G':
        text = number(isoWeek(f).year, 4);
        break;
      case 'H':
        text = number(f.hour, 2);
        break;
      case 'I':
        text = number(f.hour % 12 === 0 ? 12 : f.hour % 12, 2);
        break;
      case 'j':
        text = number(f.yearDay, 3);
        break;
      case 'k':
        text = number(f.hour, 2, ' ');
        break;
      case 'l':
        text = number(f.hour % 12 === 0 ? 12 : f.hour % 12, 2, ' ');
        break;
      case 'm':
        text = number(f.month, 2);
        break;
      case 'M':
        text = number(f.minute, 2);
        break;
      case 'n':
        return '\n';
      case 'N': {
        const nanos = String(Math.min(999999, Math.round((seconds - Math.floor(seconds)) * 1e6)) * 1000).padStart(9, '0');
        return width === '' ? nanos : nanos.slice(0, Number(width));
      }
      case 'p':
        text = f.hour < 12 ? 'AM' : 'PM';
        if (flags.includes('#')) text = text.toLowerCase();
        break;
      case 'P':
        text = f.hour < 12 ? 'am' : 'pm';
        break;
      case 'q':
        text = number(Math.floor((f.month + 2) / 3), 1);
        break;
      case 'r':
        text = strftime('%I:%M:%S %p', seconds, zone);
        break;
      case 'R':
        text = strftime('%H:%M', seconds, zone);
        break;
      case 's':
        text = number(Math.floor(seconds), 1);
        break;
      case 'S':
        text = number(f.second, 2);
        break;
      case 't':
        return '\t';
      case 'T':
      case 'X':
        text = strftime('%H:%M:%S', seconds, zone);
        break;
      case 'u':
        text = number(f.weekday === 0 ? 7 : f.weekday, 1);
        break;
      case 'U':
        text = number(Math.floor((f.yearDay + 6 - f.weekday) / 7), 2);
        break;
      case 'V':
        text = number(isoWeek(f).week, 2);
        break;
      case 'w':
        text = number(f.weekday, 1);
        break;
      case 'W':
        text = number(Math.floor((f.yearDay + 6 - ((f.weekday + 6) % 7)) / 7), 2);
        break;
      case 'y':
        text = number(f.year % 100, 2);
        break;
      case 'Y':
        text = number(f.year, 1);
        break;
      case 'z':
        text = colons === '' ? offsetText(zone) : colons === ':' ? offsetText(zone, ':') : `${offsetText(zone, ':')}:00`;
        break;
      case 'Z':
        text = zone.name;
        break;
      default:
        return all;
    }
    const flag = /[-_0](?=[^-_0]*$)/.exec(flags)?.[0];
    if (flag === '-') padTo = 0;
    if (flag === '_') padChar = ' ';
    if (flag === '0') padChar = '0';
    if (width !== '') {
      if (padTo === 0 && flag !== '0') padChar = ' ';
      padTo = Number(width);
    }
    if (padTo > 0 && flag !== '-') text = text.padStart(padTo, padChar);
    if (flags.includes('^')) text = text.toUpperCase();
    return text;
  });
}

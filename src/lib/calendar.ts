// Dates without the host's clock or locale: proleptic Gregorian calendar in UTC plus a fixed offset. Counterpart: gmtime(3), strftime(3), timegm(3).

/** A broken-down time. month 1..12, weekday 0 is Sunday, yearDay 1..366. */
export interface Civil {
  year: number; month: number; day: number; hour: number; minute: number; second: number; weekday: number; yearDay: number;
}

export const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
export const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** Days since 1970-01-01 of a date (month 1..12; may run over). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const m0 = month - 1;
  const y0 = year + Math.floor(m0 / 12);
  const m = ((m0 % 12) + 12) % 12 + 1;
  const y = m <= 2 ? y0 - 1 : y0;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468;
}

/** Seconds since 1970 of a UTC date and time. */
export function secondsFrom(year: number, month: number, day: number, hour = 0, minute = 0, second = 0): number {
  return daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

/** Date and time of `seconds` since 1970 in UTC, shifted by `offset` seconds east. */
export function civil(seconds: number, offset = 0): Civil {
  const t = Math.floor(seconds) + offset;
  const days = Math.floor(t / 86400);
  const rest = t - days * 86400;
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const doe = z - era * 146097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year, month, day: doy - Math.floor((153 * mp + 2) / 5) + 1, hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7, yearDay: days - daysFromCivil(year, 1, 1) + 1,
  };
}

/** Two digits. */
export const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** RFC 9110 date, e.g. 'Sun, 22 Nov 2026 13:45:44 GMT'. */
export function httpDate(seconds: number): string {
  const c = civil(seconds);
  return `${DAYS[c.weekday]}, ${two(c.day)} ${MONTHS[c.month - 1]} ${c.year} ${two(c.hour)}:${two(c.minute)}:${two(c.second)} GMT`;
}

/** Seconds of an RFC 9110 date (the IMF-fixdate form), or null. */
export function parseHttpDate(text: string): number | null {
  const m = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(text);
  if (m === null) return null;
  const month = MONTHS.indexOf(m[2] as (typeof MONTHS)[number]) + 1;
  return month === 0 ? null : secondsFrom(Number(m[3]), month, Number(m[1]), Number(m[4]), Number(m[5]), Number(m[6]));
}

/** Date of web server logs, e.g. '22/Nov/2026:13:45:44 +0000'. */
export function logDate(seconds: number): string {
  const c = civil(seconds);
  return `${two(c.day)}/${MONTHS[c.month - 1]}/${c.year}:${two(c.hour)}:${two(c.minute)}:${two(c.second)} +0000`;
}

/** Date of syslog and the journal, e.g. 'Nov 22 13:45:44'. */
export function syslogDate(seconds: number): string {
  const c = civil(seconds);
  return `${MONTHS[c.month - 1]} ${c.day < 10 ? ' ' : ''}${c.day} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
}

/** Date of systemctl, e.g. 'Sun 2026-11-22 13:45:44 UTC'. */
export function systemdDate(seconds: number): string {
  const c = civil(seconds);
  return `${DAYS[c.weekday]} ${c.year}-${two(c.month)}-${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)} UTC`;
}

/** Date of ctime(3), e.g. 'Sun Nov 22 13:45:44 2026'. */
export function ctimeDate(seconds: number): string {
  const c = civil(seconds);
  return `${DAYS[c.weekday]} ${syslogDate(seconds)} ${c.year}`;
}

// Dates as the error logs of the two servers write them. Counterpart: nginx's ngx_cached_err_log_time, Apache's ErrorLogFormat %{u}t.
import { civil, DAYS, MONTHS, two } from '../../lib/calendar';
import type { Bytes } from '../../lib/text';

/** Date of nginx's error log. */
export function nginxDate(seconds: number): Bytes {
  const c = civil(seconds);
  return `${c.year}/${two(c.month)}/${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}`;
}

/** Date of Apache's error log, with microseconds. */
export function apacheDate(seconds: number): Bytes {
  const c = civil(seconds);
  const us = Math.floor((seconds - Math.floor(seconds)) * 1e6);
  return `${DAYS[c.weekday]} ${MONTHS[c.month - 1]} ${two(c.day)} ${two(c.hour)}:${two(c.minute)}:${two(c.second)}.${String(us).padStart(6, '0')} ${c.year}`;
}

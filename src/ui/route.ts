// Addresses of screens, behind the #, so that any static host serves them.
/** The lab without a lesson. */
export const SANDBOX = 'sandbox';

export type Route = { screen: 'catalogue' } | { screen: 'reference'; q?: string } | { screen: 'glossary'; q?: string } | { screen: 'lesson'; id: string; seed: number } | { screen: 'unknown'; hash: string };

/** '#/lesson/dr-cluster?seed=7' as a route. Without a seed the lesson's own example addresses are used (seed 0). */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/, '');
  const [path = '', query = ''] = text.split('?');
  const parts = path.split('/').filter((p) => p !== '');
  if (parts.length === 0) return { screen: 'catalogue' };
  if (parts.length === 1 && (parts[0] === 'reference' || parts[0] === 'glossary')) {
    const q = new URLSearchParams(query).get('q');
    return { screen: parts[0], ...(q === null || q === '' ? {} : { q }) };
  }
  if (parts.length === 1 && parts[0] === SANDBOX) return { screen: 'lesson', id: SANDBOX, seed: 0 };
  const id = parts[1];
  if (parts[0] === 'lesson' && id !== undefined && parts.length === 2 && /^[a-z0-9-]+$/.test(id)) {
    const seed = new URLSearchParams(query).get('seed');
    return { screen: 'lesson', id, seed: seed !== null && /^\d{1,9}$/.test(seed) ? Number(seed) : 0 };
  }
  return { screen: 'unknown', hash };
}

export const lessonHash = (id: string, seed = 0): string => id === SANDBOX ? '#/sandbox' : `#/lesson/${id}${seed === 0 ? '' : `?seed=${seed}`}`;
/** Commands or terms with something looked for already. */
export const lookUpHash = (screen: 'reference' | 'glossary', q: string): string => `#/${screen}?q=${encodeURIComponent(q)}`;
/** The sandbox with a command on a host's command line, not yet entered. */
export const tryHash = (host: string, line: string): string => `#/sandbox?on=${encodeURIComponent(host)}&type=${encodeURIComponent(line)}`;
/** What such an address asks to type; null for others. */
export function toTry(hash: string): { host: string; line: string } | null {
  const query = new URLSearchParams(hash.startsWith('#/sandbox?') ? hash.slice('#/sandbox?'.length) : '');
  const [host, line] = [query.get('on'), query.get('type')];
  return host === null || line === null || !/^[a-z0-9-]+$/.test(host) || /[\r\n]/.test(line) ? null : { host, line };
}

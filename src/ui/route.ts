// Addresses of screens, behind the #, so that any static host serves them.
export type Route = { screen: 'catalogue' } | { screen: 'lesson'; id: string; seed: number } | { screen: 'unknown'; hash: string };

/** '#/lesson/dr-cluster?seed=7' as a route. Without a seed the lesson's own example addresses are used (seed 0). */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#/, '');
  const [path = '', query = ''] = text.split('?');
  const parts = path.split('/').filter((p) => p !== '');
  if (parts.length === 0) return { screen: 'catalogue' };
  const id = parts[1];
  if (parts[0] === 'lesson' && id !== undefined && parts.length === 2 && /^[a-z0-9-]+$/.test(id)) {
    const seed = new URLSearchParams(query).get('seed');
    return { screen: 'lesson', id, seed: seed !== null && /^\d{1,9}$/.test(seed) ? Number(seed) : 0 };
  }
  return { screen: 'unknown', hash };
}

export const lessonHash = (id: string, seed = 0): string => `#/lesson/${id}${seed === 0 ? '' : `?seed=${seed}`}`;

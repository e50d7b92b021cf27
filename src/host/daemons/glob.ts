// File name patterns in configuration files. Counterpart: glob(3) as nginx and Apache call it.
import { byBytes, type Bytes } from '../../lib/text';

/** Paths that match a pattern, sorted; null when it holds no wildcard. Wildcards: * ? [...]. */
export function shellGlob(files: { names(path: Bytes): Bytes[] }, pattern: Bytes): Bytes[] | null {
  if (!/[*?[]/.test(pattern)) return null;
  let found: Bytes[] = [''];
  for (const part of pattern.split('/').slice(1)) {
    if (!/[*?[]/.test(part)) {
      found = found.map((dir) => `${dir}/${part}`);
      continue;
    }
    const re = new RegExp(`^${part.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
    found = found.flatMap((dir) => files.names(dir === '' ? '/' : dir).filter((n) => (!n.startsWith('.') || part.startsWith('.')) && re.test(n)).map((n) => `${dir}/${n}`));
  }
  return found.sort(byBytes);
}

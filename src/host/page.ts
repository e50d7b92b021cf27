// What a browser on a host remembers: its process, the connection it keeps, the page it shows. Plain data, so that forks have it too.
import type { Bytes } from '../lib/text';
import type { SocketFile } from './open_file';

/** A page as the browser's window shows it. Texts are byte strings. */
export interface Page {
  url: Bytes;
  state: 'loading' | 'shown' | 'failed';
  status: number;
  reason: Bytes;
  body: Bytes;
  type: Bytes;
  /** It came over a connection that was still open from before. */
  reused: boolean;
  /** It asked the server to keep the connection. */
  keepAlive: boolean;
  localPort: number;
  /** Why it failed: an errno name, 'url', 'name', 'short'; '' otherwise. */
  error: string;
  begunAt: number;
  endedAt: number;
  /** Pages asked for since the browser was opened. */
  loads: number;
}

export interface Browser {
  pid: number;
  /** The connection kept for `key` ('host:port'); null when none is. */
  kept: { key: Bytes; fd: number; sock: SocketFile } | null;
  page: Page;
}

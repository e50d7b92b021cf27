// The client's session: keys and standard input to the other side, its output and status back. Counterpart: OpenSSH 7.4 clientloop.c.
// Not modelled: forwarding, escapes other than ~. and ~~, multiplexing.
import type { Op, Process } from '../../host/process';
import { fileOf, nowUs, read, waitOn, write } from '../../host/syscall';
import { rawMode, restoreMode } from '../../host/tty_read';
import { strerror, SysError } from '../../lib/errno';
import type { Bytes } from '../../lib/text';
import { queueOf, readable } from '../relay';
import { ttyOf } from '../screen';
import type { Login } from './client';
import type { Log } from './log';
import type { Wish } from './options';
import { Lost, M, type Message } from './transport';

/** Piece of standard input sent at once. */
const PIECE = 16384;

/** Takes `~.` and `~~` out of typed bytes; they count after a newline only. */
class Escapes {
  private fresh = true;
  private tilde = false;
  constructor(private readonly key: Bytes) {}
  feed(bytes: Bytes): { send: Bytes; hangUp: boolean } {
    if (this.key === '') return { send: bytes, hangUp: false };
    let send = '';
    for (const c of bytes) {
      if (this.tilde) {
        this.tilde = false;
        if (c === '.') return { send, hangUp: true };
        send += c === this.key ? c : this.key + c;
      } else if (this.fresh && c === this.key) {
        this.tilde = true;
        continue;
      } else send += c;
      this.fresh = c === '\r' || c === '\n';
    }
    return { send, hangUp: false };
  }
}

/** Runs the session of an accepted login; ssh's exit status. */
export function* clientSession(p: Process, w: Wish, { t, ip, session }: Login, log: Log): Op<number> {
  const screen = w.noStdin ? null : ttyOf(p, 0);
  let wants = w.tty === 'yes' || w.tty === 'force' || (w.tty === 'auto' && w.command === '');
  if (screen === null && wants && w.tty !== 'force') {
    yield* log.info('Pseudo-terminal will not be allocated because stdin is not a terminal.');
    wants = false;
  }
  let size = { cols: screen?.cols ?? 80, rows: screen?.rows ?? 24 };
  if (wants) t.send(M.PTY, p.env.get('TERM') ?? 'dumb', String(size.cols), String(size.rows));
  if (w.command === '') {
    yield* log.debug('Entering interactive session.');
    t.send(M.SHELL);
  } else {
    yield* log.debug(`Sending command: ${w.command}`);
    t.send(M.EXEC, w.command);
  }
  const mode = wants && screen !== null ? rawMode(p.host, screen) : null;
  if (mode !== null && screen !== null) screen.away = session;
  const escapes = new Escapes(mode === null ? '' : w.escape);
  let status = -1;
  let open = !w.noStdin && p.fds.has(0);
  if (!open) t.send(M.EOF);
  let heard = nowUs(p);
  let unanswered = 0;
  /** Words for the end; the session is over when it is set. */
  let over: Bytes | null = null;
  try {
    while (over === null) {
      let m: Message | null = null;
      try {
        m = t.next();
      } catch (e) {
        if (!(e instanceof Lost)) throw e;
        over = e.errno === 'EOF' ? `Connection to ${w.host} closed by remote host.\r\n` : `Read from remote host ${w.host}: ${strerror(e.errno)}\r\n`;
        break;
      }
      if (m !== null) {
        heard = nowUs(p);
        unanswered = 0;
        if (m.type === M.CLOSE) break;
        if (m.type === M.DATA) yield* write(p, 1, m.fields[0]!);
        else if (m.type === M.STDERR) yield* write(p, 2, m.fields[0]!);
        else if (m.type === M.EXIT) {
          status = Number(m.fields[0]);
          yield* log.debug('client_input_channel_req: channel 0 rtype exit-status reply 0');
        } else if (m.type === M.DISCONNECT) over = `Received disconnect from ${ip} port ${w.port}:11: ${m.fields[0]}\r\n`;
        continue;
      }
      if (screen !== null && wants && (screen.cols !== size.cols || screen.rows !== size.rows)) {
        size = { cols: screen.cols, rows: screen.rows };
        t.send(M.WINDOW, String(size.cols), String(size.rows));
      }
      // In the background it leaves the keys to whoever has the terminal.
      const input = open && (screen === null || screen.foreground === p.pgid) ? fileOf(p, 0) : null;
      if (input !== null && t.roomy && readable(p, input)) {
        const data: Bytes = yield* read(p, 0, PIECE);
        if (data === '') {
          open = false;
          t.send(M.EOF);
          continue;
        }
        const { send, hangUp } = escapes.feed(data);
        if (send !== '') t.send(M.DATA, send);
        if (hangUp) {
          yield* log.plain(`${w.escape}.\r\n`);
          over = '';
        }
        continue;
      }
      let until = Number.POSITIVE_INFINITY;
      if (w.aliveUs > 0) {
        until = heard + w.aliveUs * (unanswered + 1);
        if (nowUs(p) >= until) {
          if (unanswered >= w.aliveMax) {
            yield* log.info(`Timeout, server ${w.host} not responding.`);
            return 255;
          }
          unanswered++;
          t.send(M.KEEPALIVE);
          continue;
        }
      }
      yield* waitOn(p, [t.queue, ...(input === null || !t.roomy ? [] : queueOf(p, input))], until);
    }
  } catch (e) {
    if (e instanceof Lost) {
      yield* log.fatal(`packet_write_wait: Connection to ${ip} port ${w.port}: ${e.errno === 'EOF' ? 'Broken pipe' : strerror(e.errno)}`);
      return 255;
    }
    if (!(e instanceof SysError)) throw e;
    over = ''; // nobody reads what comes back any more
  } finally {
    if (mode !== null && screen !== null) {
      restoreMode(screen, mode);
      screen.away = '';
    }
  }
  if (over !== null) yield* log.plain(over);
  if (wants) yield* log.plain(`Connection to ${w.host} closed.\r\n`);
  if (over === null) yield* log.debug(`Exit status ${status}`);
  return over !== null || status < 0 ? 255 : status;
}

// Runs in the page before anything else, in the floor and in the app alike: notes the first prompt, long tasks, and for each key when its echo stood on the screen.
// A key's echo is the frame in whose rows the focused terminal's text ends with what has been typed so far; it stands on the screen when the task that drew that frame has ended (measure_web.mjs reads that from the trace).

/** Given to the browser as text, so it may use nothing from outside. */
export function watch() {
  const m = { prompt: 0, terminal: 0, tasks: [], echoes: [], pending: [], typed: '', entered: 0, verdicts: {} };
  window.__m = m;
  new PerformanceObserver((l) => { for (const e of l.getEntries()) m.tasks.push([Math.round(e.startTime), Math.round(e.duration)]); }).observe({ type: 'longtask', buffered: true });
  addEventListener('keydown', (e) => {
    if (e.key === 'Enter') m.entered = e.timeStamp;
    if (e.key === 'Backspace') m.typed = m.typed.slice(0, -1);
    else if (e.key.length === 1) m.typed += e.key;
    else return;
    if (m.typed !== '') m.pending.push({ at: e.timeStamp, text: m.typed });
  }, true);
  // A step that turns green, in the lesson or on its rail: how long after the last Enter.
  new MutationObserver((l) => { for (const { target } of l) if (target.dataset.state === 'passed') m.verdicts[target.dataset.step ?? target.dataset.tick] ??= performance.now() - m.entered; }).observe(document, { attributes: true, attributeFilter: ['data-state'], subtree: true });
  // A prompt that takes keys, when the frame that draws it is done. It may stand before the terminal itself (xterm) does; both are noted.
  const on = new Set();
  const note = (what, where) => {
    if (on.has(what) || ![...document.querySelectorAll(where)].some((r) => r.textContent.includes('root@'))) return;
    on.add(what);
    requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = () => { m[what] = performance.now(); }; c.port2.postMessage(0); });
  };
  const look = () => {
    note('terminal', '.xterm-rows');
    if (m.pending.length === 0) return;
    const rows = document.activeElement?.closest('[data-terminal]')?.querySelector('.xterm-rows');
    const text = rows?.textContent.trimEnd() ?? '';
    const shown = m.pending.findLastIndex((x) => text.endsWith(x.text));
    if (shown < 0) return;
    const now = performance.now();
    m.echoes.push(...m.pending.splice(0, shown + 1).map((x) => [x.at, now]));
  };
  const onRows = new MutationObserver(look);
  const seen = new WeakSet();
  new MutationObserver(() => {
    note('prompt', '.xterm-rows,[data-first] pre');
    for (const r of document.querySelectorAll('.xterm-rows')) if (!seen.has(r)) { seen.add(r); onRows.observe(r, { childList: true, subtree: true, characterData: true }); look(); }
  }).observe(document, { childList: true, subtree: true });
}

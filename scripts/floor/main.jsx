// The floor of `npm run measure:web`: the least page that has React and one xterm which echoes what is typed. The app is measured against it.
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { createElement, useEffect, useRef } from 'react';
import { createRoot } from 'react-dom/client';

const PROMPT = '[root@floor ~]# ';

function Page() {
  const box = useRef(null);
  useEffect(() => {
    const term = new Terminal({ fontFamily: 'monospace', fontSize: 12.5, scrollback: 10_000 });
    term.open(box.current);
    term.write(PROMPT);
    term.onData((s) => term.write(s === '\r' ? `\r\n${PROMPT}` : s === '\x7f' ? '\b \b' : s));
    term.focus();
    return () => term.dispose();
  }, []);
  return createElement('div', { ref: box, 'data-terminal': 'floor', style: { height: '100%' } });
}

createRoot(document.getElementById('root')).render(createElement(Page));

// Starts the app: words, faces, then the screens.
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { leaveFirst } from './first/page';
import { firstLanguage, startI18n } from './i18n/i18n';
import { Boundary } from './parts/Crash';
import { useLab } from './store';

// A terminal measures its cells once, so its face must be there first (not for longer than a second).
const faces = Promise.all(['400 13px "JetBrains Mono"', '500 13px "JetBrains Mono"'].map((f) => document.fonts.load(f))).catch(() => []);
await Promise.all([startI18n(firstLanguage()), Promise.race([faces, new Promise((r) => setTimeout(r, 1000))])]);
// A lesson that cannot be opened says so on a page of its own.
useLab.subscribe((s) => { if (s.status === 'problem') leaveFirst(); });
createRoot(document.getElementById('root')!).render(<Boundary><App /></Boundary>);

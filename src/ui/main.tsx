// Entry of the page: faces, tokens, words, then the screens.
import { createRoot } from 'react-dom/client';
import './fonts.css';
import './tokens.css';
import './base.css';
import { App, lessonPageIs } from './app';
import { firstLanguage, startI18n } from './i18n/i18n';
import { Boundary } from './parts/Crash';
import { askWork } from './persist';
import { markProjector } from './prefs';
import { parseRoute } from './route';

// A lesson's first screen is asked for at once, beside words and faces.
// Without a boundary that waits: React shows what it waited for a third of a second later.
const route = parseRoute(location.hash);
if (route.screen === 'lesson') askWork(route.id, route.seed);
const lesson = route.screen === 'lesson' ? import('./first/FirstPage').then((m) => m.known().then(() => lessonPageIs(m.default))) : undefined;

// A terminal measures its cells once, so its face must be there first (not for longer than a second).
const faces = Promise.all(['400 13px "JetBrains Mono"', '500 13px "JetBrains Mono"'].map((f) => document.fonts.load(f))).catch(() => []);
await Promise.all([lesson?.catch(() => {}), startI18n(firstLanguage()), Promise.race([faces, new Promise((r) => setTimeout(r, 1000))])]);
markProjector();
createRoot(document.getElementById('root')!).render(<Boundary><App /></Boundary>);

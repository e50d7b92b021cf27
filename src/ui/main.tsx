// Entry of the page: faces, tokens, words, then the screens.
import { createRoot } from 'react-dom/client';
import './fonts.css';
import './tokens.css';
import './base.css';
import { App } from './app';
import { firstLanguage, startI18n } from './i18n/i18n';
import { Boundary } from './parts/Crash';

await startI18n(firstLanguage());
createRoot(document.getElementById('root')!).render(<Boundary><App /></Boundary>);

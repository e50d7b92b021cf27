// Entry of the page. Small: a lesson's first page stands before React, terminals and engine have come; they are asked for once it does.
import './fonts.css';
import './tokens.css';
import './base.css';
import { firstStands, showFirst } from './first/page';
import { askWork } from './persist';
import { markProjector } from './prefs';
import { parseRoute } from './route';

const route = parseRoute(location.hash);
markProjector();
if (route.screen === 'lesson') {
  askWork(route.id, route.seed);
  await showFirst(route.id, route.seed, document.documentElement.lang.slice(0, 2)).catch(() => {}); // without it the lab says itself what is missing
  // Two frames later the prompt is on the glass (a page in the background has no frames).
  if (firstStands()) await new Promise((r) => { requestAnimationFrame(() => requestAnimationFrame(r)); setTimeout(r, 250); });
}
// What a lab needs is asked for at once, side by side; whoever comes to need it says when it did not come.
if (route.screen === 'lesson') for (const later of [import('./lesson_page'), import('./lab/LabScreen'), import('./lab/panes'), import('../lesson/topology_of'), import('../lesson/instantiate'), import('../lesson/check'), import('../lesson/relevant'), import('../lesson/question'), import('../lesson/bisect')]) later.catch(() => {});
await import('./start').catch((e: unknown) => {
  document.getElementById('lost')!.hidden = false;
  throw e;
});

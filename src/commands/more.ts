// more: text page by page. Counterpart: util-linux 2.38 more.c.
import { pagerNamed } from './less';

export const more = pagerNamed('more');

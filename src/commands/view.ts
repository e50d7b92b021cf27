// view: vim that starts read-only. Counterpart: vim 9.0.
import { vimNamed } from './vim';

export const view = vimNamed('view', 'vim-minimal');

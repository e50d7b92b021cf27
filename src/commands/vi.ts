// vi: vim under its old name. Counterpart: vim 9.0 (vim-minimal on el).
import { vimNamed } from './vim';

export const vi = vimNamed('vi', 'vim-minimal');

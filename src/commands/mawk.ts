// mawk: awk under its own name. Counterpart: mawk 1.3.4.
import { awkNamed } from './awk';

export const mawk = awkNamed('mawk');

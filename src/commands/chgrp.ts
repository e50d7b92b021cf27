// chgrp: changes the group of files. Counterpart: coreutils chgrp.c.
import { ownerCommand } from './chown';

export const chgrp = ownerCommand('chgrp', 'Change the group of each FILE to GROUP.');

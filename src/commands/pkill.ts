// pkill: signals processes by name. Counterpart: procps-ng 4.0.2 pgrep.c (as pkill).
import { grepCommand } from './pgrep';

export const pkill = grepCommand('pkill');

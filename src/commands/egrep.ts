// egrep: grep -E. Counterpart: GNU grep's egrep script.
import { grepNamed } from './grep';

export const egrep = grepNamed('egrep', '-E');

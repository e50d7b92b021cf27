// fgrep: grep -F. Counterpart: GNU grep's fgrep script.
import { grepNamed } from './grep';

export const fgrep = grepNamed('fgrep', '-F');

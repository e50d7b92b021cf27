// vim and vi: the editor of the course notes. Counterpart: vim 9.0.
import { command, notModelled } from './command';
import { edit } from './editor';
import { err, out, readAll } from '../host/syscall';
import { table } from './options';

export function vimNamed(name: 'vim' | 'vi' | 'view', pkg: string) {
  return command({
    name,
    summary: 'Vi IMproved, a programmer\'s text editor',
    path: `/usr/bin/${name}`,
    package: pkg,
    options: table('-R: readonly mode', '-n: no swap file', '--version: print version information and exit', '-h --help: print help', '--clean: nothing of the user\'s configuration', '!-d: diff mode', '!-o [N]: open N windows', '!-O [N]: open N windows side by side', '!-p [N]: open N tab pages', '!-e: Ex mode', '!-s SCRIPT: silent or script', '!-c COMMAND: execute COMMAND after loading', '!-u VIMRC: use VIMRC', '!-r: recover', '!-b: binary mode', '!-x: edit encrypted files'),
    getopt: null,
    *run(p, _opts, args) {
      let readOnly = name === 'view';
      const files: string[] = [];
      let options = true;
      for (const a of args) {
        if (options && a === '--') {
          options = false;
          continue;
        }
        if (!options || !/^[-+]./.test(a)) {
          files.push(a);
          continue;
        }
        if (a === '--version' || a === '-h' || a === '--help') {
          yield* out(p, a === '--version' ? 'VIM - Vi IMproved 9.0 (2022 Jun 28)\n' : 'VIM - Vi IMproved 9.0 (2022 Jun 28)\n\nUsage: vim [arguments] [file ..]       edit specified file(s)\n');
          return 0;
        }
        if (a.startsWith('+') || a === '--clean' || a === '-n') continue;
        if (a === '-R' || a === '-M') readOnly = true;
        else if (/^-([dopeOscurbxASTtUwWZyXVNClLmFHPEi]|--)/.test(a)) return yield* notModelled(p, name, `option ${a}`);
        else {
          yield* err(p, `VIM - Vi IMproved 9.0 (2022 Jun 28)\nUnknown option argument: "${a}"\nMore info with: "vim -h"\n`);
          return 1;
        }
      }
      if (files[0] === '-') {
        yield* readAll(p, 0);
        return yield* notModelled(p, name, 'reading standard input');
      }
      return yield* edit(p, 'vim', files, readOnly);
    },
  });
}

export const vim = vimNamed('vim', 'vim');

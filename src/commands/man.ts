// man: the page of a command, as far as this build knows it, in Chinese where the locale (or -L) says so. Counterpart: man-db 2.11. Not modelled: real manual pages; what is shown is made from option data.
import { err } from '../host/syscall';
import type { Command } from './command';
import { utf8Encode } from '../lib/text';
import { helpText, inChinese, languageOf } from './help';
import { define, Fatal, put, say } from './io';
import { page } from './less';
import { table } from './options';
import { allOnPath } from './path_search';
import { ttyOf } from './screen';

/** The page as bytes. Its heading repeats the title at both ends, as man(7) sets it. */
function manPage(c: Command, title: string, language: 'zh' | 'en'): string {
  const zh = language === 'zh';
  const word = (x: string): string => (zh ? utf8Encode(x) : x);
  const rows = helpText(c, undefined, language).split('\n').slice(2).map((l) => (l === '' ? '' : `     ${l}`)).join('\n');
  const more = zh ? '' : 'SEE ALSO\n       LANG=zh_CN.UTF-8 man prints this page in Chinese.\n';
  return `${title}${'LVS Lab'.padStart(40 - title.length + 3).padEnd(78 - title.length * 2)}${title}\n\n${word(zh ? '名称' : 'NAME')}\n       ${c.name} - ${zh ? utf8Encode(inChinese(c.summary)) : c.summary}\n\n${word(zh ? '选项' : 'DESCRIPTION')}\n${rows}\n${more}`;
}

export const man = define({
  name: 'man',
  summary: 'an interface to the system reference manuals',
  path: '/usr/bin/man',
  package: 'man-db',
  suite: '2.11.2',
  options: table('-k --apropos: search the short descriptions', '-f --whatis: display short descriptions', '!-a --all: find all matching manual pages', '!-w --where: print physical location of man page(s)', '!-K --global-apropos: search for text in all pages', '!-l --local-file: interpret page argument(s) as local filename(s)', '-L --locale LOCALE: define the locale for this particular man search', '-P --pager PAGER: use program PAGER to display output', '-s -S SECTIONS: use colon separated section list'),
  getopt: { badExit: 1, tryHelp: "Try 'man --help' or 'man --usage' for more information.\n" },
  *run(p, opts, args) {
    const names = args.filter((a) => !/^[1-9]$/.test(a));
    if (names.length === 0) throw new Fatal(opts.has('-k') ? 'apropos what?\n' : opts.has('-f') ? 'whatis what?\n' : "What manual page do you want?\nFor example, try 'man man'.\n", 1);
    const asked = opts.value('-L');
    const language = asked === null ? languageOf(p) : /^zh/.test(asked) ? 'zh' : 'en';
    let status = 0;
    for (const name of names) {
      const found = allOnPath(p, name)[0];
      const program = found === undefined ? undefined : (p.host.programs.get(name) as Command | undefined);
      if (program?.options === undefined) {
        status = 16;
        if (opts.has('-k') || opts.has('-f')) yield* say(p, name, 'nothing appropriate.');
        else yield* err(p, `No manual entry for ${name}\n`);
        continue;
      }
      const section = /\/sbin\//.test(found!) ? 8 : 1;
      if (opts.has('-k') || opts.has('-f')) {
        yield* put(p, `${`${name} (${section})`.padEnd(20)} - ${language === 'zh' ? utf8Encode(inChinese(program.summary)) : program.summary}\n`);
        continue;
      }
      const text = manPage(program, `${name.toUpperCase()}(${section})`, language);
      if (ttyOf(p, 1) === null) yield* put(p, text);
      else yield* page(p, ` Manual page ${name}(${section})`, text, false);
    }
    return status;
  },
});

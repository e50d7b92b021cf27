// nano: a small editor. Counterpart: GNU nano 7.2.
import { edit } from './editor';
import { define } from './io';
import { table } from './options';

export const nano = define({
  name: 'nano',
  summary: "Nano's ANOther editor, inspired by Pico",
  path: '/usr/bin/nano',
  package: 'nano',
  suite: 'GNU nano, version 7.2',
  options: table('-v --view: view mode (read-only)', '-B --backup: save backups of existing files', '-c --constantshow: constantly show cursor position', '-l --linenumbers: show line numbers in front of the text', '-w --nowrap: don\'t hard-wrap long lines', '-i --autoindent: automatically indent new lines', '-E --tabstospaces: convert typed tabs to spaces', '-m --mouse: enable the use of the mouse', '!-R --restricted: restrict access to the filesystem', '-V: print version information and exit'),
  getopt: { badExit: 1, tryHelp: "Type 'nano -h' for a list of available options.\n" },
  *run(p, opts, args) {
    const files = args.filter((a) => !/^\+\d/.test(a));
    return yield* edit(p, 'nano', files, opts.has('-v'));
  },
});

// dd: blocks counted, conversions, places in files, and refusals.
import { expect, test } from 'vitest';
import { dd } from './dd';
import { Rig } from './test_rig';

const rig = new Rig();
rig.file('f', 'hello world\n');

test.each<[string[], string, string, string, number]>([
  [['bs=1', 'skip=1', 'count=3', 'status=noxfer'], 'hello\n', 'ell', '3+0 records in\n3+0 records out\n', 0],
  [['if=f', 'bs=5', 'conv=ucase', 'status=noxfer'], '', 'HELLO WORLD\n', '2+1 records in\n2+1 records out\n', 0],
  [['if=f', 'ibs=2', 'obs=4', 'count=3', 'status=noxfer'], '', 'hello ', '3+0 records in\n1+1 records out\n', 0],
  [['if=f', 'of=g', 'bs=4', 'seek=1', 'count=1', 'status=none'], '', '', '', 0],
  [['if=g', 'status=none'], '', '\0\0\0\0hell', '', 0],
  [['if=f', 'of=g', 'bs=1', 'count=2', 'conv=notrunc', 'status=none'], '', '', '', 0],
  [['if=g', 'status=none'], '', 'he\0\0hell', '', 0],
  [['if=nofile'], '', '', "dd: failed to open 'nofile': No such file or directory\n", 1],
  [['bs=x'], '', '', "dd: invalid number: 'x'\n", 1],
  [['foo'], '', '', "dd: unrecognized operand 'foo'\nTry 'dd --help' for more information.\n", 1],
  [['conv=zzz'], '', '', "dd: invalid conversion: 'zzz'\nTry 'dd --help' for more information.\n", 1],
  [['conv=ebcdic'], '', '', 'dd: conv=ebcdic exists on Linux but is not modelled in LVS Lab (see MODELLED.md)\n', 64],
])('dd %j', (args, input, out, err, status) => {
  expect(rig.run(dd, args, input)).toEqual({ out, err, status });
});

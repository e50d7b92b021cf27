// The command line: conformance, lesson, export, run, grade, bench. Exit status 0 when all is well, 1 when something failed, 2 for wrong use.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { cac } from 'cac';
import { runBench } from './bench_command';
import { knownDifferences, type Reason } from '../lab/known_differences';
import { gaps, modelledPage } from '../lab/modelled';
import { conformance } from './conformance';
import { exportLesson, lessonLint, lessonNew, lessonSchemaOut } from './lesson_tools';
import { lessonTest } from './lesson';
import { runLesson } from './run';

const cli = cac('lvslab');

cli
  .command('conformance <dir>', 'Replay scenarios recorded on real Linux and compare, byte for byte')
  .option('--quiet', 'Leave the diffs out')
  .option('--only <pattern>', 'Only scenarios whose name (or step line) contains PATTERN')
  .option('--list', 'Name passing steps too')
  .option('--out <dir>', 'Write what the emulator printed, in the transcript format')
  .option('--jobs <n>', 'Workers side by side', { default: 2 })
  .option('--write-floor <dir>', 'Record the counts and the failing steps as the floor of DIR')
  .action(async (dir: string, o: { quiet?: boolean; only?: string; list?: boolean; out?: string; jobs: number; writeFloor?: string }) => {
    process.exitCode = await conformance(String(dir), { ...o, ...(o.only === undefined ? {} : { only: String(o.only) }) });
  });

cli
  .command('lesson <what> [...names]', 'test [FOLDER...]: lessons prove themselves; lint [FOLDER...]: only read them; new ID; schema [course]: JSON Schema for editors')
  .option('--seeds <n>', 'Seeds to try', { default: 1 })
  .option('--no-mutants', 'Leave the spoilt solutions out')
  .option('--jobs <n>', 'Workers side by side (default: as many as the machine runs at once)')
  .action(async (what: string, names: string[], o: { seeds: number; mutants: boolean; jobs?: number }) => {
    if (what === 'test') process.exitCode = await lessonTest(names, { seeds: Number(o.seeds), mutants: o.mutants, ...(o.jobs === undefined ? {} : { jobs: Number(o.jobs) }) });
    else if (what === 'lint') process.exitCode = lessonLint(names);
    else if (what === 'new') process.exitCode = lessonNew(names);
    else if (what === 'schema') process.exitCode = lessonSchemaOut(names);
    else {
      console.error(`lvslab lesson ${what}: use test, lint, new or schema`);
      process.exitCode = 2;
    }
  });

cli
  .command('export <lesson>', "Write a lesson's solution in another format")
  .option('--solution <name>', 'Which solution (default: the first)')
  .option('--format <name>', 'scenario: for the recorder on real Linux', { default: 'scenario' })
  .option('--seed <n>', 'Seed of the variables; 0 takes the examples', { default: 0 })
  .action((lesson: string, o: { solution?: string; format: string; seed: number }) => {
    process.exitCode = exportLesson(lesson, o.solution === undefined ? null : String(o.solution), o.format, Number(o.seed));
  });

cli.command('run <lesson>', "Open a lesson's lab in this terminal; ssh HOST changes hosts").option('--seed <n>', 'Seed', { default: 1 }).action(async (lesson: string, o: { seed: number }) => {
  process.exitCode = await runLesson(lesson, Number(o.seed));
});

cli.command('modelled', 'Print MODELLED.md, the page of what is modelled').option('--write', 'Write it to MODELLED.md here').action((o: { write?: boolean }) => {
  const [failing, reasons] = ['e2e/conformance/failing.txt', 'e2e/conformance/reasons.json'];
  const sources = ['src/kernel', 'src/host'].filter((dir) => existsSync(dir)).flatMap((dir) => readdirSync(dir, { recursive: true, encoding: 'utf8' }).map((name) => `${dir}/${name}`)).filter((path) => /(?<!\.test)\.ts$/.test(path));
  const page = modelledPage(
    existsSync(failing) && existsSync(reasons) ? knownDifferences(readFileSync(failing, 'utf8'), JSON.parse(readFileSync(reasons, 'utf8')) as Reason[]).page : '',
    gaps(sources.map((path) => ({ path, text: readFileSync(path, 'utf8') }))),
  );
  if (o.write) writeFileSync('MODELLED.md', page);
  else process.stdout.write(page);
});

cli.command('bench [program]', 'How fast the engine is').action((program?: string) => runBench(program));

cli.help();

// Workers of `conformance` and `lesson test` load this file too.
if (isMainThread) {
  try {
    cli.parse(process.argv, { run: false });
    if (cli.matchedCommand === undefined && !cli.options['help']) {
      cli.outputHelp();
      process.exitCode = 2;
    } else await cli.runMatchedCommand();
  } catch (e) {
    if (e instanceof Error && e.name === 'CACError') {
      console.error(`lvslab: ${e.message}`);
      process.exitCode = 2;
    } else throw e;
  }
}

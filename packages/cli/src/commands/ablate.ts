import { join } from 'node:path';
import {
  assertSameRun,
  choose,
  estimateTable,
  type Executor,
  localExecutor,
  matrices,
  OUTPUT_LOG,
  type PlannedRun,
  planRuns,
  presentBlocks,
  readMatrix,
  readSlurmOptions,
  type RunProgress,
  slurmExecutor,
  statusText,
  tailOf,
  whenFree,
} from '@pffnet/experiments';
import { performRun } from '@pffnet/experiments/perform-run';
import { ConfigError } from '@pffnet/structures';
import { Command, Option } from 'commander';
import { counted } from '@pffnet/pages/text';
import { type Call, commandLine } from '../call.ts';
import { say, terminal } from '../console-output.ts';
import { exitCode, explain } from '../exit-code.ts';
import {
  type ComputeOptions,
  loadEngine,
  positiveNumber,
  wholeNumber,
  withBackend,
  withRequired,
  withSettings,
} from '../options.ts';
import { trainVisibly } from '../train-visibly.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { progressOf, watchRuns } from '../watch-runs.ts';
import { oncePerFold, openData, refuseMissingFolders } from './ablate-data.ts';
import { engineOf, estimatesOf } from './ablate-estimate.ts';

interface AblateOptions extends Pick<ComputeOptions, 'backend'> {
  readonly matrix: string;
  readonly out: string;
  readonly data?: string;
  readonly preset?: string;
  readonly datasets?: readonly string[];
  readonly variants?: readonly string[];
  readonly folds?: readonly string[];
  readonly seeds?: readonly number[];
  readonly set?: readonly string[];
  readonly executor: 'local' | 'slurm';
  readonly slurmOption?: readonly string[];
  readonly jobs?: number;
  readonly dryRun?: true;
  readonly run?: string;
  readonly whenFree?: true;
}

const explanation = `
Matrices: ${matrices.map(({ name }) => name).join(', ')}.
<dir> of --data holds a folder per data set: kumar, tnbc, bbbc039, cvppp, cpm17. Every run has a folder of its own below
<runs>. The command can be repeated: it skips finished runs, continues interrupted ones and tries failed ones again,
also on several hosts at the same time if they share <runs>. --executor slurm submits a job array to a Slurm cluster and shows
its progress: docs/how-to/many-machines.md.

Examples:
  pffnet ablate --matrix table-ix --data data --out runs --datasets tnbc --dry-run
  pffnet ablate --matrix ci --data data --out runs --jobs 2
  pffnet ablate --matrix all --data data --out runs --executor slurm --slurm-option partition=long
  pffnet report runs --out report`;

const list = (text: string): string[] => text.split(',').filter((word) => word !== '');

/** `pffnet ablate`. */
export function ablateCommand(call: Call): Command {
  const command = withRequired(new Command('ablate'), [
    ['--matrix <name|file>', 'the runs: a matrix below by name, or a .json or .mjs file'],
    ['--out <runs>', 'folder of all runs'],
  ]);
  withSettings(command)
    .option('--data <dir>', 'folder that holds the data sets, one folder each')
    .option('--preset <name>', "size of the networks: paper, small, smoke (default: the matrix's)")
    .option('--datasets <names>', 'only these data sets of the matrix, such as tnbc,kumar', list)
    .option('--variants <names>', 'only these networks, such as pffnet,mask-rcnn', list)
    .option('--folds <names>', 'only these folds, such as 0,1', list)
    .option('--seeds <numbers>', 'one run per seed, such as 0,1,2', (text: string) => list(text).map(wholeNumber))
    .addOption(
      new Option('--executor <name>', 'where runs take place: on this machine, or as jobs of a Slurm cluster')
        .choices(['local', 'slurm'])
        .default('local'),
    )
    .option('--jobs <n>', 'runs at the same time (default: 1 on this machine, no limit on a cluster)', positiveNumber)
    .option(
      '--slurm-option <key=value>',
      "an option for sbatch, such as partition=gpu; replaces the preset's; repeat for more",
      (value: string, previous: readonly string[] = []) => [...previous, value],
    )
    .option('--dry-run', 'list the runs, the time and disk that they need, and their state; start nothing')
    .addOption(new Option('--when-free', 'wait while another process is at work on the run').hideHelp())
    .addOption(new Option('--run <id>', 'perform this one run in this process').hideHelp());
  return withBackend(command)
    .addHelpText('after', explanation)
    .action(async (options: AblateOptions) => {
      call.finish(await ablate(options, call));
    });
}

async function ablate(options: AblateOptions, call: Call): Promise<number> {
  const { out, data = '', backend } = options;
  const { matrix, leftOut } = presentBlocks(choose(await readMatrix(options.matrix), options), options.data);
  const runs = planRuns(matrix);
  if (options.run !== undefined) {
    const run = runs.find(({ id }) => id === options.run);
    if (run === undefined) throw new ConfigError(`--run ${options.run}: the matrix ${matrix.name} has no such run`);
    if (options.whenFree === true && (await whenFree(join(out, run.id))) === 'finished') return exitCode.done;
    const { interrupted } = await performRun({
      run,
      data,
      out,
      loadEngine: () => loadEngine({ backend }),
      command: commandLine(call.args),
      lineOf: (error) => explain(error).line,
      listener: terminal,
      train: trainVisibly,
    });
    if (interrupted) say('stopped, saved');
    return interrupted ? exitCode.interrupted : exitCode.done;
  }
  const executor = executorOf(options, call);
  for (const title of leftOut) say(`left out: ${title}; its folder is not in --data`);
  sayRows(
    'because their networks are not built yet',
    matrix.blocks.flatMap(({ unbuilt }) => unbuilt ?? []),
  );
  if (runs.length === 0)
    throw new ConfigError(
      `matrix ${matrix.name}: no run is left; give --data, or choose more with --datasets, --variants and --folds`,
    );
  for (const run of runs) await assertSameRun(join(out, run.id), run);
  if (options.dryRun === true) {
    sayRows(
      'because the paper quotes them from other work',
      matrix.blocks.flatMap(({ quoted }) => quoted ?? []),
    );
    const engine = await engineOf(backend);
    const estimates = await estimatesOf(runs, options.data, engine);
    process.stdout.write(estimateTable(await progressOf(runs, out), estimates, engine));
    return exitCode.done;
  }
  refuseMissingFolders(runs, options.data);
  for (const run of oncePerFold(runs)) await openData(run, options.data);
  return perform(runs, executor, options, call);
}

function sayRows(why: string, rows: readonly string[]): void {
  if (rows.length > 0) say(`rows of the paper that have no run here, ${why}: ${[...new Set(rows)].join(', ')}`);
}

function executorOf({ executor, slurmOption, out, backend, jobs }: AblateOptions, { args }: Call): Executor {
  // The same call, for one run, is a process of its own.
  const pffnet: [string, ...string[]] = [process.execPath, ...process.execArgv, process.argv[1]];
  if (executor === 'slurm') {
    return slurmExecutor({
      out,
      engine: backend,
      options: readSlurmOptions(slurmOption ?? []),
      jobs: jobs ?? null,
      command: [...pffnet, ...args, '--when-free', '--run'],
      report: [...pffnet, 'report', out, '--out', join(out, 'report')],
    });
  }
  if (slurmOption !== undefined) throw new ConfigError('--slurm-option needs --executor slurm');
  return localExecutor({ out, jobs: jobs ?? 1, command: ({ id }) => [...pffnet, ...args, '--run', id] });
}

async function perform(
  runs: readonly PlannedRun[],
  executor: Executor,
  { out }: AblateOptions,
  { args }: Call,
): Promise<number> {
  const missing = (await progressOf(runs, out)).filter(({ status }) => status.kind !== 'finished');
  say(`${counted(runs.length, 'run')}, of which ${runs.length - missing.length} finished already`);
  const [progress, stopped] = await untilInterrupted(executor.stopping, async (signal) => {
    const work = executor.perform(
      missing.map(({ run }) => run),
      signal,
    );
    return [await watchRuns(runs, out, work, () => executor.news?.() ?? ''), signal.aborted] as const;
  });
  const left = progress.filter(({ status }) => status.kind !== 'finished');
  for (const entry of left.filter(({ status }) => status.kind !== 'waiting')) await sayWhatHappened(entry, out);
  say(
    `${progress.length - left.length} of ${counted(progress.length, 'run')} finished; a report: pffnet report ${out} --out report`,
  );
  if (left.length === 0) return exitCode.done;
  if (!stopped) return exitCode.failed;
  say(executor.goOn(commandLine(args)));
  return exitCode.interrupted;
}

/** A run that is not finished: how far it came, and its last words. */
async function sayWhatHappened(entry: RunProgress, out: string): Promise<void> {
  const log = join(out, entry.run.id, OUTPUT_LOG);
  say(`${entry.run.id}: ${statusText(entry)}; the end of ${log}:`);
  for (const line of (await tailOf(log)).slice(-8)) say(`  | ${line}`);
}

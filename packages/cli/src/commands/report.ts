import { choose, planRuns, presentBlocks, readMatrix, writeReport } from '@pffnet/experiments';
import { Argument, Command } from 'commander';
import { counted } from '@pffnet/pages/text';
import type { Call } from '../call.ts';
import { say } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { withRequired } from '../options.ts';

interface ReportOptions {
  readonly out: string;
  readonly matrix?: string;
  readonly data?: string;
}

const explanation = `
Everything is read from the run folders. <dir> gets index.html, one page with what was trained first, then figures and
the paper's tables, and tables/ with each table as Markdown, LaTeX and CSV. Cells say what produced them; scaled-down
runs are marked as such.

Examples:
  pffnet report runs --out report
  pffnet report runs --out report --matrix ci --data data    also fails if a run of the matrix is missing`;

/** `pffnet report`. */
export function reportCommand(call: Call): Command {
  const command = withRequired(
    new Command('report').addArgument(
      new Argument('<runs>', 'folder of runs: the --out of pffnet ablate, or a folder of runs of pffnet train'),
    ),
    [['--out <dir>', 'folder for the report']],
  );
  return command
    .option('--matrix <name|file>', 'fail if a run of this matrix is not finished')
    .option('--data <dir>', 'with --matrix: the data sets, as pffnet ablate was given them')
    .addHelpText('after', explanation)
    .action(async (runs: string, options: ReportOptions) => {
      call.finish(await report(runs, options));
    });
}

async function report(folder: string, options: ReportOptions): Promise<number> {
  const { runs, groups, page } = await writeReport(folder, options.out);
  const trained = runs.finished.length + runs.untested.length;
  say(`${counted(trained, 'run')}, ${counted(groups.length, 'row')} of data sets; look at ${page}`);
  if (runs.unfinished.length > 0)
    say(`not finished, and left out: ${runs.unfinished.map((run) => run.folder).join(', ')}`);
  if (runs.untested.length > 0) {
    say(`without test images, so without scores: ${runs.untested.map((run) => run.folder).join(', ')}`);
  }
  if (options.matrix === undefined) return exitCode.done;
  const { matrix } = presentBlocks(choose(await readMatrix(options.matrix), {}), options.data);
  const found = new Set(
    runs.finished.map(({ place, config }) => `${place.protocol}/${place.variant}/${place.fold}/${config.seed}`),
  );
  const missing = planRuns(matrix).filter(
    ({ protocol, variant, fold, seed }) => !found.has(`${protocol.name}/${variant.name}/${fold}/${seed}`),
  );
  if (missing.length === 0) return exitCode.done;
  say(`${counted(missing.length, 'run')} of ${matrix.name} missing: ${missing.map(({ id }) => id).join(', ')}`);
  return exitCode.failed;
}

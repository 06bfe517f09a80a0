import { shippedSplits } from '@pffnet/datasets';
import { variants } from '@pffnet/families';
import { Command } from 'commander';
import {
  type ConfigOptions,
  divideImages,
  type DivisionOptions,
  engineOf,
  inPrecisionHere,
  openDatasetFor,
  runFacts,
  trainingConfig,
  trainRun,
  usualValidation,
} from '@pffnet/runs';
import { type Call, commandLine } from '../call.ts';
import { say, terminal } from '../console-output.ts';
import { trainVisibly } from '../train-visibly.ts';
import { exitCode } from '../exit-code.ts';
import {
  type ComputeOptions,
  loadEngine,
  precisionOption,
  wholeNumber,
  withChannel,
  withComputeOptions,
  withRequired,
  withSettings,
} from '../options.ts';

interface TrainOptions extends ComputeOptions, ConfigOptions, DivisionOptions {
  readonly out: string;
  readonly resume?: true;
}

const explanation = `
<dir> holds images/ and, under the same names, labels/: 16-bit grey PNG, 0 = background, every other value one object.
<run> gets config.json, run.json, log.jsonl, TensorBoard events and checkpoints/; with --fold also predictions/ and
metrics of the test images. Ctrl-C saves; the same command with --resume goes on.

Examples:
  pffnet train --config small --data cells --out runs/first
  pffnet train --config small --data cells --split folds.csv --fold 0 --out runs/fold0 --set training.iterations=3000`;

/** `pffnet train`. */
export function trainCommand(call: Call): Command {
  const command = withRequired(new Command('train'), [
    ['--config <preset|file>', 'paper, small, smoke, or a JSON file'],
    ['--data <dir>', 'data set: images/ and labels/'],
    ['--out <run>', 'folder of the run'],
  ]);
  withSettings(command)
    .option('--profile <name>', "the paper's settings per data set: kumar, tnbc, bbbc039, cpm17, cvppp")
    .option(
      '--variant <name>',
      `train another network of the paper's tables with that preset: ${variants.map(({ name }) => name).join(', ')}`,
    )
    .option(
      '--split <source>',
      `which image is for what: ${shippedSplits.join(', ')}, a CSV file with a column \`name\`, or a folder of lists; by default the split that came with the data (BBBC039)`,
    )
    .option('--column <name>', 'the column that names the fold (default: fold, or else part)')
    .option(
      '--fold <value>',
      'keep the images of this fold for the test: they are predicted and scored at the end (default: test)',
    )
    .option(
      '--validation <n>',
      `training images to hold out for choosing the best weights (default: those that the split names, or ${usualValidation})`,
      wholeNumber,
    )
    .addOption(precisionOption())
    .option('--resume', 'continue the run in <run>');
  withChannel(command);
  return withComputeOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: TrainOptions) => {
      call.finish(await runTraining(options, call));
    });
}

async function runTraining(options: TrainOptions, call: Call): Promise<number> {
  const wanted = await trainingConfig(options);
  const dataset = await openDatasetFor(wanted, options.data, say);
  const parts = await divideImages(dataset, options, wanted.seed, say);
  const engine = await loadEngine(options);
  const config = await inPrecisionHere(wanted, options.out, engine.description, say);
  const facts = await runFacts({
    engine: engineOf(config, engine.description),
    command: commandLine(call.args),
    folder: options.data,
    dataset,
    ...parts,
  });
  const start = options.resume === true ? 'resume' : 'begin';
  const outcome = await trainRun({
    out: options.out,
    config,
    dataset,
    facts,
    start,
    listener: terminal,
    train: trainVisibly,
  });
  if (!outcome.interrupted) {
    if (parts.test.length === 0) {
      say(`find objects with: ${commandLine(['predict', '--model', options.out, '--out', 'predicted'])} <images>`);
    }
    return exitCode.done;
  }
  const again = options.resume === true ? call.args : [...call.args, '--resume'];
  say(`stopped after step ${outcome.step}, saved; go on with: ${commandLine(again)}`);
  return exitCode.interrupted;
}

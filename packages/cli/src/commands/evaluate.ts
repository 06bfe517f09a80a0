import { shippedSplits } from '@pffnet/datasets/image-files';
import { type ScoreName, scoreNames } from '@pffnet/metrics';
import { ConfigError } from '@pffnet/structures';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Call } from '../call.ts';
import { exitCode } from '../exit-code.ts';
import { channelChoice, outputFile, refuseMissing, wholeNumber, withComputeOptions } from '../options.ts';
import { type PolicyOptions, policyOf, scoreLabelMaps, type ScoreOptions } from './evaluate-score.ts';
import type { TuneOptions } from './evaluate-tune.ts';

/** Any of the command's tasks. */
type EvaluateOptions =
  | (ScoreOptions & { readonly tune?: undefined; readonly panoptic?: true })
  | (TuneOptions & PolicyOptions & { readonly tune: true; readonly run?: string; readonly panoptic?: true });

/** Scores that say how good a prediction is; counts do not. */
const comparable = scoreNames.filter((name) => !/Count$|ountDifference$/.test(name));

const explanation = `
Label maps of any tool: grey PNG, TIFF or NPY, 0 = background, every other value one object. Files are matched by name,
whatever their extension. Pictures that predict writes beside its label maps are ignored.

Examples:
  pffnet evaluate --run runs/fold0 --html scores.html
  pffnet evaluate --pred predicted --truth cells/labels --csv scores.csv
  pffnet evaluate --pred predicted --truth cells/labels --json - | jq .mean.aji
  pffnet evaluate --pred predicted --truth cells/labels --html scores.html --images cells/images
  pffnet evaluate --pred ours --truth cells/labels --compare theirs
  pffnet evaluate --pred ours --truth kumar/labels --split kumar --only test --group group
  pffnet evaluate --panoptic --pred predicted --truth cells/labels --csv panoptic.csv
  pffnet evaluate --tune --model runs/first --out tuned.json`;

/** `pffnet evaluate`. */
export function evaluateCommand(call: Call): Command {
  const command = new Command('evaluate').usage(
    '--pred <dir> --truth <dir> [options]\n       pffnet evaluate --run <run> [options]\n       pffnet evaluate --tune --model <run|file> --out <file> [options]',
  );
  const toScore = [
    new Option('--pred <dir>', 'predicted label maps'),
    new Option('--truth <dir>', 'true label maps of the same names'),
  ];
  const toTune = [
    new Option('--model <run|file>', 'a run folder (its best weights) or a weights file'),
    new Option('--out <file>', 'file for the best settings; predict takes it as --settings'),
  ];
  for (const option of toScore) command.addOption(option);
  command
    .option(
      '--run <run>',
      "a run trained with --fold: scores its test images; --pred and --truth are then the run's own",
    )
    .option('--pred-suffix <text>', 'ending that predicted names have and true names do not, such as _cp_masks')
    .option('--split <source>', `${shippedSplits.join(', ')}, a CSV file with a column \`name\`, or a folder of lists`)
    .option('--only <part...>', 'with --split: score only images of these parts, such as test')
    .option('--column <name>', 'with --split: the column that --only reads (default: fold, or else part)')
    .option('--group <column>', 'with --split: also give scores for each value of this column, such as seen and unseen')
    .option(
      '--compare <dir>',
      'label maps of another method: tests whether --pred is better, with corrected p values and intervals',
    )
    .addOption(
      new Option('--scores <names>', `what to compare, separated by commas: ${comparable.join(', ')}`)
        .argParser(scoreList)
        .default(scoreList(usuallyCompared), usuallyCompared),
    )
    .option('--json <file>', 'write all scores as JSON; - for standard output', outputFile)
    .option('--csv <file>', 'write one row per image')
    .option('--html <file>', 'write a page: scores, how they spread, the worst images with their errors')
    .option('--images <dir>', 'with --html: folder of the images, to draw the errors on them')
    .option('--channel <n|name>', 'with --images: for files with several channels, which one to show', channelChoice)
    .option('--worst <n>', 'with --html: how many images to show', wholeNumber, 6)
    .addOption(
      new Option('--empty-as <policy>', 'how images without any object count in the means')
        .choices(['one', 'zero', 'skip'])
        .default('skip'),
    )
    .option(
      '--cvppp-strict',
      'count objects as the CVPPP evaluation does: the smallest label is background, gaps count',
    )
    .option(
      '--panoptic',
      "scores of things and stuff: --pred and --truth are JSON files in COCO's panoptic form, folders with a panoptic.json as predict --panoptic writes it, or folders of label maps (objects and background)",
    )
    .option(
      '--tune',
      'search for the prediction thresholds that score best on validation images, with the options below',
    )
    .optionsGroup('Options of --tune:');
  for (const option of toTune) command.addOption(option);
  command
    .option('--data <dir>', "data set to tune on (default: the validation images of the run's own)")
    .option('--by <score>', 'the score to maximise', oneScore, 'aji');
  return withComputeOptions(command)
    .addHelpText('after', explanation)
    .action(async (options: EvaluateOptions) => {
      if (options.panoptic === true) refuseBeside(command);
      if (options.tune === true) {
        refuseMissing(command, toTune);
        if (options.run !== undefined) throw new ConfigError('--run is to score; for --tune give the run as --model');
        const { tuneModel } = await import('./evaluate-tune.ts');
        call.finish(await tuneModel(options, policyOf(options)));
        return;
      }
      if (options.run === undefined) refuseMissing(command, toScore);
      if (options.panoptic === true) {
        const { scorePanoptic } = await import('./evaluate-panoptic.ts');
        await scorePanoptic(options);
      } else await scoreLabelMaps(options, call);
      call.finish(exitCode.done);
    });
}

/** Options that panoptic scores have no use for. */
const notPanoptic = ['predSuffix', 'compare', 'scores', 'html', 'images', 'channel', 'worst', 'emptyAs', 'cvpppStrict', 'tune']; // prettier-ignore

function refuseBeside(command: Command): void {
  const given = command.options.filter((option) => {
    const name = option.attributeName();
    return notPanoptic.includes(name) && command.getOptionValueSource(name) === 'cli';
  });
  if (given.length === 0) return;
  throw new ConfigError(
    `--panoptic has no ${given.map(({ long }) => long).join(', ')}; leave ${given.length === 1 ? 'it' : 'them'} out, or score label maps without --panoptic`,
  );
}

const usuallyCompared = 'aji,dice,f1,pq';
const scoreList = (text: string): ScoreName[] => [...new Set(text.split(',').map((name) => oneScore(name.trim())))];

function oneScore(text: string): ScoreName {
  const known = comparable.find((name) => name === text);
  if (known !== undefined) return known;
  throw new InvalidArgumentError(
    `There is no score '${text}' that can be compared; expected ${comparable.join(', ')}.`,
  );
}

import { listDataset, writeAtomically } from '@pffnet/datasets';
import { Command } from 'commander';
import { checkPage, checkText, picturedImages } from '@pffnet/pages';
import { checkData, checkJson, trainingConfig } from '@pffnet/runs';
import { type Call, commandLine } from '../call.ts';
import { say, terminal } from '../console-output.ts';
import {
  type LookOptions,
  type SourceOptions,
  splitOf,
  type SplitOptions,
  withFormat,
  withLook,
  withSplit,
} from '../data/data-options.ts';
import { exitCode } from '../exit-code.ts';
import { outputFile } from '../options.ts';

interface CheckOptions extends SourceOptions, SplitOptions, LookOptions {
  readonly json?: string;
  readonly html?: string;
}

const explanation = `
Reads every image and its labels, and says what is in them, what is wrong with them and what to do about it: sizes,
touching and broken objects, specks, copies of images (also between the parts of a split), intensities, and which share
of the objects the anchors of each preset can match. Exit code 2 if the set cannot be used as it is.

Examples:
  pffnet data check cells
  pffnet data check tnbc --split folds.csv --column fold_by_patient --html check.html
  pffnet data check cells --config small --set instanceHead.anchors.sizes=[6,12,24,48,96]`;

/** `pffnet data check`. */
export function dataCheckCommand(call: Call): Command {
  const command = withSplit(
    withFormat(
      new Command('check')
        .description('say what is in a data set, what is wrong with it, and whether the anchors fit it')
        .argument('<dir>', 'data set: images/ and labels/, or as downloaded'),
    ),
  );
  return withLook(command, 'a config whose anchors are checked too')
    .option('--json <file>', 'write everything as JSON; - for standard output', outputFile)
    .option('--html <file>', 'write a page with pictures and charts')
    .addHelpText('after', explanation)
    .action(async (folder: string, options: CheckOptions) => {
      call.finish(await check(folder, options));
    });
}

async function check(folder: string, options: CheckOptions): Promise<number> {
  const { config, channel, ...look } = options;
  const own =
    config === undefined ? undefined : { name: '--config', config: await trainingConfig({ ...look, config }) };
  const listing = await listDataset(folder, options.format);
  const split = await splitOf(options, listing);
  const checked = await checkData({ folder, listing, split, channel, own, listener: terminal });
  if (options.html !== undefined) {
    const pictured = picturedImages(listing.images, checked.survey, checked.problems);
    await writeAtomically(options.html, await checkPage(checked, checked.survey, pictured, { channel }));
  }
  const json = `${JSON.stringify(checkJson(checked), null, 2)}\n`;
  if (options.json !== undefined && options.json !== '-') await writeAtomically(options.json, json);
  process.stdout.write(options.json === '-' ? json : checkText(checked));
  if (!checked.usable) return exitCode.wrongInput;
  say(
    `the data set can be used; train with: ${commandLine(['train', '--config', 'small', '--data', folder, '--out', 'run'])}`,
  );
  return exitCode.done;
}

import {
  contactSheet,
  openDataset,
  overlay,
  reduceSample,
  type Sample,
  sayingNotes,
  writeImage,
} from '@pffnet/datasets';
import { randomStream, type RgbImage, shuffle } from '@pffnet/structures';
import { PatchSource } from '@pffnet/training';
import { Command } from 'commander';
import { counted } from '@pffnet/pages/text';
import { readingOf } from '@pffnet/network';
import { trainingConfig } from '@pffnet/runs';
import type { Call } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { type LookOptions, type SourceOptions, withFormat, withLook } from '../data/data-options.ts';
import { exitCode } from '../exit-code.ts';
import { positiveNumber, wholeNumber } from '../options.ts';

interface PreviewOptions extends SourceOptions, LookOptions {
  readonly augmented?: true;
  readonly out: string;
  readonly count: number;
  readonly columns: number;
}

/** Longer side of a picture, pixels. */
const PICTURE_SIDE = 400;
/** Pixels between pictures. */
const GAP = 6;

const explanation = `
Writes one picture of many images, every object in an outline of its own; --augmented shows the patches that training
would see first with the given config and seed, cut, turned, blurred and scaled to 0..255 as the network gets them.

Examples:
  pffnet data preview cells
  pffnet data preview cells --augmented --config small --profile tnbc --count 20 --out patches.png`;

/** `pffnet data preview`. */
export function dataPreviewCommand(call: Call): Command {
  const command = withFormat(
    new Command('preview')
      .description('draw a contact sheet of images with the outlines of their objects')
      .argument('<dir>', 'data set: images/ and labels/, or as downloaded'),
  )
    .option('--augmented', 'show the patches that training sees instead of whole images')
    .option('--out <file>', 'the picture, PNG', 'preview.png')
    .option('--count <n>', 'pictures on the sheet', positiveNumber, 12)
    .option('--columns <n>', 'pictures in a row', positiveNumber, 4)
    .option('--seed <n>', 'start of the random streams that choose images and patches (default: 0)', wholeNumber);
  return withLook(command, 'preset or file whose patches, augmentation and scaling are used (default: small)')
    .addHelpText('after', explanation)
    .action(async (folder: string, options: PreviewOptions) => {
      await preview(folder, options);
      call.finish(exitCode.done);
    });
}

async function preview(folder: string, options: PreviewOptions): Promise<void> {
  const { count, columns, out, format, augmented } = options;
  const config = await trainingConfig({ ...options, config: options.config ?? 'small' });
  const dataset = sayingNotes(await openDataset(folder, { ...readingOf(config), format }), say);
  const chosen = shuffle([...dataset.names], randomStream(config.seed, 'preview'))
    .slice(0, count)
    .sort();
  const source = new PatchSource(dataset, dataset.names, config);
  const draw = (index: number): Promise<Sample> =>
    augmented === true ? source.draw(index) : dataset.load(chosen[index]);
  const total = augmented === true ? count : chosen.length;
  const pictures: RgbImage[] = [];
  const names: string[] = [];
  await withProgress('drawing', total, async (progress) => {
    for (let index = 0; index < total; index++) {
      const sample = await reduceSample(await draw(index), PICTURE_SIDE);
      pictures.push(overlay(sample.image, sample.labels));
      names.push(sample.name);
      progress.update(index + 1, sample.name);
    }
  });
  await writeImage(out, contactSheet(pictures, { columns, gap: GAP }));
  for (let row = 0; row * columns < total; row++) {
    say(`row ${row + 1}: ${names.slice(row * columns, (row + 1) * columns).join(', ')}`);
  }
  say(`${counted(total, 'picture')} of ${counted(dataset.names.length, 'image')} in ${out}`);
}

import { mkdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { listImages, pairingName, readLabelMap, writeAtomically } from '@pffnet/datasets/image-files';
import { DataError } from '@pffnet/structures';
import { Command, InvalidArgumentError, Option } from 'commander';
import { counted } from '@pffnet/pages/text';
import type { ExportImage } from '@pffnet/evaluation/export-labels';
import { type Diameter, panopticPicture, predictionFiles } from '@pffnet/runs/prediction';
import type { Call } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { exportHelp, exportList, withExportOptions } from '../export-options.ts';
import {
  openEngine,
  outputFile,
  precisionOption,
  withChannel,
  withComputeOptions,
  withRequired,
  withSettings,
} from '../options.ts';
import { type ImageResult, type PredictOptions, PredictSession } from '../predict-session.ts';
import { stoppingAfter, untilInterrupted } from '../until-interrupted.ts';

const explanation = `
For an image NAME, <dir> gets NAME.png, a 16-bit label map (0 = background, 1 = the object of highest confidence; with
more than 65,535 objects NAME.tif, 32-bit); NAME_overlay.png, the image with outlines; NAME.csv, one line per object.

--panoptic writes <dir>/panoptic/NAME.png, ids as R + 256 G + 65536 B, and <dir>/panoptic.json for all images: things are
the objects, stuff is what the semantic branch takes for background, 0 the rest.

--export also writes these into <dir>; separate kinds by commas:
${exportHelp}

--diameter scales every image so that its objects are as large as those that the model was trained on, and scales the
label map back. Give the median diameter in pixels, or auto to estimate it from each image.

Examples:
  pffnet predict --model auto --out predicted new-images
  pffnet predict --model nuclei-he --diameter auto --out predicted new-images
  pffnet predict --model runs/first --settings tuned.json --set test.minScore=0.6 --out predicted new-images
  pffnet predict --model runs/first --out predicted --panoptic new-images
  pffnet predict --model best.safetensors --out predicted --json - a.png b.tif > objects.json`;

/** `pffnet predict`. */
export function predictCommand(call: Call): Command {
  const command = new Command('predict').argument('<image|dir...>', 'images, or folders of images');
  withRequired(command, [
    [
      '--model <name|run|file>',
      'a model that ships (pffnet model list), auto for the one that suits each image, a run folder (its best weights), or a weights file',
    ],
    ['--out <dir>', 'folder for label maps, overlays and tables'],
  ])
    .option('--json <file>', 'write all objects as JSON; - for standard output', outputFile)
    .option('--export <kinds>', 'also write the objects for other programs, such as coco,geojson', exportList);
  withExportOptions(command)
    .addOption(
      new Option('--scaling <kind>', "how the files' numbers become 0..255 (default: as in the training)").choices([
        'range',
        'min-max',
        'percentile',
      ]),
    )
    .option(
      '--diameter <pixels>',
      'median diameter of the objects in the images, or auto to estimate it (default: images are read at their own size)',
      diameter,
    )
    .option(
      '--clicks-from <dir>',
      'for a network that is told where objects are (nuclick): label maps of the same names, each of whose objects is clicked',
    )
    .addOption(precisionOption())
    .option('--settings <file>', 'prediction settings, a file that evaluate --tune wrote')
    .option('--semantic', 'also write what the network predicts per pixel: semantic maps, or distances')
    .option('--panoptic', "also write objects and background in COCO's panoptic form");
  return withComputeOptions(withSettings(withChannel(command)))
    .addHelpText('after', explanation)
    .action(async (inputs: string[], options: PredictOptions) => {
      call.finish(await predictAll(inputs, options));
    });
}

async function predictAll(inputs: readonly string[], options: PredictOptions): Promise<number> {
  const files = (await Promise.all(inputs.map(imagesBelow))).flat();
  refuseOverwriting(files, options);
  if (options.clicksFrom !== undefined && resolve(options.clicksFrom) === resolve(options.out)) {
    throw new DataError(
      `${options.out}: the predictions would replace the label maps of --clicks-from; choose another --out folder`,
    );
  }
  const engine = await openEngine(options);
  const session = new PredictSession(options);
  await session.models.prepare();
  const results: ImageResult[] = [];
  const labelFiles: string[] = [];
  try {
    await mkdir(options.out, { recursive: true });
    await withProgress('predicting', files.length, (progress) =>
      untilInterrupted(stoppingAfter('image'), async (signal) => {
        for (const file of files) {
          if (signal.aborted) break;
          const { result, labelFile } = await session.predict(file, progress);
          results.push(result);
          labelFiles.push(labelFile);
          progress.update(results.length, basename(file));
          await new Promise((resolve) => setImmediate(resolve)); // lets signals through
        }
      }),
    );
  } catch (error) {
    // One image of many may be at fault: what was found in those before it is not lost.
    if (results.length > 0) {
      await writeResults(results, options);
      await session.finish();
      say(`${counted(results.length, 'image')} of ${files.length} done`);
    }
    throw error;
  } finally {
    await session.models.dispose();
  }
  await writeResults(results, options);
  await session.finish();
  if (options.export !== undefined) {
    const { exportLabels } = await import('@pffnet/evaluation/export-labels');
    const exported = results.map((result, index) => exportOf(result, labelFiles[index]));
    await exportLabels(options.out, options.export, exported, { ...options, channel: session.channel });
  }
  const objects = results.reduce((total, { instances }) => total + instances.length, 0);
  const seconds = results.reduce((total, result) => total + result.seconds, 0);
  say(
    `${counted(objects, 'object')} in ${counted(results.length, 'image')}, ${(seconds / results.length).toFixed(2)} s per image on ${engine.description}; label maps in ${options.out}`,
  );
  if (objects === 0 && !session.excludesAll)
    say('nothing was found: train for more steps, or lower the threshold with --set test.minScore=0.3');
  if (results.length === files.length) return exitCode.done;
  say(`stopped before ${files[results.length]}; ${counted(files.length - results.length, 'image')} left`);
  return exitCode.interrupted;
}

async function writeResults(results: readonly ImageResult[], { json }: PredictOptions): Promise<void> {
  const text = `${JSON.stringify(results, null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else if (json !== undefined) await writeAtomically(json, text);
}

function diameter(text: string): Diameter {
  if (text === 'auto') return text;
  const pixels = Number(text);
  if (Number.isFinite(pixels) && pixels > 0) return pixels;
  throw new InvalidArgumentError('expected a number of pixels above 0, or auto');
}

/** A prediction to be exported; what is known of its objects goes along. */
function exportOf({ image, instances }: ImageResult, labelFile: string): ExportImage {
  return {
    name: pairingName(image),
    image,
    load: () => readLabelMap(labelFile),
    measurements: new Map(
      instances.map(({ id, area, classScore, quality, confidence }) => [
        id,
        known({ area, classScore, confidence, quality }),
      ]),
    ),
  };
}

/** What a network says of an object, without what it does not say. */
const known = (values: Readonly<Record<string, number | null>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));

async function imagesBelow(input: string): Promise<string[]> {
  if (!existsSync(input)) throw new DataError(`${input}: there is no such image or folder; check the path`);
  if (!(await stat(input)).isDirectory()) return [input];
  return (await listImages(input)).map(({ path }) => path);
}

/** Two images must not be written to one file, and none over an image. */
function refuseOverwriting(files: readonly string[], { out: folder, panoptic }: PredictOptions): void {
  const images = new Set(files.map((file) => resolve(file)));
  const writers = new Map<string, string>();
  for (const file of files) {
    const place = { folder, name: pairingName(file) };
    for (const target of [...predictionFiles(place), ...(panoptic === true ? [panopticPicture(place)] : [])]) {
      if (images.has(resolve(target))) {
        throw new DataError(
          `${target}: the prediction of ${file} would replace this image; choose another --out folder`,
        );
      }
      const other = writers.get(target);
      if (other !== undefined) {
        throw new DataError(`${other} and ${file} would both be written as ${target}; predict them into two folders`);
      }
      writers.set(target, file);
    }
  }
}

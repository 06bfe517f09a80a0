import { mkdir, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { listImages, pairingName, readLabelMap, writeAtomically } from '@pffnet/datasets';
import { decidePrediction, type FoundObject, type Network, type Prediction, readImageParts } from '@pffnet/network';
import { DataError, type Progress, type RgbPixels } from '@pffnet/structures';
import { Command, Option } from 'commander';
import { counted } from '@pffnet/pages/text';
import type { ExportImage, ExportKind, ExportOptions } from '@pffnet/evaluation';
import {
  loadModel,
  predictionFiles,
  type ReadingOptions,
  readToPredict,
  type TestSettings,
  writeMaps,
  writePrediction,
} from '@pffnet/runs/prediction';
import type { Call } from '../call.ts';
import { say, withProgress } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { exportHelp, exportList, withExportOptions } from '../export-options.ts';
import {
  type ComputeOptions,
  loadEngine,
  outputFile,
  precisionOption,
  withChannel,
  withComputeOptions,
  withRequired,
  withSettings,
} from '../options.ts';
import { stoppingAfter, untilInterrupted } from '../until-interrupted.ts';

interface PredictOptions extends ComputeOptions, TestSettings, ExportOptions, ReadingOptions {
  readonly model: string;
  readonly out: string;
  readonly json?: string;
  readonly semantic?: true;
  readonly export?: readonly ExportKind[];
}

/** One image's entry in `--json`. */
interface ImageResult {
  readonly image: string;
  readonly instances: readonly FoundObject[];
  /** Finding and drawing its objects, without reading and writing files. */
  readonly seconds: number;
}

const explanation = `
<dir> gets per image NAME: NAME.png, a 16-bit label map (0 = background, 1 = the surest object; NAME.tif when ids pass
65,535); NAME_overlay.png, the image with outlines; NAME.csv, one line per object.

--export writes into <dir> besides, a list of:
${exportHelp}

Examples:
  pffnet predict --model runs/first --out predicted new-images
  pffnet predict --model runs/first --settings tuned.json --set test.minScore=0.6 --out predicted new-images
  pffnet predict --model best.safetensors --out predicted --json - a.png b.tif > objects.json`;

/** `pffnet predict`. */
export function predictCommand(call: Call): Command {
  const command = new Command('predict').argument('<image|dir...>', 'images, or folders of images');
  withRequired(command, [
    ['--model <run|file>', 'a run folder (its best weights) or a weights file'],
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
    .addOption(precisionOption())
    .option('--settings <file>', 'file of other prediction settings, as evaluate --tune writes it')
    .option('--semantic', 'also write what the network predicts per pixel: semantic maps, or distances');
  return withComputeOptions(withSettings(withChannel(command)))
    .addHelpText('after', explanation)
    .action(async (inputs: string[], options: PredictOptions) => {
      call.finish(await predictAll(inputs, options));
    });
}

async function predictAll(inputs: readonly string[], options: PredictOptions): Promise<number> {
  const files = (await Promise.all(inputs.map(imagesBelow))).flat();
  refuseOverwriting(files, options.out);
  const engine = await loadEngine(options);
  const { network } = await loadModel(options.model, options, say);
  const excluded = network.predictor().excludesAll(network.config.test);
  if (excluded !== null) say(excluded);
  const results: ImageResult[] = [];
  const labelFiles: string[] = [];
  try {
    await mkdir(options.out, { recursive: true });
    await withProgress('predicting', files.length, (progress) =>
      untilInterrupted(stoppingAfter('image'), async (signal) => {
        for (const file of files) {
          if (signal.aborted) break;
          const { result, labelFile } = await predictOne(network, file, options, progress);
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
      say(`${counted(results.length, 'image')} of ${files.length} done`);
    }
    throw error;
  } finally {
    network.scope.dispose();
  }
  await writeResults(results, options);
  if (options.export !== undefined) {
    const { exportLabels } = await import('@pffnet/evaluation');
    const exported = results.map((result, index) => exportOf(result, labelFiles[index]));
    const channel = options.channel ?? network.config.input.channel;
    await exportLabels(options.out, options.export, exported, { ...options, channel });
  }
  const objects = results.reduce((total, { instances }) => total + instances.length, 0);
  const seconds = results.reduce((total, result) => total + result.seconds, 0);
  say(
    `${counted(objects, 'object')} in ${counted(results.length, 'image')}, ${(seconds / results.length).toFixed(2)} s per image on ${engine.description}; label maps in ${options.out}`,
  );
  if (objects === 0 && excluded === null)
    say('nothing was found: train for more steps, or lower the threshold with --set test.minScore=0.3');
  if (results.length === files.length) return exitCode.done;
  say(`stopped before ${files[results.length]}; ${counted(files.length - results.length, 'image')} left`);
  return exitCode.interrupted;
}

async function writeResults(results: readonly ImageResult[], { json }: PredictOptions): Promise<void> {
  const text = `${JSON.stringify(results, null, 2)}\n`;
  if (json === '-') process.stdout.write(text);
  else if (json !== undefined) await writeAtomically(json, new TextEncoder().encode(text));
}

async function predictOne(
  network: Network,
  file: string,
  { out, semantic, ...reading }: PredictOptions,
  progress: Progress,
): Promise<{ result: ImageResult; labelFile: string }> {
  const image = await readToPredict(network.config, file, reading, (line) => {
    progress.say(line);
  });
  const started = performance.now();
  const { prediction, maps } = await readImage(network, image, semantic === true);
  const seconds = Math.round(performance.now() - started) / 1000;
  const place = { folder: out, name: pairingName(file) };
  const labelFile = await writePrediction(place, image, prediction);
  if (extname(labelFile) !== '.png') {
    progress.say(`${labelFile}: a 32-bit TIFF, because ids above 65,535 do not fit a 16-bit PNG`);
  }
  await writeMaps(place, await maps(), image);
  return { result: { image: file, instances: prediction.instances, seconds }, labelFile };
}

/** The objects of an image and, where asked for, what its network predicts per pixel, which is computed when called for. */
async function readImage(
  network: Network,
  image: RgbPixels,
  withMaps: boolean,
): Promise<{ prediction: Prediction; maps: () => Promise<ReadonlyMap<string, Float32Array>> }> {
  const rule = network.config.test;
  const predictor = network.predictor();
  const { maps } = predictor;
  if (!withMaps || maps === undefined) {
    const prediction = await decidePrediction(predictor, readImageParts(predictor, image, rule), image, rule);
    return { prediction, maps: () => Promise.resolve(new Map()) };
  }
  const readings: unknown[] = [];
  for await (const reading of readImageParts(predictor, image, maps.floorOf(rule))) readings.push(reading);
  const prediction = await decidePrediction(predictor, readings, image, rule);
  return { prediction, maps: () => maps.predict(image, readings, rule) };
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
function refuseOverwriting(files: readonly string[], folder: string): void {
  const images = new Set(files.map((file) => resolve(file)));
  const writers = new Map<string, string>();
  for (const file of files) {
    for (const target of predictionFiles({ folder, name: pairingName(file) })) {
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

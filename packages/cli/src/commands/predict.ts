import { mkdir, readFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { listImages, overlay, readImage, writeImage, writeLabelMap } from '@pffnet/datasets';
import { decodeModel, drawObjects, findObjects, type Pffnet, predictSemantics } from '@pffnet/pffnet';
import type { Instance } from '@pffnet/postprocess';
import { ConfigError, DataError, type RgbImage } from '@pffnet/tensor-ops/structures';
import { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { progressBar, say } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import { type ComputeOptions, loadEngine, withComputeOptions } from '../options.ts';

interface PredictOptions extends ComputeOptions {
  readonly model: string;
  readonly out: string;
  readonly json?: string;
  readonly semantic?: true;
}

/** One image's entry in `--json`. */
interface ImageResult {
  readonly image: string;
  readonly instances: readonly Instance[];
  readonly seconds: number;
}

/** `pffnet predict`. */
export function predictCommand(finish: (code: number) => void): Command {
  return withComputeOptions(new Command('predict'))
    .description('separate the objects in images')
    .requiredOption('--model <run|file>', 'a run folder or a weights file')
    .requiredOption('--out <dir>', 'folder for label maps, overlays and tables')
    .option('--json <file>', 'write all instances as JSON; - for standard output')
    .option('--semantic', 'also write the foreground probability of both semantic predictions')
    .argument('<image|dir...>', 'images, or folders of images')
    .action(async (inputs: string[], options: PredictOptions) => {
      await predictAll(inputs, options);
      finish(exitCode.done);
    });
}

async function predictAll(inputs: readonly string[], options: PredictOptions): Promise<void> {
  const files = (await Promise.all(inputs.map(imagesBelow))).flat();
  refuseSameNames(files);
  const weights = await weightsFile(options.model);
  const engine = await loadEngine(options);
  const model = decodeModel(await readFile(weights), weights);
  await mkdir(options.out, { recursive: true });
  const bar = progressBar('predicting', files.length);
  const results: ImageResult[] = [];
  try {
    for (const file of files) {
      results.push(await predictOne(model, file, options));
      bar.update(results.length, basename(file));
    }
  } finally {
    bar.stop();
    model.scope.dispose();
  }
  const text = `${JSON.stringify(results, null, 2)}\n`;
  if (options.json === '-') process.stdout.write(text);
  else if (options.json !== undefined) await writeFileAtomic(options.json, text);
  const objects = results.reduce((total, { instances }) => total + instances.length, 0);
  say(`${objects} objects in ${files.length} images, on ${engine.description}; label maps in ${options.out}`);
}

async function predictOne(model: Pffnet, file: string, { out, semantic }: PredictOptions): Promise<ImageResult> {
  const image = await readImage(file);
  const started = performance.now();
  const detections = await findObjects(model, image);
  const { labels, instances } = drawObjects(model, detections, image);
  const seconds = (performance.now() - started) / 1000;
  const name = join(out, basename(file, extname(file)));
  await writeLabelMap(`${name}.png`, labels);
  await writeImage(`${name}_overlay.png`, overlay(image, labels));
  await writeFileAtomic(`${name}.csv`, instanceTable(instances));
  if (semantic === true) {
    const maps = await predictSemantics(model, image, detections);
    for (const [kind, map] of Object.entries(maps) as [string, Float32Array | null][]) {
      if (map !== null) await writeImage(`${name}_${kind}.png`, greyImage(map, image));
    }
  }
  return { image: file, instances, seconds };
}

function instanceTable(instances: readonly Instance[]): string {
  const rows = instances.map(({ id, box, area, classScore, quality, confidence }) =>
    [id, ...box, area, classScore, quality ?? '', confidence].join(','),
  );
  return `${['id,y1,x1,y2,x2,area,classScore,quality,confidence', ...rows].join('\n')}\n`;
}

function greyImage(map: Float32Array, { height, width }: RgbImage): RgbImage {
  return {
    height,
    width,
    data: Float32Array.from({ length: map.length * 3 }, (_, at) => 255 * map[Math.floor(at / 3)]),
  };
}

async function imagesBelow(input: string): Promise<string[]> {
  if (!existsSync(input)) throw new DataError(`${input}: there is no such image or folder`);
  if (!(await stat(input)).isDirectory()) return [input];
  return (await listImages(input)).map(({ path }) => path);
}

function refuseSameNames(files: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const file of files) {
    const name = basename(file, extname(file));
    const other = seen.get(name);
    if (other !== undefined)
      throw new DataError(`${file} and ${other} would both be written as ${name}.png; predict them into two folders`);
    seen.set(name, file);
  }
}

/** The weights of a run folder (`best`, else `last`), or the file itself. */
async function weightsFile(path: string): Promise<string> {
  if (!existsSync(path)) throw new ConfigError(`--model ${path}: there is no such run or file`);
  if (!(await stat(path)).isDirectory()) return path;
  const found = ['best', 'last']
    .map((name) => join(path, 'checkpoints', `${name}.safetensors`))
    .find((file) => existsSync(file));
  if (found === undefined) throw new ConfigError(`--model ${path}: the run has no weights yet; train it first`);
  return found;
}

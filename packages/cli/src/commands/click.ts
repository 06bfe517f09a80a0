import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pairingName } from '@pffnet/datasets/image-files';
import { counted } from '@pffnet/pages/text';
import {
  clickFile,
  loadModel,
  predictionFiles,
  type ReadingOptions,
  type TestSettings,
  writePrediction,
} from '@pffnet/runs/prediction';
import { DataError } from '@pffnet/structures';
import { Command } from 'commander';
import type { Call } from '../call.ts';
import { say } from '../console-output.ts';
import { exitCode } from '../exit-code.ts';
import {
  type ComputeOptions,
  openEngine,
  precisionOption,
  withChannel,
  withComputeOptions,
  withRequired,
  withSettings,
} from '../options.ts';

interface ClickOptions extends ComputeOptions, TestSettings, Pick<ReadingOptions, 'channel'> {
  readonly model: string;
  readonly points: string;
  readonly out: string;
}

const explanation = `
The clicks are a CSV table with columns y and x, in pixels from the upper left corner of the image (or axis-0 and axis-1,
as napari writes points), or JSON: [{ "y": 12, "x": 30 }] or [[12, 30]].

For an image NAME, <dir> gets NAME.png, a label map whose ids are in the order of the clicks; NAME_overlay.png and
NAME.csv, as of predict. A click on background gives no object, and two clicks on one object give one: a line names each
of them, the others are written, and the exit code is 2.

Example:
  pffnet train --variant nuclick --config small --data cells --out runs/clicks
  pffnet click --model runs/clicks --points points.csv --out clicked image.png`;

/** `pffnet click`. */
export function clickCommand(call: Call): Command {
  const command = new Command('click').argument('<image>', 'the image');
  withRequired(command, [
    ['--model <run|file>', 'a run of --variant nuclick (its best weights), or its weights file'],
    ['--points <file>', 'the clicks, CSV or JSON'],
    ['--out <dir>', 'folder for the label map, the overlay and the table'],
  ])
    .addOption(precisionOption())
    .option('--settings <file>', 'prediction settings, a file that evaluate --tune wrote');
  return withComputeOptions(withSettings(withChannel(command)))
    .addHelpText('after', explanation)
    .action(async (image: string, options: ClickOptions) => {
      call.finish(await clickImage(image, options));
    });
}

async function clickImage(file: string, options: ClickOptions): Promise<number> {
  const { out, points, model: name, channel } = options;
  const place = { folder: out, name: pairingName(file) };
  refuseOverwriting(predictionFiles(place), [file, points]);
  await openEngine(options);
  const model = await loadModel(name, options, say);
  try {
    const { image, prediction, remarks } = await clickFile(model, file, points, { channel }, say);
    await mkdir(out, { recursive: true });
    const labelFile = await writePrediction(place, image, prediction);
    for (const remark of remarks) say(`${points}: ${remark}`);
    say(`${counted(prediction.instances.length, 'object')}; label map: ${labelFile}`);
    return remarks.length === 0 ? exitCode.done : exitCode.wrongInput;
  } finally {
    model.network.scope.dispose();
  }
}

function refuseOverwriting(targets: readonly string[], sources: readonly string[]): void {
  const read = new Set(sources.map((source) => resolve(source)));
  const replaced = targets.find((target) => read.has(resolve(target)));
  if (replaced === undefined) return;
  throw new DataError(`${replaced}: the result would replace what it is made from; choose another --out folder`);
}

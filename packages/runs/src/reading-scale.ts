import type { Model } from '@pffnet/models';
import { fittingScale } from '@pffnet/network';
import { ConfigError, type RgbPixels } from '@pffnet/structures';
import { runOf, savedFacts } from './run-facts.ts';
import { trainingObjects } from './training-objects.ts';

/** How large the objects of an image are: their median diameter in its pixels, or to be estimated. */
export type Diameter = number | 'auto';

/**
 * By what factor an image is scaled before it is read, so that its objects are as large as those of the training.
 * @param trained - median diameter of the training objects, see {@link trainedDiameter}.
 * @param say - is told what `auto` found.
 */
export async function readingScale(
  { network }: Model,
  image: RgbPixels,
  { diameter, trained }: { readonly diameter: Diameter; readonly trained: number },
  say: (line: string) => void,
): Promise<number> {
  if (diameter !== 'auto') return trained / diameter;
  const scale = await fittingScale(network, image, trained);
  say(
    scale === 1
      ? `read at its own size: its objects are about as large as those of the training (${trained.toFixed(0)} pixels), or none was found`
      : `read at ${scale.toFixed(2)} of its size: its objects are about ${(trained / scale).toFixed(0)} pixels wide, those of the training ${trained.toFixed(0)}`,
  );
  return scale;
}

/**
 * The median diameter of the objects that a model learned from, in pixels: as its file says, else measured on the
 * training images of its run.
 * @param model - a name, a run folder or a weights file, for messages.
 * @throws ConfigError if it is not known, or the rule of prediction sets the size of images itself.
 */
export async function trainedDiameter({ network, facts }: Model, model: string): Promise<number> {
  const { test } = network.config;
  if (test.shortSide !== null) {
    throw new ConfigError(
      `--diameter: test.shortSide is ${test.shortSide} and already scales images; add --set test.shortSide=null`,
    );
  }
  const trained = facts === null ? await measured(network.config, model) : facts.diameter;
  if (trained !== null) return trained;
  throw new ConfigError(
    `--diameter: ${model} does not say how large its training objects were; pack it with pffnet model pack --data <training images>`,
  );
}

async function measured(config: Model['network']['config'], model: string): Promise<number | null> {
  const run = await savedFacts(runOf(model));
  if (run === null) return null;
  const { openDatasetFor } = await import('./open-dataset-for.ts'); // with the readers of all data sets, which are many
  const dataset = await openDatasetFor(config, run.data.folder);
  const names = run.data.train.filter((name) => dataset.names.includes(name));
  return (await trainingObjects(config, dataset, names)).diameter;
}

import { decodeSafetensors, encodeSafetensors, type PlainTensor } from '@pffnet/structures/safetensors';
import { DataError } from '@pffnet/structures';
import { createPffnet, type ModuleFactories, type Pffnet } from './create-pffnet.ts';
import { parseConfig } from './parse-config.ts';

/** Keys of the optimiser's velocities in a checkpoint: this and the parameter's path. */
export const MOMENTUM = 'momentum/';

/**
 * A network as one safetensors file: keys are parameter paths, kernels are HWIO and [in, out], maps flatten rows,
 * columns, channels; the metadata hold the config as JSON under `config`. Readable from Python as is.
 * @param metadata - more to write down, such as the training data and the step.
 */
export async function encodeModel(model: Pffnet, metadata: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  return encodeSafetensors({
    tensors: await readWeights(model),
    metadata: {
      format: 'pffnet-1',
      layouts: 'convolutions HWIO; matrices [in, out]; flattened maps (row, column, channel)',
      config: JSON.stringify(model.config),
      ...metadata,
    },
  });
}

/**
 * Builds the network that a file holds.
 * @param name - the file's name, for messages.
 * @throws DataError if it is not a file of ours, is cut short, or lacks a parameter.
 */
export function decodeModel(bytes: Uint8Array, name: string, modules?: ModuleFactories): Pffnet {
  const { tensors: stored, metadata } = decodeSafetensors(bytes, name);
  const model = createPffnet(parseConfig(readConfig(metadata['config'], name), `${name}: config`), modules);
  // A checkpoint holds velocities too, which prediction does not need.
  const tensors = new Map([...stored].filter(([path]) => !path.startsWith(MOMENTUM)));
  try {
    assignWeights(model, tensors, name);
  } catch (error) {
    model.scope.dispose();
    throw error;
  }
  return model;
}

function readConfig(text: string | undefined, name: string): unknown {
  try {
    if (text !== undefined) return JSON.parse(text);
  } catch {
    // Said below.
  }
  throw new DataError(`${name}: holds no config; expected weights that pffnet train wrote`);
}

/** Every parameter's values by path. */
export async function readWeights(model: Pffnet): Promise<Map<string, PlainTensor>> {
  const weights = new Map<string, PlainTensor>();
  for (const [path, variable] of model.scope.variables()) {
    weights.set(path, { shape: variable.shape, data: (await variable.data()) as Float32Array });
  }
  return weights;
}

/**
 * Sets every parameter of a network.
 * @throws DataError if one is missing, unknown or of another shape: the weights belong to another config.
 */
export function assignWeights(model: Pffnet, weights: ReadonlyMap<string, PlainTensor>, name: string): void {
  const variables = model.scope.variables();
  const other = (why: string): DataError => new DataError(`${name}: ${why}; these weights belong to another config`);
  for (const [path, { shape }] of variables) {
    const found = weights.get(path);
    if (found === undefined) throw other(`parameter ${path} [${shape.join(', ')}] is missing`);
    if (found.shape.join() !== shape.join()) {
      throw other(`parameter ${path} is [${found.shape.join(', ')}], expected [${shape.join(', ')}]`);
    }
  }
  const unknown = [...weights.keys()].find((path) => !variables.has(path));
  if (unknown !== undefined) throw other(`there is no parameter ${unknown}`);
  model.scope.assign(weights);
}

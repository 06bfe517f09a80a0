import { decodeSafetensors, encodeSafetensors, type PlainTensor } from '@pffnet/structures/safetensors';
import { DataError } from '@pffnet/structures';
import { ParamScope, readVariables } from '@pffnet/tensor-ops';
import type { Network } from './network.ts';
import { packWeights, unpackWeights } from './packed-weights.ts';
import { NO_HASH, writeHash } from './weights-hash.ts';

/** Keys of the optimiser's velocities in a checkpoint: this and the parameter's path. */
export const MOMENTUM = 'momentum/';
/** Keys of the weights' moving averages in a checkpoint: this and the parameter's path. */
export const AVERAGE = 'average/';

/** What a file may be: weights, a checkpoint, packed weights. */
const formats = ['pffnet-1', 'pffnet-checkpoint-1', 'pffnet-packed-1'] as const;

/**
 * A network as one safetensors file: keys are parameter paths, kernels are HWIO and [in, out], maps flatten rows,
 * columns, channels; the metadata hold the config as JSON under `config`. Readable from Python as is.
 * @param metadata - more to write down, such as the training data and the step.
 */
export async function encodeModel(
  network: Pick<Network, 'config' | 'scope'>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  return encodeSafetensors({
    tensors: await readWeights(network),
    metadata: {
      format: 'pffnet-1',
      layouts: 'convolutions HWIO; matrices [in, out]; flattened maps (row, column, channel)',
      config: JSON.stringify(network.config),
      ...metadata,
    },
  });
}

/**
 * The same with kernels in eight bits, a quarter of the size, see {@link packWeights}; `sha256` in the metadata is that
 * of the file with these 64 digits as zeros.
 */
export async function encodePackedModel(
  network: Pick<Network, 'config' | 'scope'>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const bytes = encodeSafetensors({
    tensors: packWeights(await readWeights(network)),
    metadata: {
      format: 'pffnet-packed-1',
      sha256: NO_HASH,
      layouts:
        'convolutions HWIO; matrices [in, out]; flattened maps (row, column, channel); int8 kernels times scale/<path> of their last axis',
      config: JSON.stringify(network.config),
      ...metadata,
    },
  });
  await writeHash(bytes);
  return bytes;
}

/** The weights of a file, and the config of the network that they belong to, which is not checked yet. */
export interface StoredModel {
  readonly config: unknown;
  readonly weights: ReadonlyMap<string, PlainTensor>;
  /** Whatever else was written down. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads what {@link encodeModel} or {@link encodePackedModel} wrote, or the weights of a checkpoint.
 * @param name - the file's name, for messages.
 * @throws DataError if it is not a file of ours, is cut short, or is of a format that came later.
 */
export function readModelFile(bytes: Uint8Array, name: string): StoredModel {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const config = readConfig(metadata['config'], name);
  assertKnownFormat(metadata, name);
  const weights = new Map([...tensors].filter(([path]) => !path.startsWith(MOMENTUM) && !path.startsWith(AVERAGE)));
  const alone = weights.size === tensors.size ? weights : copied(weights);
  return { config, weights: unpackWeights(alone, name), metadata };
}

/** A checkpoint holds velocities and averages too, which prediction does not need: the file's memory shall not stay. */
function copied(tensors: ReadonlyMap<string, PlainTensor>): Map<string, PlainTensor> {
  return new Map([...tensors].map(([path, { shape, data }]) => [path, { shape, data: data.slice() }]));
}

function assertKnownFormat({ format, sha256 }: Readonly<Record<string, string>>, name: string): void {
  if (format === 'pffnet-packed-1' && sha256 === undefined) {
    throw new DataError(`${name}: lacks its hash (sha256 in its metadata); get the file again`);
  }
  if (formats.some((known) => known === format)) return;
  throw new DataError(
    `${name}: is of format ${format ?? '(none)'}, and this version reads ${formats.join(', ')}; a newer version of pffnet may have written it: install that one`,
  );
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
export function readWeights({ scope }: Pick<Network, 'scope'>): Promise<Map<string, PlainTensor>> {
  return readVariables(scope.variables());
}

/**
 * Builds a network whose parameters start at stored values; nothing is drawn.
 * @param create - builds it with its parameters in the scope that it is given.
 * @throws DataError if one is missing, unknown or of another shape: the weights belong to another config. Nothing stays
 * in memory then.
 */
export function createWithWeights<Built extends Pick<Network, 'scope'>>(
  create: (scope: ParamScope) => Built,
  weights: ReadonlyMap<string, PlainTensor>,
  name: string,
): Built {
  const scope = ParamScope.from((path, shape) => weightOf(path, shape, weights, name).data);
  try {
    const network = create(scope);
    assertAllKnown(scope, weights, name);
    return network;
  } catch (error) {
    scope.dispose();
    throw error;
  }
}

/**
 * Sets every parameter of a network.
 * @throws DataError if one is missing, unknown or of another shape: the weights belong to another config.
 */
export function assignWeights(
  { scope }: Pick<Network, 'scope'>,
  weights: ReadonlyMap<string, PlainTensor>,
  name: string,
): void {
  for (const [path, { shape }] of scope.variables()) weightOf(path, shape, weights, name);
  assertAllKnown(scope, weights, name);
  scope.assign(weights);
}

function weightOf(
  path: string,
  shape: readonly number[],
  weights: ReadonlyMap<string, PlainTensor>,
  name: string,
): PlainTensor {
  const found = weights.get(path);
  if (found === undefined) throw ofAnotherConfig(name, `parameter ${path} [${shape.join(', ')}] is missing`);
  if (found.shape.join() !== shape.join()) {
    throw ofAnotherConfig(name, `parameter ${path} is [${found.shape.join(', ')}], expected [${shape.join(', ')}]`);
  }
  return found;
}

function assertAllKnown(scope: ParamScope, weights: ReadonlyMap<string, PlainTensor>, name: string): void {
  const variables = scope.variables();
  const unknown = [...weights.keys()].find((path) => !variables.has(path));
  if (unknown !== undefined) throw ofAnotherConfig(name, `there is no parameter ${unknown}`);
}

const ofAnotherConfig = (name: string, why: string): DataError =>
  new DataError(`${name}: ${why}; these weights belong to another config`);

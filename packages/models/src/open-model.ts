import { readFile } from 'node:fs/promises';
import { createStoredNetwork } from '@pffnet/families';
import { assertUnchanged, type Network, type NetworkConfig, readModelFile } from '@pffnet/network';
import { decodeSafetensors } from '@pffnet/structures/safetensors';
import { type ModelFacts, factsOfMetadata } from './model-facts.ts';
import { modelFiles, shippedModels } from './shipped-models.ts';

/** A trained network; dispose its scope to free it. */
export interface Model {
  readonly network: Network;
  /** What is known of it; null of weights that were not packed. */
  readonly facts: ModelFacts | null;
}

/**
 * Opens a model that ships.
 * @param name - such as `nuclei-he`, see {@link modelNames}.
 * @param folder - of other models.
 * @throws ConfigError if there is none of that name, naming the nearest; DataError if its file has changed.
 */
export async function openModel(name: string, folder: string = shippedModels): Promise<Model> {
  return readModel(modelFiles(name, folder).weights);
}

/**
 * Opens any weights file: a packed model, the weights or a checkpoint of a run.
 * @param change - what else the config should say; the parameters must stay the same.
 * @throws DataError if it is not a file of ours, is cut short, has changed, or came from a newer version.
 */
export async function readModel(path: string, change?: (config: NetworkConfig) => NetworkConfig): Promise<Model> {
  const bytes = await readFile(path);
  // First: a header that is cut short says so itself.
  const stored = readModelFile(bytes, path);
  await assertUnchanged(bytes, path);
  return { network: createStoredNetwork(stored, path, change), facts: factsOfMetadata(stored.metadata, path) };
}

/**
 * What is known of a model that ships, without building its network.
 * @returns the facts and the size of its file; facts are null of weights that were not packed.
 */
export async function describeModel(
  name: string,
  folder: string = shippedModels,
): Promise<{ readonly facts: ModelFacts | null; readonly bytes: number }> {
  const { weights } = modelFiles(name, folder);
  const bytes = await readFile(weights);
  return { facts: factsOfMetadata(decodeSafetensors(bytes, weights).metadata, weights), bytes: bytes.byteLength };
}

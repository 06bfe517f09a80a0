import { createWithWeights, parseConfig, readModelFile } from '@pffnet/network';
import { configSchema } from './config.ts';
import { createPffnet, type ModuleFactories, type Pffnet } from './create-pffnet.ts';

/**
 * Builds the network that a file holds.
 * @param name - the file's name, for messages.
 * @param modules - those that replaced modules of the config when it was trained.
 * @throws DataError if it is not a file of ours, is cut short, or lacks a parameter.
 */
export function decodeModel(bytes: Uint8Array, name: string, modules?: ModuleFactories): Pffnet {
  const { config, weights } = readModelFile(bytes, name);
  const parsed = parseConfig(configSchema, config, `${name}: config`);
  return createWithWeights((scope) => createPffnet(parsed, modules, scope), weights, name);
}

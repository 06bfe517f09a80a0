import { assignWeights, parseConfig, readModelFile } from '@pffnet/network';
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
  const model = createPffnet(parseConfig(configSchema, config, `${name}: config`), modules);
  try {
    assignWeights(model, weights, name);
  } catch (error) {
    model.scope.dispose();
    throw error;
  }
  return model;
}

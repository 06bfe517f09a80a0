import {
  checkTerms,
  createWithWeights,
  type Network,
  type NetworkConfig,
  readModelFile,
  type StoredModel,
} from '@pffnet/network';
import { familyOf } from './family-of.ts';
import { parseConfig } from './parse-config.ts';

/**
 * Builds the network that a config describes.
 * @param scope - the root in which it declares its parameters; by default they are drawn from the config's seed.
 * @throws ConfigError if a value of the config does not fit another.
 */
export function createNetwork(config: NetworkConfig, scope?: Network['scope']): Network {
  const network = familyOf(config).create(config, scope);
  try {
    checkTerms(network.terms);
    return network;
  } catch (error) {
    network.scope.dispose();
    throw error;
  }
}

/**
 * Builds the network that a weights file or a checkpoint holds.
 * @param name - the file's name, for messages.
 * @param change - what else the config should say; the parameters must stay the same.
 * @throws DataError if it is not a file of ours, is cut short, or lacks a parameter.
 */
export function decodeNetwork(
  bytes: Uint8Array,
  name: string,
  change?: (config: NetworkConfig) => NetworkConfig,
): Network {
  return createStoredNetwork(readModelFile(bytes, name), name, change);
}

/** Builds the network that was read from a file; see {@link decodeNetwork}. */
export function createStoredNetwork(
  { config, weights }: Pick<StoredModel, 'config' | 'weights'>,
  name: string,
  change: (config: NetworkConfig) => NetworkConfig = (config) => config,
): Network {
  const changed = change(parseConfig(config, `${name}: config`));
  return createWithWeights((scope) => createNetwork(changed, scope), weights, name);
}

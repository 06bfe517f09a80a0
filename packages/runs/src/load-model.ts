import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeNetwork, resolveConfig, vary } from '@pffnet/families';
import type { ConfigPatch, Network, NetworkConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { readConfigFile } from './training-config.ts';

/** Options that change how a trained network predicts. */
export interface TestSettings {
  /** A patch of the config, as `evaluate --tune` writes it. */
  readonly settings?: string;
  /** Single keys, as `test.minScore=0.6`. */
  readonly set?: readonly string[];
}

/**
 * Loads a trained network.
 * @param path - a run folder (its best weights) or a weights file.
 * @throws ConfigError if there is none, or a setting would need another training.
 */
export async function loadModel(path: string, changes: TestSettings = {}): Promise<Network> {
  const weights = await weightsFile(path);
  const patch = changes.settings === undefined ? {} : await readConfigFile(changes.settings, '--settings');
  return decodeNetwork(await readFile(weights), weights, (config) => withTestSettings(config, patch, changes));
}

/** The weights of a run folder (`best`, else `last`), or the file itself. */
async function weightsFile(path: string): Promise<string> {
  if (!existsSync(path)) throw new ConfigError(`--model ${path}: there is no such run or file; check the path`);
  if (!(await stat(path)).isDirectory()) return path;
  const found = ['best', 'last']
    .map((name) => join(path, 'checkpoints', `${name}.safetensors`))
    .find((file) => existsSync(file));
  if (found === undefined) {
    throw new ConfigError(
      `--model ${path}: has no weights in checkpoints/; train it first, or give another run or file`,
    );
  }
  return found;
}

/** The config with other settings of prediction: the file first, then single keys. */
function withTestSettings(
  config: NetworkConfig,
  patch: ConfigPatch,
  { settings: file, set = [] }: TestSettings,
): NetworkConfig {
  const patched = vary(config, patch, file);
  const changed = resolveConfig({ base: { ...patched }, source: '--model', settings: set });
  const trained = (whole: NetworkConfig): string => JSON.stringify({ ...whole, test: null });
  if (trained(changed) === trained(config)) return changed;
  throw new ConfigError(
    `${file ?? `--set ${set.join(' --set ')}`}: a trained network can change its keys under test, and no others; leave those out, or train anew`,
  );
}

import { resolveConfig, vary } from '@pffnet/families';
import { type Model, readModel } from '@pffnet/models';
import type { ConfigPatch, NetworkConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { type Precision, precisionsHere } from '@pffnet/tensor-ops';
import { getBackend } from '@tensorflow/tfjs-core';
import { modelPath } from './model-path.ts';
import { readConfigFile } from './training-config.ts';

/** Options that change how a trained network predicts. */
export interface TestSettings {
  /** A patch of the config, as `evaluate --tune` writes it. */
  readonly settings?: string;
  /** Single keys, as `test.minScore=0.6`. */
  readonly set?: readonly string[];
  /** Factors of convolutions and products. */
  readonly precision?: Precision;
}

/**
 * Loads a trained network for the loaded engine. Where that lacks the precision in which it is to predict, it predicts in
 * float32, and a line says so.
 * @param model - the name of a model that ships, a run folder (its best weights), or a weights file.
 * @throws ConfigError if there is none, or a setting changes more than prediction; DataError if its file is damaged.
 */
export async function loadModel(
  model: string,
  changes: TestSettings = {},
  say: (line: string) => void = () => undefined,
): Promise<Model> {
  const weights = await modelPath(model);
  const patch = changes.settings === undefined ? {} : await readConfigFile(changes.settings, '--settings');
  return readModel(weights, (config) => inPrecisionOfEngine(withTestSettings(config, patch, changes), say));
}

/** The config with other settings of prediction: the file first, then single keys. */
function withTestSettings(
  config: NetworkConfig,
  patch: ConfigPatch,
  { settings: file, set = [], precision }: TestSettings,
): NetworkConfig {
  const patched = vary(config, patch, file);
  const changed = resolveConfig({
    base: { ...patched },
    source: '--model',
    settings: precision === undefined ? set : [...set, `test.precision=${precision}`],
  });
  const trained = (whole: NetworkConfig): string => JSON.stringify({ ...whole, test: null });
  if (trained(changed) === trained(config)) return changed;
  throw new ConfigError(
    `${file ?? `--set ${set.join(' --set ')}`}: a trained network can change its keys under test, and no others; leave those out, or train anew`,
  );
}

function inPrecisionOfEngine(config: NetworkConfig, say: (line: string) => void): NetworkConfig {
  const { precision } = config.test;
  if (precisionsHere().includes(precision)) return config;
  say(`${precision} needs onednn on a processor with avx512_bf16 or AMX; ${getBackend()} predicts in f32`);
  return vary(config, { test: { precision: 'f32' } });
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ChannelChoice } from '@pffnet/datasets';
import { familyOf, resolveConfig } from '@pffnet/families';
import type { Network, NetworkConfig } from '@pffnet/network';
import type { Precision } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';

/** The options of `train` that make the config. */
export interface ConfigOptions {
  readonly config: string;
  readonly profile?: string;
  readonly variant?: string;
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly channel?: ChannelChoice;
  readonly precision?: Precision;
}

/**
 * Builds the config of a run: preset or file, profile, variant, options of their own such as `--seed`, `--set`, and the
 * normalisation of its kernels.
 */
export async function trainingConfig({
  config: base,
  profile,
  variant,
  set = [],
  seed,
  channel,
  precision,
}: ConfigOptions): Promise<NetworkConfig> {
  const isFile = /[./\\]/.test(base);
  const request = {
    base: isFile ? await readConfigFile(base, '--config') : base,
    source: isFile ? base : '--config',
    ...(profile === undefined ? {} : { profile }),
    ...(variant === undefined ? {} : { variant }),
  };
  const settings = [
    ...(seed === undefined ? [] : [`seed=${seed}`]),
    ...(channel === undefined ? [] : [`input.channel=${JSON.stringify(channel)}`]),
    ...(precision === undefined ? [] : [`training.precision=${precision}`]),
    ...set,
  ];
  const config = resolveConfig({ ...request, settings });
  const { start } = familyOf(config);
  start?.assertLearns(config);
  const file = start?.fileOf(config) ?? null;
  if (start === undefined || file === null) return config;
  // The settings that belong to the weights come before `--set`, which overrides them.
  const learnedWith = start.settingsOf(config, await readWeightsFile(file));
  return resolveConfig({ ...request, settings: [...settingsOf(learnedWith), ...settings] });
}

/** Gives a network the weights that its config starts from; does nothing for a start at random. */
export async function startNetwork(network: Network): Promise<void> {
  const { start } = familyOf(network.config);
  const file = start?.fileOf(network.config) ?? null;
  if (start === undefined || file === null) return;
  network.scope.assign(start.weightsOf(network.config, await readWeightsFile(file)));
}

/** A patch, one `--set` setting per leaf. */
function settingsOf(patch: unknown, path = ''): string[] {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return [`${path}=${JSON.stringify(patch)}`];
  return Object.entries(patch).flatMap(([key, value]) => settingsOf(value, path === '' ? key : `${path}.${key}`));
}

async function readWeightsFile(file: string): Promise<Uint8Array> {
  if (!existsSync(file)) {
    throw new ConfigError(`backbone.init: there is no file ${file}; expected random or a safetensors file`);
  }
  return readFile(file);
}

/** The object in a JSON file that an option names. */
export async function readConfigFile(path: string, option: string): Promise<Record<string, unknown>> {
  if (!existsSync(path)) throw new ConfigError(`${option}: there is no file ${path}; expected a preset or a JSON file`);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${path}: not JSON (${(error as Error).message}); expected the keys of a config`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`${path}: expected an object with the keys of a config, such as {"extends": "small"}`);
  }
  return content as Record<string, unknown>;
}

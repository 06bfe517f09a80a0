import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { importBackboneWeights } from '@pffnet/backbone';
import type { ChannelChoice } from '@pffnet/datasets';
import { type Pffnet, type PffnetConfig, resolveConfig } from '@pffnet/pffnet';
import type { Precision } from '@pffnet/tensor-ops';
import { ConfigError } from '@pffnet/structures';

/** What `train` was asked to train. */
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
}: ConfigOptions): Promise<PffnetConfig> {
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
  if (config.backbone.init === 'random') {
    refuseFrozenNoise(config);
    return config;
  }
  // Kernels learned on images of one normalisation need the same one; `--set input…` still has the last word.
  const { input } = await backboneWeights(config);
  const normalisation = Object.entries(input).map(([key, value]) => `input.${key}=${JSON.stringify(value)}`);
  return resolveConfig({ ...request, settings: [...normalisation, ...settings] });
}

/** The released code freezes the first stages of a pretrained trunk; frozen random ones would never learn. */
function refuseFrozenNoise({ backbone }: PffnetConfig): void {
  if (backbone.freezeStages === 0 && backbone.norm.kind === 'group') return;
  throw new ConfigError(
    'backbone.init is random, and frozen random filters never learn; give backbone.init a file of ImageNet kernels, or set backbone.freezeStages=0 and a group norm',
  );
}

/** Sets the backbone to the kernels that the config starts from; random ones are there already. */
export async function startBackbone(model: Pffnet): Promise<void> {
  if (model.config.backbone.init === 'random') return;
  const { values } = await backboneWeights(model.config);
  model.scope.assign(new Map([...values].map(([path, value]) => [`backbone/${path}`, value])));
}

async function backboneWeights({ backbone }: PffnetConfig): Promise<ReturnType<typeof importBackboneWeights>> {
  if (!existsSync(backbone.init)) {
    throw new ConfigError(`backbone.init: there is no file ${backbone.init}; expected random or a safetensors file`);
  }
  return importBackboneWeights(await readFile(backbone.init), backbone, backbone.init);
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

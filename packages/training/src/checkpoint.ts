import { readFile } from 'node:fs/promises';
import { writeAtomically } from '@pffnet/datasets';
import { parseConfig } from '@pffnet/families';
import { assignWeights, AVERAGE, encodeModel, MOMENTUM, type Network, readWeights } from '@pffnet/network';
import { decodeSafetensors, encodeSafetensors, type PlainTensor } from '@pffnet/structures/safetensors';
import { ConfigError, DataError } from '@pffnet/structures';
import type { Sgd } from './sgd.ts';
import type { WeightAverage } from './weight-average.ts';

/** How far training has come. */
export interface Progress {
  /** Updates done. */
  readonly step: number;
  /** The best validation AJI so far (null where no image has one), and the step it was reached at. */
  readonly best: { readonly aji: number | null; readonly step: number } | null;
}

/** What changes during training besides the network's parameters. */
export interface TrainingState {
  readonly optimiser: Sgd;
  /** Null where the config averages no weights. */
  readonly average: WeightAverage | null;
}

const FORMAT = 'pffnet-checkpoint-1';

/** Writes weights, velocities, averages and progress as one file, atomically: a crash leaves the previous one whole. */
export async function saveCheckpoint(
  path: string,
  network: Network,
  { optimiser, average }: TrainingState,
  progress: Progress,
): Promise<void> {
  const tensors = await readWeights(network);
  for (const [name, velocity] of await optimiser.state()) tensors.set(`${MOMENTUM}${name}`, velocity);
  for (const [name, value] of (await average?.state()) ?? []) tensors.set(`${AVERAGE}${name}`, value);
  const metadata = {
    format: FORMAT,
    config: JSON.stringify(network.config),
    progress: JSON.stringify(progress),
  };
  await writeAtomically(path, encodeSafetensors({ tensors, metadata }));
}

/** Writes the weights alone, for prediction, atomically. */
export async function saveWeights(
  path: string,
  network: Network,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await writeAtomically(path, await encodeModel(network, metadata));
}

/**
 * Continues from a checkpoint.
 * @throws ConfigError if it was made with another config, naming a key that differs; DataError if it is cut short or no
 * checkpoint. Nothing is changed then.
 */
export async function restoreCheckpoint(
  path: string,
  network: Network,
  { optimiser, average }: TrainingState,
): Promise<Progress> {
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
  if (metadata['format'] !== FORMAT) {
    throw new DataError(`${path}: is not a checkpoint; expected last.safetensors of a run, which also holds momentum`);
  }
  // A config that was saved before a key existed has that key's default.
  const saved = parseConfig(JSON.parse(metadata['config']), `${path}: config`);
  const difference = firstDifference(saved, network.config);
  if (difference !== null) {
    throw new ConfigError(`${path}: ${difference}; resume with the config of the run, or choose another --out folder`);
  }
  const weights = new Map<string, PlainTensor>();
  const velocities = new Map<string, PlainTensor>();
  const averages = new Map<string, PlainTensor>();
  for (const [name, value] of tensors) {
    if (name.startsWith(MOMENTUM)) velocities.set(name.slice(MOMENTUM.length), value);
    else if (name.startsWith(AVERAGE)) averages.set(name.slice(AVERAGE.length), value);
    else weights.set(name, value);
  }
  assignWeights(network, weights, path);
  optimiser.restore(velocities);
  average?.restore(averages);
  return JSON.parse(metadata['progress']) as Progress;
}

/**
 * @returns a sentence about the first key whose values differ, or null. A scaling of kind `auto` equals every other,
 * because the checkpoint holds the one that was chosen for the data.
 */
export function firstDifference(saved: unknown, asked: unknown, path = ''): string | null {
  if (path === 'input.scaling' && [saved, asked].some((value) => isObject(value) && value['kind'] === 'auto'))
    return null;
  if (isObject(saved) && isObject(asked)) {
    for (const key of new Set([...Object.keys(saved), ...Object.keys(asked)])) {
      const found = firstDifference(saved[key], asked[key], path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (JSON.stringify(saved) === JSON.stringify(asked)) return null;
  return `${path === '' ? 'the config' : path} was ${JSON.stringify(saved) ?? 'absent'}, now ${JSON.stringify(asked) ?? 'absent'}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearestName } from '@pffnet/datasets/image-files';
import { ConfigError } from '@pffnet/structures';

/** The folder of the models that ship with this package: one folder each, named after the model. */
export const shippedModels = fileURLToPath(new URL('../models', import.meta.url));

/** The files of a model. */
export interface ModelFiles {
  readonly name: string;
  readonly weights: string;
  /** What it learned from, how well it does, who may use it: Markdown. */
  readonly card: string;
  /** An image, and the label map that the model drew of it when it was packed. */
  readonly image: string;
  readonly labels: string;
}

/** @returns the names of the models in a folder, in alphabetical order. */
export function modelNames(folder: string = shippedModels): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(filesIn(folder, name).weights))
    .sort();
}

/**
 * The files of a model.
 * @throws ConfigError if there is none of that name, naming the nearest.
 */
export function modelFiles(name: string, folder: string = shippedModels): ModelFiles {
  const names = modelNames(folder);
  if (names.includes(name)) return filesIn(folder, name);
  const nearest = nearestName(name, names);
  throw new ConfigError(
    nearest === undefined
      ? `there is no model ${name}: none is installed; train one with pffnet train`
      : `there is no model ${name}; did you mean ${nearest}? (${names.join(', ')})`,
  );
}

const filesIn = (folder: string, name: string): ModelFiles => ({
  name,
  weights: join(folder, name, 'weights.safetensors'),
  card: join(folder, name, 'card.md'),
  image: join(folder, name, 'verify.png'),
  labels: join(folder, name, 'verify-labels.png'),
});

import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { nearestName } from '@pffnet/datasets/image-files';
import { modelFiles, modelNames } from '@pffnet/models';
import { ConfigError } from '@pffnet/structures';

/**
 * The weights file that a person means.
 * @param model - the name of a model that ships, a run folder (its `best` weights, else `last`), or a weights file.
 * @throws ConfigError if there is none.
 */
export async function modelPath(model: string): Promise<string> {
  const names = modelNames();
  if (names.includes(model)) return modelFiles(model).weights;
  if (!existsSync(model)) throw new ConfigError(`--model ${model}: ${whatThereIs(model, names)}`);
  if (!(await stat(model)).isDirectory()) return model;
  const found = ['best', 'last']
    .map((name) => join(model, 'checkpoints', `${name}.safetensors`))
    .find((file) => existsSync(file));
  if (found === undefined) {
    throw new ConfigError(
      `--model ${model}: has no weights in checkpoints/; train it first, or give another run or file`,
    );
  }
  return found;
}

/** A word without a dot or slash is taken for a mistyped name. */
function whatThereIs(model: string, names: readonly string[]): string {
  const nearest = /[./\\]/.test(model) ? undefined : nearestName(model, [...names, 'auto']);
  return nearest === undefined || names.length === 0
    ? 'there is no such run or file; check the path'
    : `there is no such model, run or file; did you mean ${nearest}? (${names.join(', ')}, auto)`;
}

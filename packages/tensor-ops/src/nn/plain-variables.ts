import type { PlainTensor } from '@pffnet/structures/safetensors';
import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';

/** @returns the values of float32 variables by their names. */
export async function readVariables(variables: ReadonlyMap<string, Variable>): Promise<Map<string, PlainTensor>> {
  const values = new Map<string, PlainTensor>();
  for (const [name, variable] of variables) {
    values.set(name, { shape: variable.shape, data: (await variable.data()) as Float32Array });
  }
  return values;
}

/**
 * Sets every variable to the value that {@link readVariables} gave under its name.
 * @param what - these variables in one word, for the message.
 * @throws Error if one has no value; those before it are set then.
 */
export function restoreVariables(
  variables: ReadonlyMap<string, Variable>,
  values: ReadonlyMap<string, PlainTensor>,
  what: string,
): void {
  for (const [name, variable] of variables) {
    const saved = values.get(name);
    if (saved === undefined) throw new Error(`there is no saved ${what} for ${name}`);
    tidy(() => {
      variable.assign(tensor(saved.data, variable.shape, 'float32'));
    });
  }
}

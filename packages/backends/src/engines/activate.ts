import { ready, setBackend } from '@tensorflow/tfjs-core';

/**
 * Makes a registered backend tfjs's.
 * @throws Error if it does not start.
 */
export async function activate(tfjsName: string): Promise<void> {
  if (!(await setBackend(tfjsName))) throw new Error(`tfjs could not start its backend "${tfjsName}"`);
  await ready();
}

import { loadAddon } from './addon.ts';
import { register } from './register.ts';

const addon = loadAddon();
register(addon);

/** The oneDNN library's version, the vector instructions of our own kernels, and the number of threads. */
export function about(): { version: string; instructions: string; threads: number } {
  const { version, instructions, threads } = addon.about();
  return { version, instructions, threads };
}

export { OnednnBackend } from './onednn-backend.ts';
export type { PoolState } from './buffer-pool.ts';

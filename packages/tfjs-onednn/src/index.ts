import { loadAddon } from './addon.ts';
import { register } from './register.ts';

const addon = loadAddon();
register(addon);

/** The oneDNN library's version, the vector instructions of our own kernels, threads, and whether it multiplies bf16. */
export function about(): { version: string; instructions: string; threads: number; bf16: boolean } {
  const { version, instructions, threads, bf16 } = addon.about();
  return { version, instructions, threads, bf16 };
}

export type { Precision } from './addon.ts';
export { OnednnBackend } from './onednn-backend.ts';
export type { PoolState } from './buffer-pool.ts';

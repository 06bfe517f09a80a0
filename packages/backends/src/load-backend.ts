import { ConfigError } from '@pffnet/tensor-ops/structures';
import type { BackendName, LoadedBackend } from './backend-name.ts';
import { engines } from './engines/engines.ts';
import { loadGradients } from './load-gradients.ts';

/**
 * Chooses an engine, loads it, and makes it tfjs's backend; loads tfjs's gradients too.
 * @param request - an engine by name, or `auto`: the first of node-gpu, webgpu (with a real GPU), onednn, wasm and cpu that loads.
 * @throws ConfigError if the engine asked for cannot run here; the message says why and what to install.
 */
export async function loadBackend(request: 'auto' | BackendName = 'auto'): Promise<LoadedBackend> {
  await loadGradients();
  const candidates = request === 'auto' ? engines : engines.filter(({ name }) => name === request);
  if (candidates.length === 0) {
    const names = engines.map(({ name }) => name).join(', ');
    throw new ConfigError(`backend: expected auto, ${names}, got ${request}`);
  }
  const failures: string[] = [];
  for (const { name, remedy, open } of candidates) {
    try {
      return { name, description: await open() };
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}; remedy: ${remedy}`);
    }
  }
  throw new ConfigError(`backend ${failures.join('. ')}`);
}

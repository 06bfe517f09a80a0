import { ConfigError } from '@pffnet/structures';
import type { BackendName, LoadedBackend } from './backend-name.ts';
import { engines } from './engines/engines.ts';
import { type Engine, remedyOf } from './engines/engine.ts';
import { loadGradients } from './load-gradients.ts';

/**
 * Chooses an engine, loads it, and makes it tfjs's backend; loads tfjs's gradients too.
 * @param request - an engine by name, or `auto`: the first of node-gpu, webgpu (with a real GPU), onednn, wasm and cpu
 * that runs here.
 * @throws ConfigError if the engine asked for cannot run here; the message says why and what to install.
 */
export async function loadBackend(request: 'auto' | BackendName = 'auto'): Promise<LoadedBackend> {
  await loadGradients();
  return openBackend(request);
}

/** As {@link loadBackend}, without gradients: enough to predict, and there sooner. */
export async function openBackend(request: 'auto' | BackendName = 'auto'): Promise<LoadedBackend> {
  return request === 'auto' ? openFirst(engines) : openOnly(request, engines);
}

/** Opens the first engine that runs and has no drawback. */
export async function openFirst(candidates: readonly Engine[]): Promise<LoadedBackend> {
  const failures: string[] = [];
  for (const engine of candidates) {
    const { name } = engine;
    try {
      const drawback = await engine.drawback?.();
      if (drawback === undefined) {
        const { description, dispose = () => undefined } = await engine.open();
        return { name, description, dispose };
      }
      failures.push(`${name}: ${drawback}`);
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    }
  }
  throw new ConfigError(`backend: no engine runs here; ${failures.join('; ')}`);
}

/** Opens the engine of this name, drawback or not. */
export async function openOnly(request: string, candidates: readonly Engine[]): Promise<LoadedBackend> {
  const engine = candidates.find(({ name }) => name === request);
  if (engine === undefined) {
    const names = candidates.map(({ name }) => name).join(', ');
    throw new ConfigError(`backend: expected auto or one of ${names}, got ${request}`);
  }
  try {
    const { description, dispose = () => undefined } = await engine.open();
    return { name: engine.name, description, dispose };
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(`backend ${engine.name} cannot run here: ${message}; to get it: ${remedyOf(engine, error)}`, {
      cause: error,
    });
  }
}

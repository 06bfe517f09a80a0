import { type BackendName, loadBackend, type LoadedBackend } from '@pffnet/backends';
import { ConfigError } from '@pffnet/tensor-ops/structures';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options of every command that computes. */
export interface ComputeOptions {
  readonly backend: 'auto' | BackendName;
  readonly seed?: number;
}

/** Adds `--backend` and `--seed`. */
export function withComputeOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--backend <name>', 'engine to compute with')
        .choices(['auto', 'node-gpu', 'webgpu', 'onednn', 'wasm', 'cpu'])
        .default('auto'),
    )
    .option('--seed <n>', 'start of every random stream', wholeNumber);
}

/** Loads the engine that the options ask for. */
export function loadEngine({ backend }: ComputeOptions): Promise<LoadedBackend> {
  return loadBackend(backend);
}

/** Parses a whole number of at least 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number of at least 0.');
  return value;
}

/** Collects a repeated option. */
export function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}

/** The one of several names that a text must be. */
export function oneOf<Name extends string>(text: string, names: readonly Name[], option: string): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new ConfigError(`${option} ${text}: expected ${names.join(', ')}`);
  return found;
}

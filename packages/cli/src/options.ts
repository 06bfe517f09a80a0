import type { BackendName, LoadedBackend } from '@pffnet/backends';
import type { ChannelChoice } from '@pffnet/datasets';
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options of every command that computes. */
export interface ComputeOptions {
  readonly backend: 'auto' | BackendName;
  readonly seed?: number;
}

/** Adds `--backend` and `--seed`. */
export function withComputeOptions(command: Command): Command {
  return withBackend(command).option('--seed <n>', 'seed of all random numbers (default: 0)', wholeNumber);
}

/** Adds `--backend`. */
export function withBackend(command: Command): Command {
  return command.addOption(
    new Option('--backend <name>', 'engine to compute with; pffnet doctor says which load here')
      .choices(['auto', 'node-gpu', 'webgpu', 'onednn', 'wasm', 'cpu'])
      .default('auto'),
  );
}

/**
 * Adds options without which a command cannot begin. They are asked for together, and after unknown options are refused:
 * a mistyped option is the likelier mistake than a forgotten one.
 * @param required - flags and what they mean.
 */
export function withRequired(
  command: Command,
  required: readonly (readonly [flags: string, description: string])[],
): Command {
  for (const [flags, description] of required) command.option(flags, description);
  const needed = [...command.options];
  return command
    .usage([...required.map(([flags]) => flags), ...command.usage().split(' ').filter(Boolean)].join(' '))
    .hook('preAction', () => {
      refuseMissing(command, needed);
    });
}

/** Asks for all options that were forgotten. */
export function refuseMissing(command: Command, needed: readonly Option[]): void {
  const missing = needed.filter((option) => command.getOptionValue(option.attributeName()) === undefined);
  if (missing.length === 0) return;
  const flags = missing.map((option) => option.flags).join(', ');
  command.error(`error: ${command.name()} needs ${flags}; see pffnet ${command.name()} --help`);
}

/** `--precision`. */
export function precisionOption(): Option {
  return new Option(
    '--precision <type>',
    'number type of convolutions and matrix products; bf16 needs onednn and a processor with avx512_bf16 or AMX',
  ).choices(['f32', 'bf16']);
}

/** Adds `--set`, which may be repeated. */
export function withSettings(command: Command): Command {
  return command.option(
    '--set <key=value>',
    'change one key of the config, such as training.iterations=50; repeat for more',
    (value: string, previous: readonly string[] = []) => [...previous, value],
  );
}

/** Adds `--channel`. */
export function withChannel(command: Command): Command {
  return command.option(
    '--channel <n|name>',
    'for files with several channels: which one to read as a grey image, by number (from 1) or name',
    channelChoice,
  );
}

/** Parses a channel's number, or takes its name. */
export function channelChoice(text: string): ChannelChoice {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a number from 1, or a name.');
  return /^\d+$/.test(text) ? positiveNumber(text) : text;
}

/** Loads the engine that the options ask for, to train on. */
export async function loadEngine({ backend }: ComputeOptions): Promise<LoadedBackend> {
  const { loadBackend } = await import('@pffnet/backends');
  return loadBackend(backend);
}

/** Loads the engine that the options ask for, to predict on. */
export async function openEngine({ backend }: ComputeOptions): Promise<LoadedBackend> {
  const { openBackend } = await import('@pffnet/backends');
  return openBackend(backend);
}

/** Parses a whole number of at least 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('Expected a whole number of at least 0.');
  }
  return value;
}

/** Parses a whole number of at least 1. */
export function positiveNumber(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('Expected a whole number of at least 1.');
  return value;
}

/** Parses the file of `--json`, where `-` is standard output; refuses another option that was taken for it. */
export function outputFile(text: string): string {
  if (text === '' || /^-./.test(text)) throw new InvalidArgumentError('Expected a file, or - for standard output.');
  return text;
}

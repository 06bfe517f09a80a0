import { ConfigError } from '@pffnet/structures';

/** Long options of sbatch, without dashes; null for one without a value. */
export type SlurmOptions = ReadonlyMap<string, string | null>;

/** What the job script is built on. */
const ours = new Set([
  'array',
  'chdir',
  'dependency',
  'error',
  'job-name',
  'no-requeue',
  'open-mode',
  'output',
  'parsable',
  'requeue',
  'signal',
  'test-only',
  'wait',
  'wrap',
]);

/**
 * Reads options such as `partition=gpu` or `exclusive`; sbatch itself judges their values.
 * @throws ConfigError for a word that is no option, or one that the job script is built on.
 */
export function readSlurmOptions(words: readonly string[]): SlurmOptions {
  return new Map(
    words.map((word) => {
      const [, key, value = null] = /^([a-z][a-z-]*)(?:=(.*))?$/.exec(word) ?? [];
      if (key === undefined) {
        throw new ConfigError(
          `--slurm-option ${word}: expected a long option of sbatch without its dashes, such as partition=gpu`,
        );
      }
      if (ours.has(key)) throw new ConfigError(`--slurm-option ${key}: pffnet sets it itself; leave it out`);
      return [key, value];
    }),
  );
}

/** Options as sbatch reads them. */
export const slurmArguments = (options: SlurmOptions): string[] =>
  [...options].map(([key, value]) => (value === null ? `--${key}` : `--${key}=${value}`));

import { resolveConfig, vary } from '@pffnet/families';
import type { NetworkConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import type { Matrix, Variant } from './matrix.ts';
import { foldsOf, type Protocol } from './protocol.ts';

/** One training of a matrix. */
export interface PlannedRun {
  /** Also its folder, below that of the matrix: `tnbc/pffnet/fold-0/seed-0`. */
  readonly id: string;
  readonly variant: Variant;
  readonly protocol: Protocol;
  readonly fold: string;
  readonly seed: number;
  readonly config: NetworkConfig;
}

/**
 * Every run of a matrix, once, data set by data set. The config is the preset's, changed in turn by the profile of the data
 * set, the matrix's settings, the seed, and the variant, so that runs of a data set differ in nothing but their variant.
 * @throws ConfigError for a preset that does not exist, or a patch that the config refuses, naming the variant.
 */
export function planRuns(matrix: Matrix): PlannedRun[] {
  const runs = new Map<string, PlannedRun>();
  for (const { variants, protocols } of matrix.blocks) {
    for (const protocol of protocols) {
      for (const variant of variants) {
        for (const fold of foldsOf(protocol).filter((name) => isWanted(matrix, protocol, name))) {
          for (const seed of matrix.seeds) {
            const run = plan(matrix, variant, protocol, fold, seed);
            refuseNamesake(runs.get(run.id), run);
            runs.set(run.id, run);
          }
        }
      }
    }
  }
  return [...runs.values()].sort((a, b) => placeOf(matrix, a) - placeOf(matrix, b));
}

/** A matrix may ask for some folds; a fixed division has but one, which is always run. */
const isWanted = ({ folds }: Matrix, { division }: Protocol, fold: string): boolean =>
  division.kind !== 'cross-validation' || folds === undefined || folds.includes(fold);

function plan(matrix: Matrix, variant: Variant, protocol: Protocol, fold: string, seed: number): PlannedRun {
  const { profile, division } = protocol;
  const base = resolveConfig({
    base: { extends: matrix.preset, ...matrix.settings },
    source: `matrix ${matrix.name}`,
    kind: variant.kind,
    ...(profile === undefined ? {} : { profile }),
    settings: [`seed=${seed}`, ...(matrix.overrides ?? [])],
  });
  const folds = division.kind === 'cross-validation' ? `fold-${fold}/` : '';
  return {
    id: `${protocol.name}/${variant.name}/${folds}seed-${seed}`,
    variant,
    protocol,
    fold,
    seed,
    config: patched(base, variant),
  };
}

function patched(base: NetworkConfig, { name, patches }: Variant): NetworkConfig {
  try {
    return patches.reduce<NetworkConfig>((config, patch) => vary(config, patch), base);
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`variant ${name}: ${error.message}`, { cause: error }) : error;
  }
}

/** Tables share runs; two variants must not share a name. */
function refuseNamesake(known: PlannedRun | undefined, run: PlannedRun): void {
  if (known === undefined || JSON.stringify(known.config) === JSON.stringify(run.config)) return;
  throw new ConfigError(`there are two variants ${run.variant.name} that differ; expected one per name; rename one`);
}

/**
 * Data sets in the order in which the matrix first names them, so that all rows of one data set are finished before the
 * next begins.
 */
function placeOf({ blocks }: Matrix, { protocol }: PlannedRun): number {
  return blocks.flatMap(({ protocols }) => protocols).findIndex(({ name }) => name === protocol.name);
}

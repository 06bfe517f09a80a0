import { familyOf, resolveConfig } from '@pffnet/families';
import type { NetworkConfig } from '@pffnet/network';
import { counted } from '@pffnet/pages/text';
import { paperTables } from '../paper/paper-tables.ts';
import { protocols } from '../matrix/protocols.ts';
import type { FinishedRun } from './read-runs.ts';

/** What produced a number: preset, steps, patches, folds, seeds, start of the weights. */
export interface Scale {
  readonly preset: string;
  readonly iterations: number;
  /** Side of the training patches in pixels. */
  readonly patch: number;
  readonly fidelity: string;
  /** Where the backbone started. */
  readonly start: string;
  readonly engines: readonly string[];
  readonly folds: number;
  readonly foldsOfProtocol: number;
  readonly seeds: number;
  /** Test images of all folds of a seed. */
  readonly testImages: number;
  /** Every way in which the runs are smaller than the paper's; empty for runs of full size. */
  readonly lacks: readonly string[];
}

/** What runs of one network on one data set have in common. */
export function scaleOf(runs: readonly FinishedRun[]): Scale {
  const [{ config, place, facts }] = runs;
  const folds = new Set(runs.map((run) => run.place.fold)).size;
  const seeds = new Set(runs.map((run) => run.config.seed)).size;
  const scale = {
    preset: config.preset,
    iterations: config.training.iterations,
    patch: config.training.patch.size,
    fidelity: config.fidelity,
    start: startOf(config),
    engines: [...new Set(runs.map(({ facts }) => facts.engine))].sort(),
    folds,
    foldsOfProtocol: place.folds,
    seeds,
    testImages: new Set(runs.flatMap(({ images }) => images.map(({ name }) => name))).size,
  };
  // What belongs to no table of the paper lacks nothing of it.
  if (facts.experiment === undefined) return { ...scale, lacks: [] };
  const lacks = [
    ...lacksOf(scale, place.protocol, config.kind),
    ...(runs.length < folds * seeds ? ['some folds lack some seeds'] : []),
  ];
  return { ...scale, lacks };
}

/** Where the weights of a run began: `random`, or the name of a file. */
function startOf(config: NetworkConfig): string {
  const file = familyOf(config).start?.fileOf(config) ?? null;
  return file === null ? 'random' : (file.split(/[\\/]/).pop() ?? '');
}

function lacksOf(scale: Omit<Scale, 'lacks'>, protocol: string, kind: string): string[] {
  const { profile } = protocols.find(({ name }) => name === protocol) ?? {};
  const request = { base: 'paper', source: 'the report', kind };
  const { training } = resolveConfig(profile === undefined ? request : { ...request, profile });
  const full = { iterations: training.iterations, patch: training.patch.size };
  const startsPretrained = familyOf({ kind }).start !== undefined;
  const isPapers = paperTables.some(({ columns }) => columns.some((column) => column.protocol === protocol));
  return [
    ...(isPapers ? [] : ['not a data set of the paper']),
    ...(scale.preset === 'paper' ? [] : [`preset ${scale.preset}, not paper`]),
    ...(scale.iterations >= full.iterations ? [] : [`${scale.iterations} of ${full.iterations} steps`]),
    ...(scale.patch >= full.patch ? [] : [`patches of ${scale.patch} pixels, not ${full.patch}`]),
    ...(scale.folds === scale.foldsOfProtocol ? [] : [`${scale.folds} of ${scale.foldsOfProtocol} folds`]),
    ...(startsPretrained && scale.start === 'random' ? ['random start, not ImageNet’s'] : []),
  ];
}

/** All of it in one line. */
export function scaleText(scale: Scale): string {
  const { preset, fidelity, iterations, patch, start, engines, folds, foldsOfProtocol, seeds, testImages } = scale;
  const made = [
    `preset ${preset} (${fidelity})`,
    `${counted(iterations, 'step')} of ${patch} x ${patch} pixels`,
    `${start} start`,
    engines.join(' and '),
    foldsOfProtocol === 1 ? 'one fixed split' : `${folds} of ${foldsOfProtocol} folds`,
    counted(seeds, 'seed'),
    counted(testImages, 'test image'),
  ].join(', ');
  return scale.lacks.length === 0 ? made : `SCALED DOWN (${scale.lacks.join('; ')}): ${made}`;
}

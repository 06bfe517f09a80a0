import { labelMap } from '@pffnet/structures';
import { type ImageScores, scoreImage } from '@pffnet/metrics';
import { presets, vary } from '@pffnet/pffnet';
import type { FinishedRun } from '../src/report/read-runs.ts';

const whole = scoreImage('', labelMap(1, 2, [1, 0]), labelMap(1, 2, [1, 0]));

/** What a finished run is told by in tests. */
export interface RunSketch {
  readonly variant?: string;
  readonly protocol?: string;
  readonly fold?: string;
  readonly folds?: number;
  readonly seed?: number;
  readonly iterations?: number;
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  /** AJI (every variant of it) and PQ by image; all other scores are 1. */
  readonly aji: Readonly<Record<string, number | null>>;
}

/** A run that is as full as it need be. */
export function finishedRun(sketch: RunSketch): FinishedRun {
  const {
    variant = 'pffnet',
    protocol = 'tnbc',
    fold = '0',
    folds = 1,
    seed = 0,
    iterations = 60,
    groups = {},
  } = sketch;
  const images = Object.entries(sketch.aji).map(([name, aji]): ImageScores => ({
    ...whole,
    name,
    aji,
    ajiOnceLegacy: aji,
    pq: aji,
  }));
  const place = { variant, title: variant, protocol, protocolTitle: protocol, fold, folds, groups };
  return {
    folder: `${protocol}/${variant}/${fold}/${seed}`,
    place,
    config: vary(presets.smoke, { seed, training: { iterations } }),
    facts: {
      commit: null,
      versions: {},
      engine: 'wasm (SIMD, 1 thread)',
      command: '',
      data: { folder: protocol, hash: '', train: [], validation: [], test: Object.keys(sketch.aji) },
      experiment: place,
    },
    images,
    log: [],
  };
}

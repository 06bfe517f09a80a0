import type { SpatialRanking } from '@pffnet/fusion';
import { concatenate, type Detections } from '@pffnet/structures';
import { withPrecision } from '@pffnet/tensor-ops';
import { tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { TestRule } from './config.ts';
import { indicesOf, type Reading, take } from './reading.ts';
import type { TwoStageModules } from './two-stage-modules.ts';

/** Rows and columns of a part that have one cell of P2. */
const CELL = 4;
/** Images are padded to a multiple of this. */
const PADDED_TO = 32;

/** The order that a network has learned; null where it learns none. */
export function learnedOrderOf({
  instanceSemantics,
}: Pick<TwoStageModules, 'instanceSemantics'>): SpatialRanking | null {
  return instanceSemantics?.order ?? null;
}

/**
 * The place of every detection in a learned order. A detection is ranked among those of its own part that will be painted:
 * by a rule that reads more than it paints, as tuning does, objects have the same ranks as by the rule alone.
 * @param parts - as the rule chooses them.
 * @returns [count] part after part; 0 for a detection that is not painted.
 * @remarks sources.md row 51.
 */
export async function rankDetections(
  order: SpatialRanking,
  parts: readonly Reading[],
  { minScore, precision }: Pick<TestRule, 'minScore' | 'precision'>,
): Promise<Float32Array> {
  const least = Math.fround(minScore);
  const all = [];
  for (const { tile, detections } of parts) {
    const painted = indicesOf(detections, (index) => detections.classScores[index] > least);
    const ranks = new Float32Array(detections.count);
    const size = { height: cellsOf(tile.height), width: cellsOf(tile.width) };
    const found = await rank(order, take(detections, painted), size, precision);
    painted.forEach((index, at) => (ranks[index] = found[at]));
    all.push(ranks);
  }
  return concatenate(all);
}

const cellsOf = (pixels: number): number => (Math.ceil(pixels / PADDED_TO) * PADDED_TO) / CELL;

async function rank(
  order: SpatialRanking,
  { count, masks, maskSide, boxes }: Detections,
  size: { readonly height: number; readonly width: number },
  precision: TestRule['precision'],
): Promise<Float32Array> {
  if (count === 0) return new Float32Array(0);
  const ranks = withPrecision(precision, () =>
    tidy(() => order.rank({ masks: tensor4d(masks, [count, maskSide, maskSide, 1]), boxes, size })),
  );
  try {
    return (await ranks.data()) as Float32Array;
  } finally {
    ranks.dispose();
  }
}

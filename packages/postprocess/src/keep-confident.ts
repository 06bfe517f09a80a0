import type { Detections } from '@pffnet/structures';

/** Detections in the order in which they are painted. */
export interface Ranking {
  /** Indices into the detections, surest first; equal ones in ascending order. */
  readonly order: readonly number[];
  /**
   * [count] what they are ranked by: their ranks where the network learns an order; else class score times mask quality
   * (clamped to 0..1), or the class score alone without qualities.
   */
  readonly confidences: Float64Array;
}

/**
 * Keeps the detections whose class score passes a threshold and ranks them by confidence.
 * @param minScore - kept are class scores strictly above it, compared in float32 as scores are.
 * @remarks Source: Section III-E; sources.md rows P18, P19. The threshold looks at the class score, not at the confidence.
 * Unlike the released code, quality is clamped, so that a wild prediction cannot outrank everything (sources.md row 13).
 */
export function keepConfident({ count, classScores, qualities, ranks }: Detections, minScore: number): Ranking {
  const confidences = Float64Array.from({ length: count }, (_, index) => {
    if (ranks !== undefined) return ranks[index];
    if (qualities === null) return classScores[index];
    const quality = qualities[index];
    return quality > 0 ? classScores[index] * Math.min(quality, 1) : 0;
  });
  const threshold = Math.fround(minScore);
  const order: number[] = [];
  for (let index = 0; index < count; index++) if (classScores[index] > threshold) order.push(index);
  order.sort((a, b) => confidences[b] - confidences[a] || a - b);
  return { order, confidences };
}

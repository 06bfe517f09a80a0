/**
 * The places of the highest scores.
 * @param scores - [n]; NaN counts as lower than everything.
 * @returns [min(n, count)] indices by descending score, equal scores in ascending order of index.
 */
export function topIndices(scores: Float32Array, count: number): Int32Array {
  const ranked = scores.map((score) => (Number.isNaN(score) ? -Infinity : score));
  let indices = Int32Array.from(ranked, (_, index) => index);
  if (count <= 0) return new Int32Array(0);
  if (count < indices.length) {
    // Only candidates that reach the count-th score are sorted by index and score: the numeric sort above it is native.
    const limit = ranked.slice().sort()[ranked.length - count];
    indices = indices.filter((index) => ranked[index] >= limit);
  }
  return indices.sort((a, b) => ranked[b] - ranked[a] || a - b).slice(0, count);
}

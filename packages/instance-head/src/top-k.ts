/**
 * The indices of the highest scores.
 * @param scores - [n]; NaN counts as lower than everything.
 * @returns [min(n, count)] indices by descending score, equal scores in ascending order of index.
 */
export function topK(scores: Float32Array, count: number): Int32Array {
  if (count <= 0) return new Int32Array(0);
  const ranked = scores.slice();
  for (let index = 0; index < ranked.length; index++) if (Number.isNaN(ranked[index])) ranked[index] = -Infinity;
  // Only candidates that reach the count-th score are sorted by index and score: the numeric sort before it is native.
  const limit = count < ranked.length ? ranked.slice().sort()[ranked.length - count] : -Infinity;
  const candidates = new Int32Array(ranked.length);
  let found = 0;
  for (let index = 0; index < ranked.length; index++) if (ranked[index] >= limit) candidates[found++] = index;
  return candidates
    .subarray(0, found)
    .sort((a, b) => ranked[b] - ranked[a] || a - b)
    .slice(0, count);
}

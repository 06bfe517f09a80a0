/**
 * The value below which a share of sorted values lies, interpolated linearly between ranks.
 * @param sorted - ascending, at least one.
 * @param share - 0..1.
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
}

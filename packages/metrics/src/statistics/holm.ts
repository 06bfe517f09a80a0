/**
 * Corrects p-values for testing several hypotheses at once (Holm's step-down method).
 *
 * In ascending order, the k-th of m becomes `max_{j <= k} min(1, (m - j + 1) p_j)`; comparing it with alpha keeps the
 * chance of any false discovery below alpha, whatever the dependence between tests.
 * @param pValues - 0..1 each; null for a test without a result, which stays null and is not counted in m.
 * @returns adjusted p-values in the given order.
 * @remarks Source: Holm 1979.
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tests = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted = new Array<number | null>(pValues.length).fill(null);
  let largest = 0;
  for (const [rank, { p, index }] of tests.entries()) {
    largest = Math.max(largest, Math.min(1, (tests.length - rank) * p));
    adjusted[index] = largest;
  }
  return adjusted;
}

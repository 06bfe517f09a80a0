/**
 * P(T > t) of Student's t distribution, also where it is far below the spacing of numbers near 1.
 *
 * `I_x(df / 2, 1 / 2) / 2` with `x = df / (df + t^2)` for t >= 0, I the regularised incomplete beta function.
 * @param df - degrees of freedom, positive.
 * @returns 0..1; NaN for NaN.
 */
export function studentTTail(t: number, df: number): number {
  if (t === Infinity) return 0;
  if (t < 0) return 1 - studentTTail(-t, df);
  const square = t * t;
  return incompleteBeta(df / 2, 0.5, df / (df + square), square / (df + square)) / 2;
}

/** P(Z > z) of the standard normal distribution. */
export function normalTail(z: number): number {
  if (z < 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z < 3) {
    // 1/2 - density (z + z^3 / 3 + z^5 / 15 + …)
    let term = z;
    let sum = z;
    for (let odd = 3; term > sum * 1e-17; odd += 2) {
      term *= (z * z) / odd;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  let fraction = z; // density / (z + 1 / (z + 2 / (z + …)))
  for (let depth = 100; depth >= 1; depth--) fraction = z + depth / fraction;
  return density / fraction;
}

/**
 * Regularised incomplete beta function I_x(a, b).
 * @param complement - 1 - x, given separately so that nothing is lost where x is close to 1.
 * @remarks Source: continued fraction of Abramowitz and Stegun 26.5.8, evaluated by Lentz's method.
 */
export function incompleteBeta(a: number, b: number, x: number, complement = 1 - x): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, complement, x);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(complement)) / a;
  const tiny = 1e-300;
  const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m <= 1000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-15) break;
  }
  return front * fraction;
}

/** ln Γ(x) for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41) above 15, the recurrence below. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 15; z++) shift += Math.log(z);
  const w = 1 / (z * z);
  const series = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - (w * 691) / 360360))))) / z;
  return (z - 0.5) * Math.log(z) - z + Math.log(2 * Math.PI) / 2 + series - shift;
}

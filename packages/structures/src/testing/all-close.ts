import { expect } from '@jest/globals';

/** Largest allowed distance: |actual - expected| <= atol + rtol * |expected|. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/** Anything with numbers in it, flattened row-major; a tensor is what gives its data. */
export type Numbers = { dataSync(): ArrayLike<number | string> } | ArrayLike<number> | number;

const flatten = (numbers: Numbers): ArrayLike<number> => {
  if (typeof numbers === 'number') return [numbers];
  return 'dataSync' in numbers ? (numbers.dataSync() as ArrayLike<number>) : numbers;
};

/** Adds `expect(actual).toBeAllClose(expected, { atol, rtol })`: every number, NaN and infinities only equal themselves. */
export function installAllClose(): void {
  expect.extend({
    toBeAllClose(received: unknown, expected: unknown, { atol, rtol }: Tolerance) {
      const actual = flatten(received as Numbers);
      const wanted = flatten(expected as Numbers);
      if (actual.length !== wanted.length) {
        return { pass: false, message: () => `expected ${wanted.length} numbers, got ${actual.length}` };
      }
      let worst = -1;
      let worstExcess = 0;
      let outside = 0;
      for (let index = 0; index < wanted.length; index++) {
        if (Object.is(actual[index], wanted[index]) || actual[index] === wanted[index]) continue;
        const distance = Math.abs(actual[index] - wanted[index]);
        const excess = Number.isFinite(distance) ? distance - (atol + rtol * Math.abs(wanted[index])) : Infinity;
        if (excess > 0) outside++;
        if (excess > worstExcess) [worst, worstExcess] = [index, excess];
      }
      return {
        pass: worst < 0,
        message: () =>
          worst < 0
            ? `expected some number further than atol ${atol} + rtol ${rtol} away`
            : `${outside} of ${wanted.length} numbers are too far; worst at ${worst}: expected ${wanted[worst]}, got ${actual[worst]} (atol ${atol}, rtol ${rtol})`,
      };
    },
  });
}

declare module '@jest/expect' {
  // The type parameter must be declared as Jest declares it, although it is not used here.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  interface Matchers<R, T> {
    toBeAllClose(expected: Numbers, tolerance: Tolerance): R;
  }
}

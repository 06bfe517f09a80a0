import { at, compute, filled, floats, type KernelCase, noise, type Values } from './kernel-case.ts';

/** [batch][m][k] times [batch][k][n], either factor given the other way round; a batch of 1 serves all. */
function product(name: string, a: Values, b: Values, transposeA = false, transposeB = false): KernelCase {
  const [m, k] = transposeA ? [a.shape[2], a.shape[1]] : [a.shape[1], a.shape[2]];
  const n = transposeB ? b.shape[1] : b.shape[2];
  const batch = a.shape[0] === 1 ? b.shape[0] : a.shape[0];
  const expected = compute([batch, m, n], ([image, row, column]) => {
    let total = 0;
    for (let inner = 0; inner < k; inner++) {
      const left = transposeA ? [inner, row] : [row, inner];
      const right = transposeB ? [column, inner] : [inner, column];
      total += at(a, [a.shape[0] === 1 ? 0 : image, ...left]) * at(b, [b.shape[0] === 1 ? 0 : image, ...right]);
    }
    return total;
  });
  const turned = (transposeA ? ', left turned' : '') + (transposeB ? ', right turned' : '');
  return {
    ...{ kernel: 'BatchMatMul', name: name + turned, inputs: { a, b }, expected: [expected] },
    ...{ attributes: { transposeA, transposeB }, rtol: k < 1000 ? 1e-5 : 1e-4, atol: 1e-5 }, // added up in float32
  };
}

const either = [false, true];

/** Products of matrices. */
export const productCases: readonly KernelCase[] = [
  ...either.flatMap((transposeA) =>
    either.flatMap((transposeB) =>
      [[2, 5, 7, 9] as const, [1, 1, 1, 1] as const, [1, 37, 40, 19] as const].map(([batch, m, k, n]) =>
        product(
          `${batch} x ${m} x ${k} x ${n}`,
          noise(transposeA ? [batch, k, m] : [batch, m, k], 'a'),
          noise(transposeB ? [batch, n, k] : [batch, k, n], 'b'),
          transposeA,
          transposeB,
        ),
      ),
    ),
  ),
  product('one left factor for all', noise([1, 4, 6], 'a'), noise([3, 6, 5], 'b')),
  product('one right factor for all', noise([3, 4, 6], 'a'), noise([1, 6, 5], 'b')),
  product('no rows', floats([], [1, 0, 6]), noise([1, 6, 5], 'b')),
  product('nothing to add up', floats([], [1, 2, 0]), floats([], [1, 0, 3])),
  product('a NaN', floats([NaN, 1, 2, 3], [1, 2, 2]), noise([1, 2, 2], 'b')),
  product('large sums', filled([1, 2, 20_000], 0.1), filled([1, 20_000, 3], 1)),
];

import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { activationOf } from './activation.ts';
import { areFloats, type NativeKernel, type NativeKernels, sizeOf } from './kernel.ts';

/** Matrix products. */
export const productKernels: NativeKernels = { BatchMatMul: multiply, _FusedMatMul: multiply };

/** Products that sum over fewer numbers, or have fewer columns, take as long to round as to compute. */
const WORTH_ROUNDING = 16;

/** Products of two stacks of matrices, with a bias and an activation where the kernel's inputs have them. */
function multiply({ inputs, attrs, backend }: Parameters<NativeKernel>[0]): TensorInfo | undefined {
  const { a, b, bias } = inputs;
  const activation = activationOf(attrs);
  if (!areFloats(a, b) || activation === undefined) return undefined;
  const [transposeA, transposeB] = [attrs['transposeA'] === true, attrs['transposeB'] === true];
  const [aRows, aColumns] = a.shape.slice(-2);
  const [bRows, bColumns] = b.shape.slice(-2);
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const [inner, n] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
  if (k !== inner) {
    throw new Error(`matMul: the inner sizes of [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ`);
  }
  const outer = backend_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const batch = util.sizeFromShape(outer);
  const aBatch = util.sizeFromShape(a.shape.slice(0, -2));
  const bBatch = util.sizeFromShape(b.shape.slice(0, -2));
  if (Math.max(aBatch, bBatch) !== batch || (aBatch !== bBatch && aBatch !== 1 && bBatch !== 1)) return undefined;
  const hasBias = (bias as TensorInfo | undefined) !== undefined;
  if (hasBias && (sizeOf(bias) !== n || bias.shape.at(-1) !== n)) return undefined;
  const { info, values } = backend.output([...outer, m, n], 'float32');
  if (values.length === 0) return info;
  if (k === 0) {
    backend.addon.fill(values, 0);
    return info;
  }
  // One right factor for all and rows that follow one another: a single product of all rows.
  const whole = bBatch === 1 && !transposeA;
  const product = whole
    ? Int32Array.of(1, 1, aBatch * m, n, k, 0, Number(transposeB))
    : Int32Array.of(aBatch, bBatch, m, n, k, Number(transposeA), Number(transposeB));
  backend.addon.multiply(
    backend.floats(a),
    Math.min(k, n) < WORTH_ROUNDING ? backend.floats(b) : backend.factor(b),
    hasBias ? backend.floats(bias) : null,
    values,
    product,
    activation.code,
    activation.alpha,
  );
  return info;
}

import { backend_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { activationOf } from './activation.ts';
import type { OnednnBackend, Output } from '../onednn-backend.ts';
import { areFloats, type NativeKernel, type NativeKernels, sizeOf } from './kernel.ts';

/** Matrix products. */
export const productKernels: NativeKernels = { BatchMatMul: multiply, _FusedMatMul: multiply };

/** Products that sum over fewer numbers, or have fewer columns, take as long to round as to compute. */
const WORTH_ROUNDING = 16;

/**
 * A left factor that lies transposed is summed over its rows, as the gradient of a layer's weights is; in float32 over so many
 * at a time. The error of a sum grows with its length: 256 RoIs at once are then as exact as four runs of 64.
 */
const ROWS_PER_SUM = 64;

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
  if (batch === 1 && transposeA && !transposeB && !hasBias && k > ROWS_PER_SUM && backend.precision === 'f32') {
    if (activation.code === 0) return sumOfParts(backend, { a, b, m, n, k }, { info, values });
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

/** a' b as the sum of products of {@link ROWS_PER_SUM} rows each, the last ones first, as a backward pass adds them. */
function sumOfParts(
  backend: OnednnBackend,
  { a, b, m, n, k }: { a: TensorInfo; b: TensorInfo; m: number; n: number; k: number },
  { info, values }: Output<Float32Array>,
): TensorInfo {
  const [left, right] = [backend.floats(a), backend.floats(b)];
  const parts = Array.from({ length: Math.ceil(k / ROWS_PER_SUM) }, (_, part) => {
    const [begin, end] = [part * ROWS_PER_SUM, Math.min(k, (part + 1) * ROWS_PER_SUM)];
    const result = backend.output([m, n], 'float32');
    backend.addon.multiply(
      left.subarray(begin * m, end * m),
      right.subarray(begin * n, end * n),
      null,
      result.values,
      Int32Array.of(1, 1, m, n, end - begin, 1, 0),
      0,
      0,
    );
    return result;
  });
  backend.addon.sumOf(parts.map((part) => part.values).reverse(), values);
  for (const part of parts) backend.disposeData(part.info.dataId);
  return info;
}

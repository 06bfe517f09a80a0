import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type BatchMatMulAttrs, broadcast_util, type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { addressOf, FLOAT } from './convolution.ts';
import { multiplyPixels } from './multiply-pixels.ts';
import { multiplyRows } from './multiply-rows.ts';
import type { NativeEngine } from '../native/native-engine.ts';
import { requireNative } from '../native-of.ts';
import { type RightFactor, withRightFactor, withTransposedRightFactor } from './right-factor.ts';

/** Matrices of a product: [batch][m][k] times [batch][k][n], addresses in bytes. A batch of 1 serves all. */
interface Product {
  readonly left: number;
  readonly leftBatch: number;
  readonly right: number;
  readonly rightBatch: number;
  readonly target: number;
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/**
 * Makes the kernel of products of matrices, either factor transposed or not at the same speed.
 * @param original - tfjs's kernel, for broadcasts of more than one axis and for two transposed factors.
 */
export const batchMatMul =
  (original: KernelFunc): KernelFunc =>
  (call) => {
    const { a, b } = call.inputs as { a: TensorInfo; b: TensorInfo };
    const { transposeA, transposeB } = call.attrs as unknown as BatchMatMulAttrs;
    const backend = call.backend as BackendWasm;
    const [leftBatch, rightBatch] = [a, b].map(({ shape }) => util.sizeFromShape(shape.slice(0, -2)));
    const simple = (leftBatch === rightBatch || leftBatch === 1 || rightBatch === 1) && !(transposeA && transposeB);
    if (!simple || a.dtype !== 'float32' || b.dtype !== 'float32') return original(call);

    const [m, k] = transposeA ? a.shape.slice(-2).reverse() : a.shape.slice(-2);
    const [innerOfB, n] = transposeB ? b.shape.slice(-2).reverse() : b.shape.slice(-2);
    util.assert(k === innerOfB, () => `matMul: expected equal inner sizes, got ${k} and ${innerOfB}`);
    const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const result = backend.makeOutput([...outer, m, n], 'float32');
    if (util.sizeFromShape(result.shape) === 0) return result;
    if (k === 0) {
      backend.typedArrayFromHeap(result).fill(0);
      return result;
    }
    const native = requireNative(backend);
    const [left, right, target] = [a, b, result].map((tensor) => addressOf(backend, tensor));
    const product: Product = { left, leftBatch, right, rightBatch, target, batch: util.sizeFromShape(outer), m, k, n };
    if (transposeA) multiplyTransposedLeft(native, product);
    else multiplyPlainLeft(native, product, transposeB);
    return result;
  };

function multiplyPlainLeft(native: NativeEngine, product: Product, transposeB: boolean): void {
  // One right factor for all: their left factors are one matrix.
  const { left, right, rightBatch, target, k, n } = product;
  const merged = rightBatch === 1;
  const batch = merged ? 1 : product.batch;
  const m = merged ? product.m * product.batch : product.m;
  const multiply = (factor: RightFactor): void =>
    multiplyRows(native, {
      ...factor,
      ...{ batch, source: left, sourceBatch: product.leftBatch === 1 ? 0 : m * k * FLOAT, sourcePixel: k * FLOAT },
      ...{ sourceImage: 0, sourceRow: 0, sourceTapRow: 0, tapRows: 1, run: k },
      ...{ target, targetBatch: m * n * FLOAT, targetPixel: n * FLOAT, targetImage: 0, targetRow: 0 },
      ...{ rows: 1, columns: m, pixels: m, outputs: n },
    });
  const matrices = { source: right, k, n };
  if (transposeB) {
    const taps = { tapRows: 1, tapColumns: batch, sourceTapRow: 0, sourceTapColumn: n * k * FLOAT };
    withTransposedRightFactor(native, { ...matrices, ...taps }, multiply);
  } else withRightFactor(native, { ...matrices, batch, leftRows: m }, multiply);
}

function multiplyTransposedLeft(native: NativeEngine, product: Product): void {
  const { left, leftBatch, right, rightBatch, target, batch, m, k, n } = product;
  multiplyPixels(native, {
    ...{ left, leftBatch, right, rightBatch, target, batch, m, n, images: 1, rows: 1, columns: k },
    ...{ leftRows: 1, leftColumns: k, padTop: 0, padLeft: 0, tapRows: 1, tapColumns: 1, rowStride: 1, columnStride: 1 },
  });
}

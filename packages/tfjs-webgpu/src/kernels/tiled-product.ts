import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { discarding, eachGroup, eachNumber, reshaped } from './program.ts';

/** Rows and columns of the tile of a group of 8 x 8 threads, each of which has 4 x 4 numbers of it. */
const TILE = 32;
/** How much of the factors lies in the memory that a group shares. */
const DEPTH = 16;
/** Groups of threads that keep a GPU busy. */
const BUSY = 256;
/** Steps below which a part of the depth is not worth a group of its own. */
const FEWEST_STEPS = 16;

/** A product of two matrices whose numbers are looked up where they lie. */
export interface Product {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly integers: Readonly<Record<string, number>>;
  /** [rows, depth] * [depth, columns] */
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /**
   * WGSL: `rowOf(row)` and `depthOf(k)` take an index apart, once for all of its numbers; `left(row, k)` and
   * `right(depth, k, column)` look up a number, given what these say.
   */
  readonly code: string;
  /** What neighbouring threads look up, so that they read neighbouring memory: along the depth, or across it. */
  readonly lanes: 'depth' | 'across';
}

/**
 * Multiplies in tiles. A deep product of few tiles is cut into parts along the depth, that are added up afterwards.
 * @returns [rows * columns] numbers.
 */
export function tiledProduct(backend: WebGPUBackend, product: Product): TensorInfo {
  const { inputs, rows, columns, depth, lanes, code } = product;
  const [down, across] = [Math.ceil(rows / TILE), Math.ceil(columns / TILE)];
  const steps = Math.ceil(depth / DEPTH);
  const wanted = Math.ceil(BUSY / (down * across));
  const stepsOfPart = Math.ceil(steps / Math.max(1, Math.min(wanted, Math.floor(steps / FEWEST_STEPS))));
  const parts = Math.ceil(steps / stepsOfPart);
  return discarding(backend, (discard) => {
    const partial = eachGroup(backend, {
      name: product.name,
      inputs,
      shape: [parts, rows, columns],
      integers: { ...product.integers, rows, columns, depth, steps: stepsOfPart, down },
      threads: [8, 8],
      groups: [across, Math.min(down, 32_768), parts * Math.ceil(down / 32_768)],
      code: tiles(lanes) + code,
    });
    if (parts === 1) return reshaped(partial, [rows * columns]);
    return eachNumber(backend, {
      name: 'add parts of a product',
      inputs: { partial: discard(partial) },
      shape: [rows * columns],
      integers: { parts },
      code: `fn valueAt(i: i32) -> f32 {
        var sum = 0.0;
        for (var part = 0; part < uniforms.parts; part++) { sum += partial[part * uniforms.size + i]; }
        return sum;
      }`,
    });
  });
}

/** Each thread brings 8 numbers of either factor to shared memory, then multiplies 4 rows by 4 columns. */
const tiles = (lanes: Product['lanes']): string => `
  var<workgroup> rowAt: array<vec3<i32>, ${TILE}>;
  var<workgroup> depthAt: array<vec3<i32>, ${DEPTH}>;
  var<workgroup> lefts: array<array<f32, ${TILE}>, ${DEPTH}>;
  var<workgroup> rights: array<array<f32, ${TILE}>, ${DEPTH}>;

  fn main() {
    let lane = i32(localIndex);
    let blocks = (uniforms.down + 32767) / 32768;
    let part = i32(workgroupId.z) / blocks;
    let firstRow = (i32(workgroupId.z) % blocks * 32768 + i32(workgroupId.y)) * ${TILE};
    let firstColumn = i32(workgroupId.x) * ${TILE};
    if (lane < ${TILE}) { rowAt[lane] = rowOf(firstRow + lane); }
    var sums: array<vec4<f32>, 4>;
    for (var step = 0; step < uniforms.steps; step++) {
      let first = (part * uniforms.steps + step) * ${DEPTH};
      if (lane < ${DEPTH}) { depthAt[lane] = depthOf(first + lane); }
      workgroupBarrier();
      for (var i = lane; i < ${TILE * DEPTH}; i += 64) {
        let across = ${lanes === 'depth' ? `i / ${DEPTH}` : `i % ${TILE}`};
        let k = ${lanes === 'depth' ? `i % ${DEPTH}` : `i / ${TILE}`};
        var leftNumber = 0.0;
        var rightNumber = 0.0;
        if (first + k < uniforms.depth) {
          if (firstRow + across < uniforms.rows) { leftNumber = left(rowAt[across], depthAt[k]); }
          if (firstColumn + across < uniforms.columns) {
            rightNumber = right(depthAt[k], first + k, firstColumn + across);
          }
        }
        lefts[k][across] = leftNumber;
        rights[k][across] = rightNumber;
      }
      workgroupBarrier();
      for (var k = 0; k < ${DEPTH}; k++) {
        let at = i32(localId.x) * 4;
        let values = vec4<f32>(rights[k][at], rights[k][at + 1], rights[k][at + 2], rights[k][at + 3]);
        for (var r = 0; r < 4; r++) { sums[r] += lefts[k][i32(localId.y) * 4 + r] * values; }
      }
      workgroupBarrier();
    }
    for (var r = 0; r < 4; r++) {
      let row = firstRow + i32(localId.y) * 4 + r;
      for (var c = 0; c < 4; c++) {
        let column = firstColumn + i32(localId.x) * 4 + c;
        if (row < uniforms.rows && column < uniforms.columns) {
          result[(part * uniforms.rows + row) * uniforms.columns + column] = sums[r][c];
        }
      }
    }
  }`;

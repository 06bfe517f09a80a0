import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  engine,
  fused,
  matMul,
  maxPool,
  memory,
  mul,
  type NamedTensorMap,
  reshape,
  type Scalar,
  setBackend,
  square,
  sub,
  sum,
  tensor,
  tensor4d,
  type Tensor4D,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { describeNative, noise } from '../test/both-backends.ts';
import type { OnednnBackend } from './onednn-backend.ts';

function weights(shape: number[], seed: number): Variable {
  return tidy(() =>
    variable(
      tensor(
        noise(
          shape.reduce((a, b) => a * b),
          seed,
        ),
        shape,
      ),
    ),
  );
}

/** Two convolutions, one of them on a map so small that it becomes a product, pooling and a dense layer. */
class Network {
  readonly #kernels = [weights([3, 3, 3, 16], 1), weights([3, 3, 16, 64], 2)] as const;
  readonly #dense = weights([64, 1], 3);

  #loss(seed: number): Scalar {
    const x = tensor4d(noise(16 * 16 * 3, seed), [1, 16, 16, 3]);
    const [first, second] = this.#kernels;
    const wide = fused.conv2d({ x, filter: first as Tensor4D, strides: 1, pad: 'same', activation: 'relu' });
    const small = fused.conv2d({
      x: maxPool(wide, 4, 4, 'same'),
      filter: second as Tensor4D,
      strides: 2,
      pad: 'same',
      activation: 'relu',
    });
    return sum(square(matMul(reshape(small, [-1, 64]), this.#dense as never))) as Scalar;
  }

  /** One step of gradient descent; the loss before it. */
  step(seed: number): number {
    return tidy(() => {
      const { value, grads } = variableGrads(() => this.#loss(seed)) as { value: Scalar; grads: NamedTensorMap };
      for (const each of [...this.#kernels, this.#dense]) {
        each.assign(sub(each, mul(grads[each.name], 1e-7)));
      }
      return value.dataSync()[0];
    });
  }

  dispose(): void {
    for (const each of [...this.#kernels, this.#dense]) each.dispose();
  }
}

describeNative('training', () => {
  beforeAll(async () => {
    await import('@tensorflow/tfjs-layers'); // brings the gradients
  });
  beforeEach(async () => {
    await setBackend('onednn');
  });

  const losses = (steps: number): number[] => {
    const network = new Network();
    const values = Array.from({ length: steps }, (_, step) => network.step(step));
    network.dispose();
    return values;
  };

  test('gives the same bits again', () => {
    const [first, second] = [losses(5), losses(5)];
    expect(first.every(Number.isFinite)).toBe(true);
    expect(new Set(first).size).toBe(5); // it does learn
    expect(second).toEqual(first);
  });

  test('twenty steps leave nothing behind and need no more memory than two', () => {
    const { pool } = engine().backend as OnednnBackend;
    const tensors = memory().numTensors;
    const network = new Network();
    for (let step = 0; step < 2; step++) network.step(step);
    const held = { tensors: memory().numTensors, ...(engine().backend as OnednnBackend).pool };
    for (let step = 2; step < 20; step++) network.step(step);
    expect({ tensors: memory().numTensors, ...(engine().backend as OnednnBackend).pool }).toEqual(held);
    network.dispose();
    expect(memory().numTensors).toBe(tensors);
    expect((engine().backend as OnednnBackend).pool.inUse).toBe(pool.inUse);
  });
});

describeNative('the instruction set', () => {
  /** A convolution with its gradients and a product, in a process limited to some vector instructions. */
  const program = `
    const addon = require(${JSON.stringify(fileURLToPath(new URL('../build/Release/tfjs_onednn.node', import.meta.url)))});
    const noise = (size) => Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7));
    const shape = Int32Array.of(1, 9, 9, 20, 9, 9, 33, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    const [x, kernel, dy] = [noise(81 * 20), noise(9 * 20 * 33), noise(81 * 33)];
    const [y, dx, dkernel, product] = [81 * 33, 81 * 20, 9 * 20 * 33, 81 * 33].map((size) => new Float32Array(size));
    addon.convolve(x, kernel, null, y, shape, 0, 0);
    addon.convolveBackwardInput(dy, kernel, dx, shape);
    addon.convolveBackwardKernel(x, dy, dkernel, shape, false);
    addon.multiply(x, kernel.subarray(0, 20 * 33), null, product, Int32Array.of(1, 1, 81, 33, 20, 0, 0), 0, 0);
    addon.unary(addon.unaryOperations.Tanh, y, y, 0, 0);
    const { instructions, threads } = addon.about();
    console.log(JSON.stringify({ instructions, threads, values: [y, dx, dkernel, product].map((array) => [...array]) }));`;
  const run = async (
    variables: NodeJS.ProcessEnv,
  ): Promise<{ instructions: string; threads: number; values: number[][] }> => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program], {
      env: { ...process.env, ...variables },
      maxBuffer: 2 ** 24,
    });
    return JSON.parse(stdout) as never;
  };

  test("follows oneDNN's limit, and the numbers stay", async () => {
    const best = await run({});
    const limited = await Promise.all(['AVX2', 'SSE41'].map((ONEDNN_MAX_CPU_ISA) => run({ ONEDNN_MAX_CPU_ISA })));
    // Other processors than x86's have the plain kernels alone; one without AVX2 has them for AVX2 too.
    if (process.arch === 'x64') expect(['avx512', 'avx2', 'base']).toContain(best.instructions);
    expect(limited[1]?.instructions).toBe('base');
    expect(limited[0]?.instructions).not.toBe('avx512');
    for (const { values } of limited) {
      values.forEach((array, index) => {
        const wanted = best.values[index] as number[];
        const scale = Math.max(...wanted.map(Math.abs));
        // float32 sums of up to 297 products, in another order
        array.forEach((value, place) => expect(Math.abs(value - (wanted[place] as number)) / scale).toBeLessThan(1e-5));
      });
    }
  });
});

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from '@jest/globals';
import {
  add,
  conv2d,
  cumsum,
  engine,
  matMul,
  memory,
  mul,
  oneHot,
  relu,
  setBackend,
  slice,
  softmax,
  stridedSlice,
  sum,
  tensor1d,
  tensor2d,
  tensor4d,
  tidy,
  topk,
  zeros,
} from '@tensorflow/tfjs-core';
import { describeNative, expectSame, noise } from '../test/both-backends.ts';
import { loadAddon } from './addon.ts';
import type { OnednnBackend } from './onednn-backend.ts';

describeNative('the backend', () => {
  beforeEach(async () => {
    await setBackend('onednn');
  });

  test('kernels without a native form run on the same memory', async () => {
    await expectSame(() => {
      const x = mul(tensor2d(noise(12, 1), [3, 4]), 2); // in the pool's memory
      const { values, indices } = topk(x, 2);
      return [
        cumsum(x, 1),
        oneHot(tensor1d([0, 2], 'int32'), 3),
        values,
        indices,
        stridedSlice(x, [0, 1], [3, 4], [1, 2]),
      ];
    });
  });

  test('what a program reads stays, though the tensor is gone and its memory used again', () => {
    const x = mul(tensor1d([1, 2, 3]), 2);
    const part = slice(x, 1, 2);
    const values = x.dataSync();
    x.dispose();
    const next = mul(tensor1d([7, 7, 7]), 7);
    expect([...values]).toEqual([2, 4, 6]);
    expect([...part.dataSync()]).toEqual([4, 6]);
    part.dispose();
    next.dispose();
  });

  test('memory is counted, and returns to the pool', () => {
    const backend = engine().backend as OnednnBackend;
    const before = { ...memory(), pool: backend.pool.inUse };
    tidy(() => {
      relu(add(tensor1d(noise(1000, 1)), 1));
    });
    expect(memory().numTensors).toBe(before.numTensors);
    expect(memory().numBytes).toBe(before.numBytes);
    expect(memory().unreliable).toBe(false);
    expect(backend.pool.inUse).toBe(before.pool);
  });

  test('a thousand rounds of changing sizes hold no more memory than a hundred', () => {
    const round = (index: number): void => {
      tidy(() => {
        const size = 20 + (index % 13);
        const x = tensor4d(noise(size * size * 4, index), [1, size, size, 4]);
        const y = conv2d(x, tensor4d(noise(9 * 16, 2), [3, 3, 4, 4]), 1, 'same');
        sum(softmax(relu(y))).dataSync();
      });
    };
    const backend = engine().backend as OnednnBackend;
    for (let index = 0; index < 100; index++) round(index);
    const { inUse, idle } = backend.pool;
    for (let index = 0; index < 900; index++) round(index);
    expect(backend.pool).toEqual({ inUse, idle });
  });

  test('what is wrong in C++ becomes an exception', () => {
    const addon = loadAddon();
    const [three, four] = [new Float32Array(3), new Float32Array(4)];
    expect(() => addon.unary(0, three, four, 0, 0)).toThrow('expected 3 elements, got 4');
    expect(() => addon.unary(999, three, three, 0, 0)).toThrow('no operation 999');
    expect(() => addon.unary(0, 'x' as never, three, 0, 0)).toThrow('expected a Float32Array');
    expect(() => addon.copy(three, 2, four, 0, Int32Array.of(1, 2, 1, 1))).toThrow('leaves the array');
    expect(() => addon.binary(0, three, three, four, Int32Array.of(1, 4, 1, 1))).toThrow('leaves the array');
    expect(() => addon.multiply(three, four, null, four, Int32Array.of(1, 1, 2, 2, 2, 0, 0), 0, 0)).toThrow(
      'expected 4',
    );
    expect(() => addon.allocate(2 ** 52)).toThrow('out of memory');
    expect(() => addon.allocate(-1)).toThrow('must be positive');
    expect(() => addon.fill({} as never, 1)).toThrow('expected a Float32Array');
    expect(() => addon.softmax(four, four, 2, 3)).toThrow('expected 6 elements, got 4');
    expect(() => addon.gather(four, Int32Array.of(9), three, 1, 4, 1)).toThrow('wrong sizes');
    const oneByOne = [1, 2, 2, 1, 2, 2, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1];
    expect(() => addon.convolve(four, three, null, four, Int32Array.from(oneByOne), 0, 0)).toThrow(
      'expected 1 elements',
    );
    expect(() => addon.convolve(four, three, null, four, Int32Array.of(1, 2), 0, 0)).toThrow('wrong length');
    expect(() => addon.convolve(four, three, null, four, Int32Array.from(oneByOne).fill(0, 9, 10), 0, 0)).toThrow(
      'must be positive',
    );
    // What the checks let through and oneDNN refuses: padding that the output does not fit.
    const impossible = Int32Array.from(oneByOne).fill(9, 13, 14);
    expect(() => addon.convolve(four, new Float32Array(1), null, four, impossible, 0, 0)).toThrow(
      'oneDNN: could not create',
    );
  });

  test('a tensor that no memory holds is refused, and the program goes on', () => {
    expect(() => zeros([2 ** 20, 2 ** 20, 64])).toThrow(/out of memory|Invalid typed array length|allocation/);
    expect(() => matMul(zeros([2 ** 22, 1]), zeros([1, 2 ** 22]))).toThrow(/out of memory|Invalid typed array length/);
    expect([...add(tensor1d([1]), 1).dataSync()]).toEqual([2]);
  });

  test('threads can be set, and what is no number of them is refused', () => {
    const { PFFNET_NUM_THREADS } = process.env;
    try {
      process.env['PFFNET_NUM_THREADS'] = '1';
      expect(loadAddon().about().threads).toBe(1);
      process.env['PFFNET_NUM_THREADS'] = 'two';
      expect(() => loadAddon()).toThrow('PFFNET_NUM_THREADS: expected a whole number of threads, got two');
    } finally {
      if (PFFNET_NUM_THREADS === undefined) delete process.env['PFFNET_NUM_THREADS'];
      else process.env['PFFNET_NUM_THREADS'] = PFFNET_NUM_THREADS;
      loadAddon();
    }
  });

  test('two processes side by side both finish, with the same numbers', async () => {
    const program = `
      const addon = require(${JSON.stringify(fileURLToPath(new URL('../build/Release/tfjs_onednn.node', import.meta.url)))});
      const x = Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i));
      const y = new Float32Array(64 * 64);
      for (let i = 0; i < 200; i++) addon.multiply(x, x, null, y, Int32Array.of(1, 1, 64, 64, 64, 0, 0), 0, 0);
      console.log(y.reduce((a, b) => a + Math.abs(b), 0));`;
    const run = promisify(execFile);
    const outputs = await Promise.all([1, 2].map(() => run(process.execPath, ['--eval', program])));
    expect(Number(outputs[0]?.stdout)).toBeGreaterThan(0);
    expect(outputs[0]?.stdout).toBe(outputs[1]?.stdout);
  });
});

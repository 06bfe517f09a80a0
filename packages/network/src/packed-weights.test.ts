import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { DataError } from '@pffnet/structures';
import { packWeights, unpackWeights } from './packed-weights.ts';

const kernel: PlainTensor = { shape: [2, 2], data: Float32Array.of(1.27, -0.5, 0.01, 0) };
const bias: PlainTensor = { shape: [2], data: Float32Array.of(0.123, 4) };

describe('packWeights', () => {
  test('gives each output channel a scale, its largest weight over 127', () => {
    const packed = packWeights(new Map([['head/kernel', kernel]]));
    expect([...packed.keys()]).toEqual(['head/kernel', 'scale/head/kernel']);
    expect(packed.get('head/kernel')).toEqual({ shape: [2, 2], data: Int8Array.of(127, -127, 1, 0) });
    expect(packed.get('scale/head/kernel')).toEqual({ shape: [2], data: Float32Array.of(1.27 / 127, 0.5 / 127) });
  });

  test('keeps what has one axis as it is', () => {
    expect([...packWeights(new Map([['head/bias', bias]]))]).toEqual([['head/bias', bias]]);
  });

  test('keeps a channel of zeros, and kernels without any weight', () => {
    const zeros: PlainTensor = { shape: [1, 2], data: Float32Array.of(0, 3) };
    const none: PlainTensor = { shape: [0, 2], data: new Float32Array(0) };
    const packed = packWeights(new Map([['a', zeros], ['b', none]])); // prettier-ignore
    const weights = unpackWeights(packed, 'file');
    expect([weights.get('a')?.data[0], weights.get('b')]).toEqual([0, none]);
  });
});

describe('unpackWeights', () => {
  test('moves no weight by more than half a step of its channel', () => {
    const values = fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(values, (numbers) => {
        const data = Float32Array.from(numbers);
        const unpacked = unpackWeights(packWeights(new Map([['k', { shape: [2, 3], data }]])), 'file').get('k');
        expect(unpacked?.shape).toEqual([2, 3]);
        for (let at = 0; at < 6; at++) {
          const largest = Math.max(Math.abs(data[at % 3]!), Math.abs(data[3 + (at % 3)]!));
          // A scale is a whole number of float32's least steps, 2^-149, and is multiplied by up to 127.
          const bound = largest / 254 + largest * 1e-6 + 127 * 2 ** -149;
          expect(Math.abs(unpacked!.data[at]! - data[at]!)).toBeLessThanOrEqual(bound);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('leaves weights that were not packed alone', () => {
    expect(unpackWeights(new Map([['a', kernel], ['b', bias]]), 'file')).toEqual(new Map([['a', kernel], ['b', bias]])); // prettier-ignore
  });

  test('refuses a kernel without the scales of its channels', () => {
    const packed = packWeights(new Map([['head/kernel', kernel]]));
    packed.delete('scale/head/kernel');
    const unpack = (): unknown => unpackWeights(packed, 'file');
    expect(unpack).toThrow(DataError);
    expect(unpack).toThrow('file: kernel head/kernel [2, 2] lacks the scales of its 2 channels; get the file again');
  });
});

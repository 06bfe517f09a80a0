import { beforeEach, expect, test } from '@jest/globals';
import {
  add,
  backend,
  type DataType,
  engine,
  mul,
  setBackend,
  sub,
  type Tensor,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describeNative, forAll, noise } from '../../test/both-backends.ts';
import { loadAddon } from '../addon.ts';
import type { OnednnBackend } from '../onednn-backend.ts';

const attrs = { momentum: 0.9, weightDecay: 1e-4, rate: 0.01, gradientScale: 0.7 };

/** [parameter, velocity] after one step from three seeded tensors, as one kernel and put together from five. */
function step(size: number, seed: number): { fused: Float32Array[]; composed: Float32Array[] } {
  const read: Float32Array[] = [];
  tidy(() => {
    const inputs = [0, 1, 2].map((which) => tensor1d(noise(size, seed + which), 'float32'));
    const [parameter, velocity, gradient] = inputs as [Tensor, Tensor, Tensor];
    const fused: Tensor[] = engine().runKernel('SgdUpdate', { parameter, velocity, gradient }, attrs);
    const next = add(
      mul(velocity, attrs.momentum),
      add(mul(gradient, attrs.gradientScale), mul(parameter, attrs.weightDecay)),
    );
    for (const result of [...fused, sub(parameter, mul(next, attrs.rate)), next, ...inputs]) {
      read.push(result.dataSync<'float32'>());
    }
  });
  // What went in is as it was.
  [0, 1, 2].forEach((which) => expect(read[4 + which]).toEqual(noise(size, seed + which)));
  return { fused: read.slice(0, 2), composed: read.slice(2, 4) };
}

describeNative('the SGD update', () => {
  beforeEach(async () => {
    await setBackend('onednn');
  });

  test('a hand case', () => {
    const [parameter, velocity] = tidy(() => {
      const [p, v, g] = [[2], [10], [3]].map((values) => tensor1d(values)) as [Tensor, Tensor, Tensor];
      const results: Tensor[] = engine().runKernel(
        'SgdUpdate',
        { parameter: p, velocity: v, gradient: g },
        { momentum: 0.5, weightDecay: 1, rate: 0.25, gradientScale: 2 },
      );
      return results.map((result) => result.dataSync()[0]);
    });
    expect([parameter, velocity]).toEqual([2 - 0.25 * 13, 0.5 * 10 + (2 * 3 + 2)]);
  });

  test('equals the five kernels that it replaces, to the rounding of a joined multiplication and addition', async () => {
    await forAll(fc.record({ size: fc.integer({ min: 0, max: 100 }), seed: fc.nat(1000) }), async ({ size, seed }) =>
      compare(size, seed),
    );
    compare(300_001, 2);
  });

  test('a parameter that served in bf16 is rounded as it changes, to the numbers that rounding it later would give', () => {
    const native = backend() as OnednnBackend;
    type Entry = { readonly dtype: DataType; rounded?: { readonly values: Uint16Array } };
    const entryOf = ({ dataId }: Tensor): Entry => native.data.get(dataId);
    for (const size of [5, 300_001]) {
      const inputs = [0, 1, 2].map((which) => tensor1d(noise(size, which), 'float32'));
      const [parameter, velocity, gradient] = inputs as [Tensor, Tensor, Tensor];
      const update = (): Tensor[] => engine().runKernel('SgdUpdate', { parameter, velocity, gradient }, attrs);
      const [alone] = update();
      expect(entryOf(alone).rounded).toBeUndefined();
      entryOf(parameter).rounded = { values: new Uint16Array(native.addon.allocate(2 * size), 0, size) };
      const [rounded] = update();
      expect(rounded.dataSync()).toEqual(alone.dataSync());
      const expected = new Uint16Array(size);
      native.addon.roundToBf16(rounded.dataSync<'float32'>(), expected);
      expect(entryOf(rounded).rounded!.values).toEqual(expected);
    }
  });

  test('says what is wrong', () => {
    const [three, four] = [new Float32Array(3), new Float32Array(4)];
    expect(() => loadAddon().sgd(three, three, four, three, three, null, 0, 0, 0, 1)).toThrow(
      'gradient: expected 3 elements, got 4',
    );
    const rounded = new Uint16Array(2);
    expect(() => loadAddon().sgd(three, three, three, three, three, rounded, 0, 0, 0, 1)).toThrow(
      'rounded: sizes differ',
    );
  });
});

function compare(size: number, seed: number): void {
  const { fused, composed } = step(size, seed);
  fused.forEach((values, which) => {
    const worst = values.reduce((top, value, at) => Math.max(top, Math.abs(value - composed[which]![at]!)), 0);
    expect(worst).toBeLessThan(1e-6); // numbers up to 4
  });
}

import { describe, expect, test } from '@jest/globals';
import { golden, gradientError, newTensors, nhwc } from '@pffnet/tensor-ops/testing';
import { grad, type Tensor, tensor4d, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { semanticLoss } from './semantic-loss.ts';

const of =
  (foreground: ArrayLike<number>) =>
  (logits: Tensor): Tensor =>
    semanticLoss({ logits: logits as Tensor4D, foreground: Uint8Array.from(foreground) });

describe('semanticLoss', () => {
  test('is the mean softmax cross-entropy', () => {
    // One pixel undecided, one foreground three times as likely as background while background is true.
    const logits = tensor4d([5, 5, 1, 1 + Math.log(3)], [1, 1, 2, 2]);
    expect(of([1, 0])(logits)).toBeAllClose((Math.log(2) + Math.log(4)) / 2, { atol: 0, rtol: 1e-6 });
  });

  test.each(['sem', 'ins'])('matches the reference on %s_logits, value and gradient', (name) => {
    const { plain, scalars } = golden('semantic_losses');
    const run = of(plain('gt').data);
    const logits = nhwc(plain(`${name}_logits`));
    expect(run(logits)).toBeAllClose(scalars[`ce_${name}`].value as number, { atol: 0, rtol: 1e-5 });
    const expected = plain(`grad_ce_${name}`);
    expect(grad(run)(logits)).toBeAllClose(nhwc(expected), expected);
  });

  test('matches the reference on the decoder output, value and gradient', () => {
    const { plain, scalars } = golden('gcn_decoder');
    const run = of(plain('gt').data);
    const logits = nhwc(plain('logits'));
    expect(run(logits)).toBeAllClose(scalars.ce_loss.value as number, { atol: 0, rtol: 1e-5 });
    const expected = plain('grad_logits');
    expect(grad(run)(logits)).toBeAllClose(nhwc(expected), expected);
  });

  test.each(['raff_square', 'raff_nonsquare', 'raff_nonsquare_rect_image'])('matches every fused map of %s', (name) => {
    const { plain, scalars } = golden(name);
    const run = of(plain('gt').data);
    const fused = Object.keys(scalars).filter((key) => key.endsWith('_ce'));
    expect(fused.length).toBeGreaterThanOrEqual(6);
    for (const key of fused) {
      const computed = run(nhwc(plain(key.replace(/_ce$/, '_out'))));
      expect(computed).toBeAllClose(scalars[key].value as number, { atol: 0, rtol: 1e-5 });
    }
  });

  test('agrees with finite differences', () => {
    const logits = tensor4d([0.5, 1, 2, -3, -1, 0.2, 4, 0], [1, 2, 2, 2]);
    expect(gradientError(of([1, 0, 0, 1]), [logits])).toBeLessThan(1e-3);
  });

  test('stays finite where logits are saturated', () => {
    const logits = tensor4d([1e4, -1e4, -1e4, 1e4], [1, 1, 2, 2]);
    expect(of([0, 1])(logits)).toBeAllClose(0, { atol: 0, rtol: 0 });
    expect(of([1, 0])(logits)).toBeAllClose(2e4, { atol: 0, rtol: 1e-6 });
    expect(grad(of([1, 0]))(logits)).toBeAllClose([0.5, -0.5, -0.5, 0.5], { atol: 0, rtol: 0 });
  });

  test('leaves one new tensor per call', () => {
    const logits = tensor4d([1, 2], [1, 1, 1, 2]);
    expect(newTensors(() => of([1])(logits))).toBe(1);
    expect(newTensors(() => tidy(() => grad(of([1]))(logits)))).toBe(1);
  });

  test('refuses a truth of another size', () => {
    expect(() => of([1, 0])(tensor4d([1, 2], [1, 1, 1, 2]))).toThrow('semanticLoss: expected 1 x 1 = 1 pixels, got 2');
  });
});

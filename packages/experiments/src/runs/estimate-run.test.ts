import { describe, expect, test } from '@jest/globals';
import { presets, vary } from '@pffnet/pffnet';
import { estimateRun, rateOf } from './estimate-run.ts';

describe('estimateRun', () => {
  const images = { validationImages: 4, testImages: 10, megapixels: 0.25 };

  test('scales steps by iterations and pixels, and adds predictions', () => {
    const config = vary(presets.small, { training: { iterations: 100, validateEvery: 50 } });
    // 100 steps of 1.93 s; 2 validations of 4 images and a test of 10, 0.25 MP each at 21.5 s.
    expect(estimateRun(config, images, 'wasm').seconds).toBeCloseTo(193 + 18 * 0.25 * 21.5, 9);
    const larger = vary(config, { training: { patch: { size: 512 } } });
    expect(estimateRun(larger, images, 'wasm').seconds).toBeCloseTo(4 * 193 + 18 * 0.25 * 21.5, 9);
  });

  test('disk is weights three times over, and pictures', () => {
    // Weights of best, weights and momentum of last.
    expect(estimateRun(presets.small, images, 'wasm').bytes).toBe(12 * 20_884_952 + 10 * 250_000 * 8);
  });

  test('a preset that nobody measured has no estimate', () => {
    expect(estimateRun(vary(presets.small, { preset: 'mine' }), images, 'wasm')).toEqual({
      seconds: null,
      bytes: null,
    });
  });

  test('an engine that nobody measured is taken for the portable one', () => {
    expect(rateOf({ kind: 'two-stage', preset: 'small' }, 'webgpu')).toMatchObject({ engine: 'wasm' });
  });
});

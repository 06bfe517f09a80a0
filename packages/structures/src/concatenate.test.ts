import { describe, expect, test } from '@jest/globals';
import { concatenate } from './concatenate.ts';

describe('concatenate', () => {
  test('puts parts one after the other, empty ones too', () => {
    const parts = [Float32Array.of(1, 2), new Float32Array(0), Float32Array.of(3)];
    expect(concatenate(parts)).toEqual(Float32Array.of(1, 2, 3));
  });

  test('gives nothing for no part', () => {
    expect(concatenate([])).toEqual(new Float32Array(0));
  });
});

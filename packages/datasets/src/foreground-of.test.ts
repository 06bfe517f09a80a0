import { describe, expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/tensor-ops/structures';
import { foregroundOf } from './foreground-of.ts';

describe('foregroundOf', () => {
  test('marks every object alike', () => {
    expect(foregroundOf(labelMap(1, 4, [0, 1, 4e9, 0]))).toEqual(Uint8Array.of(0, 1, 1, 0));
  });
});

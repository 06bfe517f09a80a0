import { expect, test } from '@jest/globals';
import { resizeMap } from './resize-map.ts';

test('resizeMap takes the number of the nearest pixel, and leaves a map of that size as it is', () => {
  const map = { height: 1, width: 2, data: Float32Array.of(0.25, 0.75) };
  expect([...resizeMap(map, { height: 2, width: 4 })]).toEqual([0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0.75]);
  expect([...resizeMap(map, map)]).toEqual([0.25, 0.75]);
});

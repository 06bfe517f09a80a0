import { expect, test } from '@jest/globals';
import { colourObjects } from './colour-objects.ts';

const colours = {
  height: 3,
  width: 5,
  data: Uint8Array.of(1, 1, 2, 0, 3, 0, 0, 2, 3, 0, 1, 0, 0, 0, 0),
};

test('colourObjects takes connected regions of a colour for objects, corners included', () => {
  expect([...colourObjects(colours, 0).data]).toEqual([1, 1, 2, 0, 3, 0, 0, 2, 3, 0, 4, 0, 0, 0, 0]);
});

test('colourObjects leaves out regions that are too small', () => {
  expect([...colourObjects(colours, 2).data]).toEqual([1, 1, 2, 0, 3, 0, 0, 2, 3, 0, 0, 0, 0, 0, 0]);
  expect(colourObjects(colours, 3).data.every((id) => id === 0)).toBe(true);
  expect(colourObjects({ height: 0, width: 0, data: new Uint8Array(0) }, 3).data).toHaveLength(0);
});

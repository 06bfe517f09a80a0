import { expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { remarksOn } from './click-file.ts';

test('remarksOn says which clicks gave no object of their own', () => {
  const labels = labelMap(2, 3, [1, 1, 0, 0, 2, 2]);
  const clicks = [
    { y: 0, x: 0.5 },
    { y: 0.9, x: 2.5 },
    { y: 1, x: 1 },
    { y: 0.2, x: 1.9 },
  ];
  expect(remarksOn(clicks, labels)).toEqual([
    'click 2 at y 0.9, x 2.5 is on background: no object was found there; leave it out, or click nearer to the middle of the object',
    'clicks 1 and 4 are on one object, which is counted once; leave one out',
  ]);
  expect(remarksOn([], labels)).toEqual([]);
});

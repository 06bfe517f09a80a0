import { expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { dropSmallObjects } from './drop-small-objects.ts';

test('dropSmallObjects leaves out objects of fewer pixels, and no gap in the ids', () => {
  const labels = labelMap(2, 4, [1, 2, 2, 5, 0, 2, 0, 5]);
  expect([...dropSmallObjects(labels, 0).data]).toEqual([1, 2, 2, 3, 0, 2, 0, 3]);
  expect([...dropSmallObjects(labels, 2).data]).toEqual([0, 1, 1, 2, 0, 1, 0, 2]);
  expect([...dropSmallObjects(labels, 3).data]).toEqual([0, 1, 1, 0, 0, 1, 0, 0]);
  expect([...dropSmallObjects(labels, 4).data]).toEqual(new Array(8).fill(0));
  expect([...labels.data]).toEqual([1, 2, 2, 5, 0, 2, 0, 5]);
  expect(dropSmallObjects(labelMap(0, 0), 3).data).toHaveLength(0);
});

import { expect, test } from '@jest/globals';
import { labelMap } from '@pffnet/structures';
import { stripOfLabels } from './strip-of-labels.ts';

const plain = { classScore: null, quality: null, confidence: null };

test('stripOfLabels says where each object is, and nothing else', () => {
  const labels = labelMap(2, 3, [1, 0, 2, 1, 0, 2]);
  expect(stripOfLabels(labels, labels)).toEqual({
    y: 0,
    labels,
    instances: [
      { id: 1, box: [0, 0, 2, 1], area: 2, ...plain },
      { id: 2, box: [0, 2, 2, 3], area: 2, ...plain },
    ],
  });
});

test('stripOfLabels leaves out objects that vanish at the size of the image, without a gap in the ids', () => {
  const { labels, instances } = stripOfLabels(labelMap(1, 4, [0, 1, 2, 2]), { height: 1, width: 2 });
  const ids = [...new Set(labels.data)].filter((id) => id !== 0);
  expect(instances.map(({ id }) => id)).toEqual(ids);
  expect(stripOfLabels(labelMap(2, 2), { height: 3, width: 3 }).instances).toEqual([]);
});

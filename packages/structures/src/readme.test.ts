import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { boxesOfLabels, compactLabels, labelMap, nonMaxSuppression, pairwiseIou } from './index.ts';

test('the example of the README gives what it says', () => {
  // <example>
  const labels = labelMap(2, 6, [7, 7, 0, 9, 9, 9, 7, 7, 0, 9, 9, 9]); // 0 is background, every other number one object
  const { ids } = compactLabels(labels); // [7, 9]; its labels number the same objects 1, 2
  const boxes = boxesOfLabels(labels); // y1, x1, y2, x2 of each object: [0, 0, 2, 2, 0, 3, 2, 6]
  const overlaps = pairwiseIou(boxes, boxes, 'continuous'); // 2 x 2: [1, 0, 0, 1]
  const options = { iouThreshold: 0.5, geometry: 'continuous' } as const;
  const kept = nonMaxSuppression(boxes, Float32Array.of(0.8, 0.9), options); // the best first: [1, 0]
  // </example>

  expect(ids).toEqual([7, 9]);
  expect([...boxes]).toEqual([0, 0, 2, 2, 0, 3, 2, 6]);
  expect([...overlaps]).toEqual([1, 0, 0, 1]);
  expect([...kept]).toEqual([1, 0]);
});

test('the README shows the example that runs', () => {
  const own = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
  const [example] = own.split('  // <example>\n')[1].split('  // </example>');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});

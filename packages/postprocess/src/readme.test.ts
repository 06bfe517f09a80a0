import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { contours, paintInstances } from './index.ts';

test('the example in the README runs', () => {
  // <example>
  const detections = {
    count: 2,
    boxes: Float32Array.of(0, 0, 4, 4, 0, 3, 4, 7), // (y1, x1, y2, x2), the second overlaps the first
    classScores: Float32Array.of(0.9, 0.8),
    qualities: Float32Array.of(0.7, 0.9),
    maskSide: 28,
    masks: new Float32Array(2 * 28 * 28).fill(1),
  };
  const rule = { minScore: 0.5, maskThreshold: 0.5, dropCoveredAbove: 0.7, geometry: 'continuous' } as const;
  const { labels, instances } = paintInstances(detections, { height: 4, width: 8 }, rule);
  const outlines = [...contours(labels)];
  // </example>

  expect([...labels.data.subarray(8, 16)]).toEqual([2, 2, 2, 1, 1, 1, 1, 0]);
  expect(instances.map(({ area }) => area)).toEqual([16, 12]);
  expect(outlines.map(({ id, polygons }) => [id, polygons.length])).toEqual([
    [1, 1],
    [2, 1],
  ]);
});

test('the README shows the example that runs', () => {
  const own = readFileSync(new URL('readme.test.ts', import.meta.url), 'utf8');
  const [example] = own.split('  // <example>\n')[1].split('  // </example>');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(example.replaceAll(/^ {2}/gm, ''));
});

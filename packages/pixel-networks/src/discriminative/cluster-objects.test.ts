import { describe, expect, test } from '@jest/globals';
import { clusterObjects } from './cluster-objects.ts';

const rule = { minForeground: 0.5, bandwidth: 1, minArea: 0 };
const row = (foreground: number[], embeddings: number[], embeddedAbove = 0.5) => ({
  height: 1,
  width: foreground.length,
  foreground: Float32Array.from(foreground),
  dimensions: 1,
  embeddings: Float32Array.from(embeddings),
  embeddedAbove,
});

describe('clusterObjects', () => {
  test('parts regions of the foreground where embeddings differ', () => {
    const pixels = row([0.9, 0.9, 0.9, 0.9, 0.1, 0.9], [0, 0.1, 5, 5.1, 0]);
    expect([...clusterObjects(pixels, rule).data]).toEqual([1, 1, 2, 2, 0, 3]);
  });

  test('never joins two regions, nor two ends of a cluster that do not touch', () => {
    expect([...clusterObjects(row([0.9, 0.1, 0.9], [3, 3]), rule).data]).toEqual([1, 0, 2]);
    expect([...clusterObjects(row([0.9, 0.9, 0.9], [3, 9, 3]), rule).data]).toEqual([1, 2, 3]);
  });

  test('takes pixels above the probability alone, and large enough objects', () => {
    const pixels = row([0.4, 0.9, 0.9, 0.2, 0.7], [1, 1, 1, 2], 0.3);
    expect([...clusterObjects(pixels, rule).data]).toEqual([0, 1, 1, 0, 2]);
    expect([...clusterObjects(pixels, { ...rule, minForeground: 0.35 }).data]).toEqual([1, 1, 1, 0, 2]);
    expect([...clusterObjects(pixels, { ...rule, minArea: 2 }).data]).toEqual([0, 1, 1, 0, 0]);
    expect([...clusterObjects(row([0, 0], []), rule).data]).toEqual([0, 0]);
    expect(clusterObjects(row([], []), rule).data).toHaveLength(0);
  });
});

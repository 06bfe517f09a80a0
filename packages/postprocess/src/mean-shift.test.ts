import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { meanShiftClusters, shiftToMode } from './mean-shift.ts';

const golden = JSON.parse(readFileSync(new URL('../test/mean-shift.json', import.meta.url), 'utf8'));
const line = (...places: number[]) => ({ dimensions: 1, data: Float32Array.from(places) });

describe('shiftToMode', () => {
  test('goes to the mean of what is within reach, and on from there', () => {
    // 0 reaches 0 and 1; their mean, 0.5, reaches 1.5 too; then nothing new.
    expect([...shiftToMode(line(0, 1, 1.5, 4), [0], 1)]).toEqual([expect.closeTo(2.5 / 3, 6)]);
    expect([...shiftToMode(line(0, 1, 1.5, 4), [4], 1)]).toEqual([4]);
  });

  test('counts the points that it is told, and stays where none is within reach', () => {
    expect([...shiftToMode(line(0, 1, 1.5, 4), [0], 1, [0, 3])]).toEqual([0]);
    expect([...shiftToMode(line(0, 1), [9], 1)]).toEqual([9]);
    expect([...shiftToMode(line(), [9], 1)]).toEqual([9]);
  });

  test('ends at the modes of scikit-learn', () => {
    const { bandwidth, dimensions, points, modes } = golden.shifts;
    const data = Float32Array.from(points);
    for (const { start, mode } of modes) {
      const found = shiftToMode(
        { dimensions, data },
        data.subarray(start * dimensions, (start + 1) * dimensions),
        bandwidth,
      );
      found.forEach((place, axis) => expect(Math.abs(place - mode[axis])).toBeLessThan(1e-5));
    }
  });
});

describe('meanShiftClusters', () => {
  test('numbers clusters in the order of their first points', () => {
    expect([...meanShiftClusters(line(5, 0, 0.2, 5.1, 9), 1)]).toEqual([1, 2, 2, 1, 3]);
  });

  test('takes a point to the cluster that was begun from it, even if its mode has left it', () => {
    // From 0 over 0.5 (0, 1) to 1 (0 to 2) and 1.17: 0 lies beyond its reach by then.
    const clusters = meanShiftClusters(line(0, 1, 1.5, 1.5, 1.5, 2), 1);
    expect([...clusters]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('finds the clusters of scikit-learn where they lie apart', () => {
    const { bandwidth, dimensions, points, labels } = golden.clusters;
    const clusters = meanShiftClusters({ dimensions, data: Float32Array.from(points) }, bandwidth);
    const pairs = new Set([...clusters].map((cluster, point) => `${cluster} ${labels[point]}`));
    expect([pairs.size, Math.max(...clusters)]).toEqual([6, 6]);
  });

  test('puts every point into one cluster, whatever the points', () => {
    const points = fc.array(fc.float({ min: -5, max: 5, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(points, fc.double({ min: 0.1, max: 3, noNaN: true }), (places, bandwidth) => {
        const clusters = [...meanShiftClusters(line(...places), bandwidth)];
        expect(clusters).toHaveLength(places.length);
        const order = [...new Set(clusters)];
        expect(order).toEqual(order.map((_, index) => index + 1));
      }),
    );
  });

  test('refuses half a point, and a reach of 0', () => {
    expect(() => meanShiftClusters({ dimensions: 2, data: new Float32Array(3) }, 1)).toThrow(
      'meanShiftClusters: expected whole points of 2 numbers and a bandwidth above 0, got 3 numbers and 1',
    );
    expect(() => meanShiftClusters(line(1), 0)).toThrow('a bandwidth above 0, got 1 numbers and 0');
  });
});

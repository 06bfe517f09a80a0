import { describe, expect, test } from '@jest/globals';
import { selectDetections } from './select-detections.ts';

const boxes = new Float32Array([0, 0, 10, 10, 0, 2, 10, 12, 20, 20, 30, 30, 40, 40, 40, 50]);
const rule = { scoreThreshold: 0.05, nms: 0.3, limit: 10, geometry: 'continuous' } as const;

describe('selectDetections', () => {
  test('keeps the surer of two overlapping boxes, and orders by score', () => {
    const scores = new Float32Array([0.6, 0.7, 0.9, 0.01]);
    expect([...selectDetections({ ...rule, boxes, scores })]).toEqual([2, 1]);
    expect([...selectDetections({ ...rule, boxes, scores, limit: 1 })]).toEqual([2]);
    expect([...selectDetections({ ...rule, boxes, scores, nms: 0.7, limit: Infinity })]).toEqual([2, 1, 0]);
  });

  test('suppresses, cuts off and orders by ranks where they are given; the threshold looks at scores', () => {
    const scores = new Float32Array([0.6, 0.7, 0.9, 0.01]);
    const ranks = new Float32Array([0.5, 0.4, 0.3, 0.9]);
    expect([...selectDetections({ ...rule, boxes, scores, ranks })]).toEqual([0, 2]);
    expect([...selectDetections({ ...rule, boxes, scores, ranks, limit: 1 })]).toEqual([0]);
  });

  test('drops scores at the threshold, scores that are not numbers and empty boxes', () => {
    const scores = new Float32Array([0.5, NaN, 0.25, 1]);
    expect([...selectDetections({ ...rule, boxes, scores, scoreThreshold: 0.25 })]).toEqual([0]);
  });

  test('gives nothing for nothing', () => {
    const none = new Float32Array(0);
    expect(selectDetections({ ...rule, boxes: none, scores: none }).length).toBe(0);
  });
});

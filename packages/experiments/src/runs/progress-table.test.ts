import { describe, expect, test } from '@jest/globals';
import type { PlannedRun } from '../matrix/plan-runs.ts';
import { durationText, progressTable } from './progress-table.ts';
import type { RunStatus } from './run-status.ts';

const entry = (id: string, status: RunStatus) => ({
  run: { id, config: { training: { iterations: 100 } } } as unknown as PlannedRun,
  status,
});

const progress = [
  entry('tnbc/pffnet', { kind: 'running', where: 'process 1 on here', step: 40, secondsPerStep: 2 }),
  entry('tnbc/mask-rcnn', { kind: 'failed', step: 3, secondsPerStep: 1, reason: 'loss mask is NaN' }),
  entry('a', { kind: 'finished', aji: 0.5 }),
  entry('b', { kind: 'finished', aji: null }),
  entry('c', { kind: 'waiting' }),
  entry('d', { kind: 'interrupted', step: 5, secondsPerStep: 1 }),
];

describe('progressTable', () => {
  test('counts, then what runs, what failed, and the newest results', () => {
    expect(progressTable(progress, 20)).toEqual([
      '2 of 6 finished, 1 running, 2 waiting, 1 failed',
      '  tnbc/pffnet     step 40 of 100, 2.00 s a step, 2 min left (process 1 on here)',
      '  tnbc/mask-rcnn  failed at step 3 of 100: loss mask is NaN',
      '  b               finished, AJI undefined',
      '  a               finished, AJI 0.500',
    ]);
  });

  test('is no longer than the terminal', () => {
    expect(progressTable(progress, 4)).toHaveLength(3);
    expect(progressTable([], 4)).toEqual(['0 of 0 finished, 0 running, 0 waiting']);
  });
});

describe('durationText', () => {
  test.each([
    [0.4, '0 s'],
    [59, '59 s'],
    [90, '2 min'],
    [3660, '1 h 1 min'],
    [48 * 3600, '2 d 0 h'],
    [144 * 3600, '6 d 0 h'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

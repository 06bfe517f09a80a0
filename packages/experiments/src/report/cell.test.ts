import { describe, expect, test } from '@jest/globals';
import { finishedRun } from '../../test/finished-run.ts';
import { cellOf, groupRuns, imagesOf } from './cell.ts';

describe('groupRuns and cellOf', () => {
  test('folds are one set of images; seeds are averaged, their spread beside it', () => {
    const runs = [
      finishedRun({ fold: '0', folds: 2, seed: 0, aji: { a: 0.2, b: 0.4 } }),
      finishedRun({ fold: '1', folds: 2, seed: 0, aji: { c: 0.6 } }),
      finishedRun({ fold: '0', folds: 2, seed: 1, aji: { a: 0.6, b: 0.6 } }),
      finishedRun({ fold: '1', folds: 2, seed: 1, aji: { c: 0.6 } }),
    ];
    const [group] = groupRuns(runs);
    const cell = cellOf(group, 'aji')!;
    // Seed 0: 0.2 0.4 0.6, mean 0.4, variance 0.08 / 3; seed 1: all 0.6. Means 0.4 and 0.6.
    expect(cell.mean).toBeCloseTo(0.5, 12);
    expect(cell.std).toBeCloseTo(Math.sqrt(0.08 / 3) / 2, 12);
    expect(cell.seedStd).toBeCloseTo(Math.SQRT1_2 * 0.2, 12);
    expect([cell.images, cell.scale.folds, cell.scale.seeds, cell.scale.testImages]).toEqual([3, 2, 2, 3]);
    expect(imagesOf(group).map(({ name, aji }) => [name, aji])).toEqual([
      ['a', 0.4],
      ['b', 0.5],
      ['c', 0.6],
    ]);
  });

  test('undefined scores are left out; a cell without any is none', () => {
    const [group] = groupRuns([finishedRun({ aji: { a: null, b: 0.4 } })]);
    expect(cellOf(group, 'aji')).toMatchObject({ mean: 0.4, std: 0, seedStd: null, images: 1 });
    const [none] = groupRuns([finishedRun({ aji: { a: null } })]);
    expect(cellOf(none, 'aji')).toBeNull();
  });

  test('groups of images are theirs alone', () => {
    const [group] = groupRuns([finishedRun({ aji: { a: 0.2, b: 0.4 }, groups: { seen: ['a'], unseen: ['b'] } })]);
    expect([cellOf(group, 'aji', 'seen')?.mean, cellOf(group, 'aji', 'unseen')?.mean]).toEqual([0.2, 0.4]);
    expect(cellOf(group, 'aji', 'other')).toBeNull();
  });

  test('refuses to average what is not the same', () => {
    const runs = [finishedRun({ aji: { a: 1 } }), finishedRun({ seed: 1, iterations: 70, aji: { a: 1 } })];
    expect(() => groupRuns(runs)).toThrow(
      'tnbc/pffnet/0/0 and tnbc/pffnet/0/1 are runs of pffnet on tnbc that cannot be averaged: training.iterations was 60, now 70; report them separately',
    );
    expect(() => groupRuns([runs[0], runs[0]])).toThrow(/are the same run; report them separately$/);
  });
});

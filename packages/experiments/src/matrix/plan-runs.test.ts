import { describe, expect, test } from '@jest/globals';
import { type PffnetConfig, presets } from '@pffnet/pffnet';
import type { ConfigPatch } from '@pffnet/network';
import { paperTables } from '../paper/paper-tables.ts';
import { matrices } from './matrices.ts';
import type { Matrix } from './matrix.ts';
import { planRuns } from './plan-runs.ts';
import { protocols } from './protocols.ts';
import { choose } from './read-matrix.ts';
import { builtVariant, builtVariants } from './variants.ts';

const matrixOf = (name: string): Matrix => matrices.find((matrix) => matrix.name === name)!;
const idsOf = (name: string): string[] => planRuns(matrixOf(name)).map(({ id }) => id);

describe('planRuns', () => {
  test('Table IX on TNBC is four networks by three folds; (d) is PFFNet', () => {
    expect(planRuns(choose(matrixOf('table-ix'), { datasets: ['tnbc'] })).map(({ id }) => id)).toEqual(
      ['replacement', 'summation', 'attention', 'pffnet'].flatMap((variant) =>
        ['0', '1', '2'].map((fold) => `tnbc/${variant}/fold-${fold}/seed-0`),
      ),
    );
  });

  test('counts of trainings are those of the paper, and those of rows that it quotes', () => {
    // II 4 and DIST; IV 12; V 4; VI 12; VII PFFNet, deep colouring and discriminative loss; IX four fusions on 3 + 1 + 3; XII 2 and NuClick.
    expect(['ii', 'iv', 'v', 'vi', 'vii', 'ix', 'xii'].map((table) => idsOf(`table-${table}`).length)).toEqual([
      5, 12, 4, 12, 3, 28, 3,
    ]);
  });

  test('tables share runs: the whole paper trains each network once per data set and fold', () => {
    const all = idsOf('all');
    expect(new Set(all).size).toBe(all.length);
    for (const { name } of paperTables) expect(all).toEqual(expect.arrayContaining(idsOf(name)));
  });

  test('configs of a data set and seed differ in what the variant changes, and in nothing else', () => {
    const runs = planRuns(matrixOf('table-x')).filter(({ id }) => id.startsWith('tnbc/') && id.includes('fold-1'));
    const [without, whole] = runs.map(({ config }) => config as PffnetConfig);
    expect(without.instanceHead.quality).toEqual({ kind: 'none' });
    expect({ ...without, instanceHead: { ...without.instanceHead, quality: whole.instanceHead.quality } }).toEqual(
      whole,
    );
  });

  test('the full size is the preset paper with the data set’s schedule', () => {
    const [run] = planRuns(matrixOf('table-ii')).filter(({ variant }) => variant.name === 'pffnet');
    expect([run.config.training.iterations, (run.config as PffnetConfig).instanceHead.roiSampling.count]).toEqual([
      25600, 512,
    ]);
    const [{ config }] = planRuns(matrixOf('table-xii'));
    expect(config.training.patch.perImage).toBe(10);
  });

  test('ci has every network that is built, on cells and on patches of TNBC', () => {
    const names = builtVariants.map(({ name }) => name);
    expect(idsOf('ci')).toEqual([
      ...names.map((name) => `cells/${name}/seed-0`),
      ...names.map((name) => `tnbc-patches/${name}/fold-0/seed-0`),
    ]);
  });

  test('settings come before the variant: what is ablated stays ablated', () => {
    const matrix = choose(matrixOf('table-xi'), { datasets: ['tnbc'], folds: ['0'], set: ['loss.alpha2=0.5'] });
    expect(planRuns(matrix).map(({ variant, config }) => [variant.name, (config as PffnetConfig).loss.alpha2])).toEqual(
      [
        ['no-consistency', 0],
        ['pffnet', 0.5],
      ],
    );
  });

  test('every seed is a run of its own', () => {
    const matrix = choose(matrixOf('table-vii'), { variants: ['pffnet'], seeds: [3, 4], preset: 'smoke' });
    expect(planRuns(matrix).map(({ id, config }) => [id, config.seed, config.preset])).toEqual([
      ['cvppp-challenge/pffnet/seed-3', 3, 'smoke'],
      ['cvppp-challenge/pffnet/seed-4', 4, 'smoke'],
    ]);
  });

  const own = (patch: ConfigPatch): Matrix => ({
    name: 'own',
    about: '',
    preset: 'smoke',
    seeds: [0],
    settings: {},
    blocks: [
      {
        protocols: protocols.filter(({ name }) => name === 'cells'),
        variants: [builtVariant('pffnet')!, { name: 'pffnet', kind: 'two-stage', patches: [patch] }],
      },
    ],
  });

  test('a patch with a typo is refused before anything trains, naming the variant and the nearest key', () => {
    expect(() => planRuns(own({ loss: { alpha: 1 } }))).toThrow(
      'variant pffnet: vary: there is no key loss.alpha; did you mean alpha1?',
    );
  });

  test('two variants of one name that differ are refused', () => {
    expect(() => planRuns(own({ loss: { alpha1: 0.5 } }))).toThrow(
      'there are two variants pffnet that differ; expected one per name; rename one',
    );
    expect(planRuns(own({ loss: { alpha1: presets.smoke.loss.alpha1 } }))).toHaveLength(1);
  });
});

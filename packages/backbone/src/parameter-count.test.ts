import { describe, expect, test } from '@jest/globals';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import type { BackboneConfig } from './backbone-options.ts';
import { createBackbone } from './create-backbone.ts';
import { parameterCount } from './parameter-count.ts';

const paper: BackboneConfig = {
  depth: 101,
  width: 64,
  pyramidChannels: 256,
  norm: { kind: 'group', groups: 32 },
  freezeStages: 2,
  strideIn: '3x3',
};

describe('parameterCount', () => {
  test('gives the published 42.50 and 3.35 million of ResNet-101 and its pyramid', () => {
    expect(parameterCount(paper)).toEqual({ trunk: 42_500_160, pyramid: 3_346_432 });
  });

  // Totals of torchvision's models less the classifier's (features + 1) * 1000.
  test.each([
    { depth: 18, total: 11_689_512, features: 512 },
    { depth: 34, total: 21_797_672, features: 512 },
    { depth: 50, total: 25_557_032, features: 2048 },
    { depth: 101, total: 44_549_160, features: 2048 },
  ] as const)('agrees with torchvision at depth $depth', ({ depth, total, features }) => {
    expect(parameterCount({ ...paper, depth }).trunk).toBe(total - (features + 1) * 1000);
  });

  test.each([
    { depth: 18, norm: { kind: 'group', groups: 4 }, strideIn: '3x3' },
    { depth: 18, norm: { kind: 'frozen-affine' }, strideIn: '3x3' },
    { depth: 34, norm: { kind: 'group', groups: 2 }, strideIn: '3x3' },
    { depth: 50, norm: { kind: 'group', groups: 4 }, strideIn: '1x1' },
    { depth: 50, norm: { kind: 'frozen-affine' }, strideIn: '1x1' },
  ] as const)('counts what createBackbone declares: $depth, $norm.kind', ({ depth, norm, strideIn }) => {
    using scope = ParamScope.root(1);
    const config = { ...paper, depth, norm, strideIn, width: 4, pyramidChannels: 8 };
    createBackbone(scope, config);
    const sizes = [...scope.variables()].map(([path, { size }]) => ({ pyramid: path.startsWith('pyramid/'), size }));
    const sum = (pyramid: boolean): number =>
      sizes.filter((each) => each.pyramid === pyramid).reduce((total, { size }) => total + size, 0);
    expect(parameterCount(config)).toEqual({ trunk: sum(false), pyramid: sum(true) });
  });
});

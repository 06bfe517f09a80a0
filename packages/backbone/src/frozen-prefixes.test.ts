import { describe, expect, test } from '@jest/globals';
import { ParamScope } from '@pffnet/tensor-ops';
import '@pffnet/tensor-ops/testing';
import type { BackboneConfig } from './backbone-options.ts';
import { createBackbone } from './create-backbone.ts';
import { frozenPrefixes } from './frozen-prefixes.ts';

const tiny: BackboneConfig = {
  depth: 50,
  width: 2,
  pyramidChannels: 2,
  norm: { kind: 'group', groups: 2 },
  freezeStages: 2,
  strideIn: '3x3',
};

/** The paths of a backbone that no prefix covers. */
function training(config: BackboneConfig): string[] {
  using scope = ParamScope.root(1);
  createBackbone(scope, config);
  const frozen = frozenPrefixes(config);
  return [...scope.variables().keys()].filter((path) => !frozen.some((prefix) => path.startsWith(prefix)));
}

describe('frozenPrefixes', () => {
  test('freezes the stem and C2, as the released code does', () => {
    expect(frozenPrefixes(tiny)).toEqual(['stem', 'stage2']);
  });

  test('freezes nothing under group norm when no stage is frozen', () => {
    expect(frozenPrefixes({ ...tiny, freezeStages: 0 })).toEqual([]);
  });

  test.each([
    { freezeStages: 0, first: 'stem/' },
    { freezeStages: 1, first: 'stage2/' },
    { freezeStages: 2, first: 'stage3/' },
    { freezeStages: 3, first: 'stage4/' },
    { freezeStages: 4, first: 'stage5/' },
  ] as const)(
    'lets everything train from $first on when $freezeStages stages are frozen',
    ({ freezeStages, first }) => {
      const parts = ['stem/', 'stage2/', 'stage3/', 'stage4/', 'stage5/', 'pyramid/'];
      const paths = training({ ...tiny, freezeStages });
      const seen = parts.filter((part) => paths.some((path) => path.startsWith(part)));
      expect(seen).toEqual(parts.slice(parts.indexOf(first)));
      expect(paths).toContain('stage5/block0/shortcut/norm/scale');
    },
  );

  test('leaves kernels and the biases of the pyramid to train under a frozen affine', () => {
    const paths = training({ ...tiny, norm: { kind: 'frozen-affine' } });
    expect(paths).toContain('stage3/block0/conv1/kernel');
    expect(paths).toContain('pyramid/output2/conv/bias');
    expect(paths.filter((path) => !/kernel$|^pyramid.*bias$/.test(path))).toEqual([]);
  });
});

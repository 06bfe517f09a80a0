import { describe, expect, test } from '@jest/globals';
import { mergeConfig } from '@pffnet/network';
import { ConfigError } from '@pffnet/structures';
import { configSchema, type PffnetConfig } from './config.ts';
import { readAs } from './fidelity.ts';
import { presets } from './presets/index.ts';
import { vary } from './vary.ts';

type PyramidMap = Extract<PffnetConfig['instanceSemantics'], { kind: 'pyramid-map' }>;
type Attention = Extract<PyramidMap['fusion'], { kind: 'residual-attention' }>;

describe('vary', () => {
  test('merges key by key and leaves the base as it was', () => {
    const before = structuredClone(presets.smoke);
    const varied = vary(presets.smoke, { loss: { alpha1: 2 }, training: { patch: { size: 64 } } });
    expect(varied.loss).toEqual({ alpha1: 2, alpha2: 1, rois: 0 });
    expect(varied.training).toEqual({ ...presets.smoke.training, patch: { size: 64, perImage: 1 } });
    expect(presets.smoke).toEqual(before);
  });

  test('another kind keeps the keys that both kinds have, takes its defaults, and asks for what has none', () => {
    const released = readAs('released-code', presets.smoke);
    const { compose: _, ...shared } = (released.instanceSemantics as PyramidMap).fusion as Attention;
    expect(
      (vary(released, { instanceSemantics: { fusion: { kind: 'attention' } } }).instanceSemantics as PyramidMap).fusion,
    ).toEqual({ ...shared, kind: 'attention', compose: 'sequential' });
    expect(vary(presets.smoke, { instanceHead: { mask: { kind: 'deconv' } } }).instanceHead.mask).toEqual({
      kind: 'deconv',
      channels: 32,
    });
    const without = vary(presets.smoke, { semanticHead: { kind: 'none' } });
    expect(without.semanticHead).toEqual({ kind: 'none' });
    expect(() => vary(without, { semanticHead: { kind: 'gcn' } })).toThrow(
      new ConfigError('vary: semanticHead.kernel is missing; expected number'),
    );
  });

  const percentile = { kind: 'percentile', low: 1, high: 99 };
  test.each([
    [
      'the same kind merges',
      { mask: { kind: 'dual', channels: 8 } },
      { mask: { kind: 'dual', channels: 4 } },
      { mask: { kind: 'dual', channels: 4 } },
    ],
    ['no kind merges', { loss: { alpha1: 1, alpha2: 1 } }, { loss: { alpha1: 2 } }, { loss: { alpha1: 2, alpha2: 1 } }],
    [
      'another kind drops what it does not know',
      { input: { scaling: percentile } },
      { input: { scaling: { kind: 'range' } } },
      { input: { scaling: { kind: 'range' } } },
    ],
    [
      'an unknown kind keeps nothing, to be refused later',
      { input: { scaling: percentile } },
      { input: { scaling: { kind: 'rnage' } } },
      { input: { scaling: { kind: 'rnage' } } },
    ],
    ['arrays are replaced', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['null is a value', { a: 1 }, { a: null }, { a: null }],
    ['undefined is none', { a: 1 }, { a: undefined }, { a: 1 }],
    ['new keys stay, to be refused later', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ])('%s', (_, base, patch, expected) => {
    expect(mergeConfig(base, patch, configSchema)).toEqual(expected);
  });
});

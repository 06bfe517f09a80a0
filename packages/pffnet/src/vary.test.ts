import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '@pffnet/tensor-ops/structures';
import { presets } from './presets/index.ts';
import { merge, vary } from './vary.ts';

describe('vary', () => {
  test('merges key by key and leaves the base as it was', () => {
    const before = structuredClone(presets.smoke);
    const varied = vary(presets.smoke, { loss: { alpha1: 2 }, training: { patch: { size: 64 } } });
    expect(varied.loss).toEqual({ alpha1: 2, alpha2: 1 });
    expect(varied.training).toEqual({ ...presets.smoke.training, patch: { size: 64, perImage: 1 } });
    expect(presets.smoke).toEqual(before);
  });

  test('gives another kind its defaults, and asks for what has none', () => {
    expect(vary(presets.smoke, { instanceSemantics: { fusion: { kind: 'summation' } } }).instanceSemantics).toEqual({
      kind: 'pyramid-map',
      boxes: 'refined',
      fusion: { kind: 'summation', head: 'refine', detachMask: false, window: 'exact' },
    });
    expect(() => vary(presets.smoke, { instanceHead: { mask: { kind: 'deconv' } } })).toThrow(
      new ConfigError('vary: instanceHead.mask.channels is missing; expected number'),
    );
  });

  test.each([
    ['another kind replaces the object', { kind: 'a', x: 1 }, { kind: 'b' }, { kind: 'b' }],
    ['the same kind merges', { kind: 'a', x: 1, y: 2 }, { kind: 'a', y: 3 }, { kind: 'a', x: 1, y: 3 }],
    ['no kind merges', { kind: 'a', x: 1 }, { x: 2 }, { kind: 'a', x: 2 }],
    ['arrays are replaced', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['null is a value', { a: 1 }, { a: null }, { a: null }],
    ['undefined is none', { a: 1 }, { a: undefined }, { a: 1 }],
    ['new keys stay, to be refused later', { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
  ])('%s', (_, base, patch, expected) => {
    expect(merge(base, patch)).toEqual(expected);
  });
});

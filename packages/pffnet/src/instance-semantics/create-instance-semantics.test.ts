import { describe, expect, test } from '@jest/globals';
import { loadBackend } from '@pffnet/backends';
import { ConfigError } from '@pffnet/structures';
import { ParamScope } from '@pffnet/tensor-ops';
import { createInstanceSemantics, decidesLabelMaps, termsOfInstanceSemantics } from './create-instance-semantics.ts';
import { type InstanceSemanticsOptions, instanceSemanticsKinds, instanceSemanticsSchema } from './kinds.ts';

await loadBackend('wasm');

const options = (kind: string): InstanceSemanticsOptions =>
  instanceSemanticsSchema.parse(
    kind === 'pyramid-map' ? { kind, boxes: 'refined', fusion: { kind: 'none' } } : { kind },
  );
const weights = { alpha1: 0.1, alpha2: 1, semantic: true };
const context = { pyramidChannels: 8, geometry: 'continuous', initialOutputs: 'published', alpha2: 1 } as const;

describe('kinds of second semantic prediction', () => {
  test.each([
    ['none', [], [], false],
    ['pyramid-map', ['fused-semantic', 'consistency'], ['map/bias', 'map/kernel'], false],
    ['panoptic', ['panoptic'], [], false],
    [
      'spatial-ranking',
      ['ranking'],
      ['ranking/across/bias', 'ranking/across/kernel', 'ranking/down/bias', 'ranking/down/kernel'],
      true,
    ],
  ])('%s: its loss terms, its parameters, and whether label maps need it', (kind, terms, parameters, needed) => {
    expect(termsOfInstanceSemantics(options(kind), weights).map(({ name }) => name)).toEqual(terms);
    const scope = ParamScope.root(0);
    const made = createInstanceSemantics(scope, options(kind), context);
    expect(made === null).toBe(kind === 'none');
    expect([...scope.variables().keys()].sort()).toEqual(parameters);
    expect(decidesLabelMaps(options(kind))).toBe(needed);
    expect(needed).toBe((made?.order ?? null) !== null);
    scope.dispose();
  });

  test('both semantic maps are compared where there are two and the weight is above 0', () => {
    const names = (changed: Partial<typeof weights>): string[] =>
      termsOfInstanceSemantics(options('pyramid-map'), { ...weights, ...changed }).map(({ name }) => name);
    expect(names({ semantic: false })).toEqual(['fused-semantic']);
    expect(names({ alpha2: 0 })).toEqual(['fused-semantic']);
  });

  test('a kind that there is not is answered with all that there are', () => {
    expect(() => termsOfInstanceSemantics({ kind: 'attention' } as never, weights)).toThrow(
      new ConfigError('instanceSemantics.kind: expected none, pyramid-map, panoptic or spatial-ranking, got attention'),
    );
    expect(instanceSemanticsKinds).toHaveLength(4);
  });
});

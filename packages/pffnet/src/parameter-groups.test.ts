import { describe, expect, test } from '@jest/globals';
import '@pffnet/tensor-ops/testing';
import { tiny } from '../test/tiny.ts';
import { createPffnet } from './create-pffnet.ts';
import { parameterGroups } from './parameter-groups.ts';
import { variants } from './variants.ts';
import { vary } from './vary.ts';

describe('parameterGroups', () => {
  test('puts every parameter of the network into one group', () => {
    const { scope, groups, trainable } = createPffnet(tiny);
    expect([...groups.keys()]).toEqual(['trunk', 'detector', 'semantic', 'fusion', 'quality']);
    expect([...groups.values()].flat().sort()).toEqual([...trainable.keys()].sort());
    scope.dispose();
  });

  test('has no group for what a network does not have', () => {
    const { scope, groups } = createPffnet(vary(tiny, variants['mask-rcnn']));
    expect([...groups.keys()]).toEqual(['trunk', 'detector']);
    scope.dispose();
  });

  test('leaves out paths that it does not know', () => {
    expect(parameterGroups(['mine/kernel', 'backbone/stem/kernel'])).toEqual(
      new Map([['trunk', ['backbone/stem/kernel']]]),
    );
    expect(parameterGroups([]).size).toBe(0);
  });
});

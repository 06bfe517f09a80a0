import { describe, expect, test } from '@jest/globals';
import { memory } from '@tensorflow/tfjs-core';
import { ShapeError } from '@pffnet/structures';
import '../testing/index.ts';
import { constant, normal } from './initializers.ts';
import { ParamScope } from './param-scope.ts';

const values = (scope: ParamScope, path: string): number[] => [...(scope.variables().get(path)?.dataSync() ?? [])];

describe('ParamScope', () => {
  test('names a variable by its path', () => {
    using root = ParamScope.root(1);
    const fusion = root.child('fusion');
    const kernel = fusion.child('refine').param('kernel', [2], constant(3));
    root.param('bias', [1], constant(0));
    expect([...root.variables().keys()]).toEqual(['fusion/refine/kernel', 'bias']);
    expect([...fusion.variables().keys()]).toEqual(['fusion/refine/kernel']);
    expect(root.variables().get('fusion/refine/kernel')).toBe(kernel);
    expect(kernel).toBeAllClose([3, 3], { atol: 0, rtol: 0 });
    expect(kernel.trainable).toBe(true);
  });

  test('lists only what lies below, not a neighbour whose name begins alike', () => {
    using root = ParamScope.root(1);
    root.child('head').param('a', [1], constant(0));
    root.child('head2').param('a', [1], constant(0));
    expect([...root.child('head').variables().keys()]).toEqual(['head/a']);
    expect(root.child('nothing').variables().size).toBe(0);
  });

  test('draws a start from the seed and the path alone', () => {
    const build = (seed: number, middle: string): ParamScope => {
      const root = ParamScope.root(seed);
      root.child('backbone').param('kernel', [4], normal(1));
      root.child(middle).param('kernel', [5], normal(1));
      root.child('head').param('kernel', [4], normal(1));
      return root;
    };
    using one = build(3, 'fusion');
    using swapped = build(3, 'other');
    using reseeded = build(4, 'fusion');
    for (const path of ['backbone/kernel', 'head/kernel']) {
      expect(values(swapped, path)).toEqual(values(one, path));
      expect(values(reseeded, path)).not.toEqual(values(one, path));
    }
    expect(values(one, 'head/kernel')).not.toEqual(values(one, 'backbone/kernel'));
  });

  test('starts at the values of its source and draws nothing', () => {
    const stored = new Map([['head/kernel', Float32Array.of(1, 2, 3, 4)]]);
    const asked: string[] = [];
    using root = ParamScope.from((path, shape) => {
      asked.push(`${path} [${shape.join(', ')}]`);
      return stored.get(path) ?? new Float32Array(1);
    });
    const drawn = (): never => {
      throw new Error('initial values were drawn');
    };
    const kernel = root.child('head').param('kernel', [2, 2], drawn);
    root.param('bias', [1], drawn);
    expect(asked).toEqual(['head/kernel [2, 2]', 'bias [1]']);
    expect(kernel.shape).toEqual([2, 2]);
    expect(values(root, 'head/kernel')).toEqual([1, 2, 3, 4]);
  });

  test('declares nothing when its source has no values', () => {
    const before = memory().numTensors;
    using root = ParamScope.from((path) => {
      throw new Error(`no ${path}`);
    });
    expect(() => root.param('a', [1], constant(0))).toThrow('no a');
    expect(root.variables().size).toBe(0);
    expect(memory().numTensors).toBe(before);
  });

  test('refuses the same path twice', () => {
    using root = ParamScope.root(1);
    root.child('head').param('kernel', [1], constant(0));
    expect(() => root.child('head').param('kernel', [1], constant(0))).toThrow(
      'ParamScope: parameter head/kernel is declared twice',
    );
  });

  test('assigns by path and leaves the others', () => {
    using root = ParamScope.root(1);
    const head = root.child('head');
    head.param('a', [1, 2], constant(1));
    head.param('b', [1], constant(2));
    const before = memory().numTensors;
    root.assign(new Map([['head/a', { shape: [1, 2], data: Float32Array.of(5, 6) }]]));
    expect(memory().numTensors).toBe(before);
    expect(values(root, 'head/a')).toEqual([5, 6]);
    expect(values(root, 'head/b')).toEqual([2]);
  });

  test('names a path that does not exist and a shape that differs', () => {
    using root = ParamScope.root(1);
    root.param('a', [1, 2], constant(1));
    const assign = (path: string, shape: number[]) => () =>
      root.assign(new Map([[path, { shape, data: new Float32Array(2) }]]));
    expect(assign('b', [1, 2])).toThrow(ShapeError);
    expect(assign('b', [1, 2])).toThrow('assign: there is no parameter b');
    expect(assign('a', [2, 1])).toThrow('assign: expected a [1, 2], got [2, 1]');
  });

  test('frees every variable, however it is closed', () => {
    const before = memory().numTensors;
    const root = ParamScope.root(1);
    root.child('head').param('a', [2], constant(1));
    root.dispose();
    {
      using scope = ParamScope.root(1);
      scope.param('a', [2], constant(1));
      expect(memory().numTensors).toBe(before + 1);
    }
    expect(memory().numTensors).toBe(before);
    expect(root.variables().size).toBe(0);
  });
});

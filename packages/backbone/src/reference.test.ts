// Forward passes of the paper's widths run on the WASM engine: the CPU engine would need half a minute for them.
import '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { setBackend, type Tensor4D } from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import { golden, type GoldenCase, nhwc } from '@pffnet/tensor-ops/testing';
import { referenceParams } from '../test/reference-params.ts';
import type { BackboneConfig } from './backbone-options.ts';
import { featurePyramid } from './feature-pyramid.ts';
import { planBackbone } from './plan-backbone.ts';
import { residualStage, resnet, type Stage, stem } from './resnet.ts';

const norm = { kind: 'group', groups: 32 } as const;
const paper: BackboneConfig = {
  depth: 101,
  width: 64,
  pyramidChannels: 256,
  norm,
  freezeStages: 2,
  strideIn: '3x3',
};

/** The input or stored result of a golden case, channels last. */
const map = (reference: GoldenCase, name: string): Tensor4D => nhwc(reference.plain(name)) as Tensor4D;

function expectStored(actual: Tensor4D, reference: GoldenCase, name: string): void {
  const expected = reference.plain(name);
  expect(actual.shape).toEqual(map(reference, name).shape);
  expect(actual).toBeAllClose(nhwc(expected), expected);
}

beforeAll(async () => {
  await setBackend('wasm');
});

describe('stem and residualStage', () => {
  /** The stages of the case, which has two blocks per stage, with the reference's parameters. */
  function stagesOf(reference: GoldenCase, scope: ParamScope): [Stage, Stage, Stage] {
    const plan = planBackbone({ ...paper, depth: 50 });
    const stages: [Stage, Stage, Stage] = [
      stem(scope, plan, norm),
      residualStage(scope, plan.stages[0].slice(0, 2), norm),
      residualStage(scope, plan.stages[1].slice(0, 2), norm),
    ];
    scope.assign(referenceParams(reference));
    return stages;
  }

  test('match the reference, each on the stored result before it', () => {
    const reference = golden('resnet_gn_blocks');
    using scope = ParamScope.root(1);
    const [first, second, third] = stagesOf(reference, scope);
    expectStored(first(map(reference, 'image')), reference, 'stem_out');
    expectStored(second(map(reference, 'stem_out')), reference, 'layer1_out');
    expectStored(third(map(reference, 'layer1_out')), reference, 'layer2_out');
    expectStored(third(map(reference, 'odd_in')), reference, 'odd_layer2_out');
  });

  test('match the reference from the image on, one after another', () => {
    const reference = golden('resnet_gn_blocks');
    using scope = ParamScope.root(1);
    const [first, second, third] = stagesOf(reference, scope);
    expectStored(third(second(first(map(reference, 'image')))), reference, 'layer2_out');
  });
});

describe('resnet', () => {
  test('matches the reference from image to C2, C3, C4 and C5 at depth 101', () => {
    const reference = golden('backbone_full');
    using scope = ParamScope.root(1);
    const [first, ...stages] = resnet(scope, planBackbone(paper), norm);
    const values = referenceParams(reference);
    expect([...values.keys()].sort()).toEqual([...scope.variables().keys()].sort());
    scope.assign(values);
    stages.reduce(
      (below, stage, index) => {
        const above = stage(below);
        expectStored(above, reference, `C${index + 2}`);
        return above;
      },
      first(map(reference, 'image')),
    );
  });
});

describe('featurePyramid', () => {
  test('matches the reference', () => {
    const reference = golden('fpn');
    using scope = ParamScope.root(1);
    const run = featurePyramid(scope, planBackbone(paper), norm);
    const values = referenceParams(reference);
    expect([...values.keys()].sort()).toEqual([...scope.variables().keys()].sort());
    scope.assign(values);
    const levels = run([map(reference, 'C2'), map(reference, 'C3'), map(reference, 'C4'), map(reference, 'C5')]);
    levels.forEach((level, index) => expectStored(level, reference, `P${index + 2}`));
  });
});

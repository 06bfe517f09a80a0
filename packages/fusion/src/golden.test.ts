import { describe, expect, test } from '@jest/globals';
import {
  fill,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  ones,
  sum,
  tensor,
  type Tensor,
  type Tensor4D,
  tidy,
  tile,
  transpose,
  valueAndGrads,
} from '@tensorflow/tfjs-core';
import { ParamScope } from '@pffnet/tensor-ops';
import type { Boxes } from '@pffnet/structures';
import { boxesFromXyxy, golden, type GoldenCase, goldenParam, nhwc } from '@pffnet/tensor-ops/testing';
import { createFusion } from './create-fusion.ts';
import type { PastingOptions } from './fusion-options.ts';
import type { FusionConfig } from './fusions.ts';

type AttentionConfig = Extract<FusionConfig, { kind: 'attention' }>;
type ResidualAttentionConfig = Extract<FusionConfig, { kind: 'residual-attention' }>;

const ours: PastingOptions = { head: 'refine', detachMask: false, window: 'exact', geometry: 'legacy' };
const released: PastingOptions = { ...ours, window: 'released-extent-swap' };
const attending = { ...ours, channels: 'both', compose: 'sequential' } as const;
const residual = (changes: Partial<ResidualAttentionConfig> = {}): ResidualAttentionConfig => ({
  ...attending,
  order: 'sigmoid-resize',
  ...changes,
  kind: 'residual-attention',
});
const attention = (changes: Partial<AttentionConfig> = {}): AttentionConfig => ({
  ...attending,
  order: 'sigmoid-resize',
  ...changes,
  kind: 'attention',
});
const late = { order: 'resize-sigmoid' } as const;

/** The released code runs these on square images only; there our switches for it must give its numbers. */
const releasedVariants: [string, FusionConfig][] = [
  ['released_attention', residual({ ...released, ...late, detachMask: true })],
  ['released_replace', { kind: 'replacement', ...released, head: 'none' }],
];
const variants: [string, FusionConfig][] = [
  ['own_replace', { kind: 'replacement', ...ours }],
  ['own_sum', { kind: 'summation', ...ours }],
  ['own_attention_rs', attention(late)],
  ['own_attention_sr', attention()],
  ['own_residual_rs', residual(late)],
  ['own_residual_sr', residual()],
];
const fusedOnly: [string, FusionConfig][] = (['sr', 'rs'] as const).flatMap((order): [string, FusionConfig][] => {
  const of = (changes: Partial<ResidualAttentionConfig>): FusionConfig =>
    residual(order === 'rs' ? { ...late, ...changes } : changes);
  return [
    [`own_residual_${order}_fg_to_both`, of({ channels: 'fg_to_both' })],
    [`own_residual_${order}_fg_only`, of({ channels: 'fg_only' })],
    [`own_residual_${order}_fg_complement`, of({ channels: 'fg_complement' })],
    [`own_residual_${order}_max`, of({ compose: 'max' })],
  ];
});
const cases = ['raff_square', 'raff_nonsquare', 'raff_nonsquare_rect_image'];

const inputsOf = ({ plain }: GoldenCase): { features: Tensor4D; maskLogits: Tensor4D; boxes: Boxes } => ({
  features: nhwc(plain('F0')) as Tensor4D,
  maskLogits: nhwc(plain('mask_logits')) as Tensor4D,
  boxes: boxesFromXyxy(plain('boxes')),
});

const withoutHead = (config: FusionConfig): FusionConfig =>
  config.kind === 'none' ? config : { ...config, head: 'none' };

const assignGolden = (scope: ParamScope, { tag, params }: GoldenCase): void => {
  const paths: Record<string, string> = { sem_block_3x3: 'refine', sem_block_1x1: 'project' };
  scope.assign(
    new Map(
      params.map(({ name, shape }) => {
        const [, block, leaf] = name.split('.');
        return [`${paths[block]}/${leaf === 'weight' ? 'kernel' : 'bias'}`, goldenParam(tag, name, shape)];
      }),
    ),
  );
};

describe.each(cases)('createFusion on %s', (name) => {
  const reference = golden(name);
  const { plain, scalars } = reference;
  const has = (key: string): boolean => Object.hasOwn((reference.json as { tensors: object }).tensors, key);
  const close = (actual: Tensor, key: string): void => expect(actual).toBeAllClose(nhwc(plain(key)), plain(key));

  test.each([...variants, ...releasedVariants].filter(([variant]) => has(`${variant}_out`)))(
    'matches %s: fused map, logits, cross-entropy and gradients',
    (variant, config) => {
      const { features, maskLogits, boxes } = inputsOf(reference);
      using bare = ParamScope.root(1);
      close(createFusion(bare, withoutHead(config)).fuse({ features, maskLogits, boxes }), `${variant}_fused`);

      using scope = ParamScope.root(1);
      const fusion = createFusion(scope, config);
      const refined = scope.variables().has('refine/kernel');
      if (refined) assignGolden(scope, reference);
      close(fusion.fuse({ features, maskLogits, boxes }), `${variant}_out`);

      const { data, shape } = plain('gt');
      const truth = oneHot(tensor(data, [...shape], 'int32'), 2);
      const crossEntropy = (f: Tensor, m: Tensor): Tensor => {
        const logits = fusion.fuse({ features: f as Tensor4D, maskLogits: m as Tensor4D, boxes });
        return neg(mean(sum(mul(truth, logSoftmax(logits)), -1)));
      };
      const parameters = refined
        ? [scope.variables().get('refine/kernel')!, scope.variables().get('project/kernel')!]
        : [];
      const { value, grads } = tidy(() =>
        valueAndGrads((f: Tensor, m: Tensor) => crossEntropy(f, m))([features, maskLogits, ...parameters]),
      );
      const stored = scalars[`${variant}_ce`];
      expect(value).toBeAllClose(stored.value as number, { atol: 0, rtol: stored.rtol });
      const [ofFeatures, ofMasks, ofRefine, ofProject] = grads;
      close(ofFeatures, `${variant}_grad_F0`);
      if (has(`${variant}_grad_mask_logits`)) close(ofMasks, `${variant}_grad_mask_logits`);
      else expect(ofMasks).toBeAllClose(new Float32Array(maskLogits.size), { atol: 0, rtol: 0 });
      for (const [gradient, key] of [
        [ofRefine, `${variant}_grad_w3`],
        [ofProject, `${variant}_grad_w1`],
      ] as const) {
        if (!has(key)) continue;
        const stored = plain(key);
        const hwio = transpose(tensor(stored.data, [...stored.shape]), [2, 3, 1, 0]);
        expect(gradient).toBeAllClose(hwio, stored);
      }
    },
  );

  test.each(fusedOnly)('matches %s: fused map', (variant, config) => {
    using scope = ParamScope.root(1);
    close(createFusion(scope, withoutHead(config)).fuse(inputsOf(reference)), `${variant}_fused`);
  });
});

describe('createFusion on raff_stress', () => {
  const { plain, scalars } = golden('raff_stress');
  const forty = {
    features: nhwc(plain('F0')) as Tensor4D,
    maskLogits: tile(nhwc(plain('mask_logits_single')) as Tensor4D, [40, 1, 1, 1]),
    boxes: Float32Array.from({ length: 160 }, (_, index) => boxesFromXyxy(plain('box_single'))[index % 4]),
  };
  const tall = {
    features: nhwc(plain('tall_F0')) as Tensor4D,
    maskLogits: nhwc(plain('tall_mask_logits')) as Tensor4D,
    boxes: boxesFromXyxy(plain('tall_box')),
  };

  test.each([
    ['fused_40', forty, residual({ ...late, head: 'none' })],
    ['fused_40_max', forty, residual({ ...late, head: 'none', compose: 'max' })],
    ['tall_own_fused', tall, residual({ ...late, head: 'none' })],
    ['tall_released_fused', tall, residual({ ...late, ...released, head: 'none' })],
  ])('matches %s', (key, inputs, config) => {
    using scope = ParamScope.root(1);
    expect(createFusion(scope, config).fuse(inputs)).toBeAllClose(nhwc(plain(key)), plain(key));
  });

  const table = scalars['released_crash_table'].value as { image_hw: [number, number]; box_xyxy: number[] }[];
  const kinds = [residual(), attention(), ...variants.slice(0, 2).map(([, config]) => config)];
  test.each(table)(
    'gives finite numbers where the release may raise: $box_xyxy in $image_hw',
    ({ image_hw, box_xyxy }) => {
      const features: Tensor4D = fill([1, ...image_hw, 2], 2);
      const maskLogits: Tensor4D = ones([1, 28, 28, 2]);
      const boxes = boxesFromXyxy({ shape: [1, 4], data: Float32Array.from(box_xyxy) });
      using scope = ParamScope.root(1);
      for (const config of kinds) {
        for (const window of ['exact', 'released-extent-swap'] as const) {
          const fused = createFusion(scope, { ...config, window, head: 'none' } as FusionConfig);
          const values = fused.fuse({ features, maskLogits, boxes }).dataSync();
          expect(values.every((value) => Number.isFinite(value))).toBe(true);
          // A mask of equal logits changes whole windows: what changed is the window, or what of it is in reach.
          const changed = values.filter((value) => value !== 2).length / 2;
          const [x1, y1, x2, y2] = box_xyxy;
          const [rows, columns] = [y2 - y1 + 1, x2 - x1 + 1];
          const reach = Math.min(...image_hw);
          const clip = (start: number, extent: number): number => Math.max(0, Math.min(start + extent, reach) - start);
          expect(changed).toBe(window === 'exact' ? rows * columns : clip(y1, columns) * clip(x1, rows));
        }
      }
    },
  );
});

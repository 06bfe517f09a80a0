import { type GoldenCase, goldenParam } from '@pffnet/tensor-ops/testing';
import type { PlainTensor } from '@pffnet/structures/safetensors';

/** A map that a matrix of the reference reads flattened: [channels, rows, columns]. */
type Flattened = readonly [number, number, number];

const ordinals = ['', 'first', 'second', 'third', 'fourth'];

/** How reference names become ours, whole name by whole name; `$n` in the path may be computed from the match. */
const rules: readonly (readonly [pattern: RegExp, path: (...groups: string[]) => string, flattened?: Flattened])[] = [
  [/^backbone\.body\.stem\.(conv|bn)1\.(\w+)$/, (layer, kind) => `backbone/stem/${part(layer, kind)}`],
  [
    /^backbone\.body\.layer(\d)\.(\d+)\.downsample\.(\d)\.(\w+)$/,
    (stage, block, layer, kind) => `backbone/stage${+stage + 1}/block${block}/shortcut/${part(layer, kind)}`,
  ],
  [
    /^backbone\.body\.layer(\d)\.(\d+)\.(conv|bn)(\d)\.(\w+)$/,
    (stage, block, layer, index, kind) =>
      `backbone/stage${+stage + 1}/block${block}/${layer === 'conv' ? `conv${index}/kernel` : `norm${index}/${affine(kind)}`}`,
  ],
  [
    /^backbone\.fpn\.fpn_inner(\d)\.(\d)\.(\w+)$/,
    (l, layer, kind) => `backbone/pyramid/lateral${+l + 1}/${part(layer, kind)}`,
  ],
  [
    /^backbone\.fpn\.fpn_layer(\d)\.(\d)\.(\w+)$/,
    (l, layer, kind) => `backbone/pyramid/output${+l + 1}/${part(layer, kind)}`,
  ],
  [/^backbone\.fpn\.sem_block_3x3\.(\w+)$/, (kind) => `map/${weight(kind)}`],
  [/^semseg\.semseg\.sem_final_block\.(\w+)$/, (kind) => `semantic/logits/${weight(kind)}`],
  [
    /^semseg\.semseg\.gcn_layer(\d)\.gcn_([lr])(\d)\.(\w+)$/,
    (level, side, index, kind) => {
      const order = side === 'l' ? ['tall', 'wide'] : ['wide', 'tall'];
      return `semantic/c${+level + 1}/large-kernel/${order.join('-')}/${order[+index - 1]}/${weight(kind)}`;
    },
  ],
  [
    /^semseg\.semseg\.res(2?)_layer(\d)\.conv_(\d)\.(\d)\.(\w+)$/,
    (own, level, index, layer, kind) =>
      `semantic/${own === '2' ? `c${+level + 1}/residual` : `c${level}/merge`}/${layer === '0' ? `conv${index}/kernel` : `norm${index}/${affine(kind)}`}`,
  ],
  [/^rpn\.head\.conv\.(\w+)$/, (kind) => `instance/rpn/hidden/${weight(kind)}`],
  [/^rpn\.head\.cls_logits\.(\w+)$/, (kind) => `instance/rpn/objectness/${weight(kind)}`],
  [/^rpn\.head\.bbox_pred\.(\w+)$/, (kind) => `instance/rpn/deltas/${weight(kind)}`],
  [
    /^roi_heads\.box\.feature_extractor\.fc6\.(\d)\.(\w+)$/,
    (layer, kind) => `instance/box/first/${densePart(layer, kind)}`,
    [256, 7, 7],
  ],
  [
    /^roi_heads\.box\.feature_extractor\.fc7\.(\d)\.(\w+)$/,
    (layer, kind) => `instance/box/second/${densePart(layer, kind)}`,
  ],
  [/^roi_heads\.box\.predictor\.cls_score\.(\w+)$/, (kind) => `instance/box/logits/${weight(kind)}`],
  [/^roi_heads\.box\.predictor\.bbox_pred\.(\w+)$/, (kind) => `instance/box/deltas/${weight(kind)}`],
  [
    /^roi_heads\.mask\.feature_extractor\.mask_fcn(\d)\.(\d)\.(\w+)$/,
    (index, layer, kind) => `instance/mask/trunk/${ordinals[+index]}/${part(layer, kind)}`,
  ],
  [
    /^roi_heads\.mask\.feature_extractor\.conv4_fc\.(\d)\.(\w+)$/,
    (layer, kind) => `instance/mask/connected/first/${part(layer, kind)}`,
  ],
  [
    /^roi_heads\.mask\.feature_extractor\.conv5_fc\.(\d)\.(\w+)$/,
    (layer, kind) => `instance/mask/connected/second/${part(layer, kind)}`,
  ],
  [
    /^roi_heads\.mask\.feature_extractor\.fc_final\.(\w+)$/,
    (kind) => `instance/mask/connected/map/${weight(kind)}`,
    [128, 14, 14],
  ],
  [/^roi_heads\.mask\.predictor\.conv5_mask\.(\w+)$/, (kind) => `instance/mask/convolutional/enlarge/${weight(kind)}`],
  [
    /^roi_heads\.mask\.predictor\.mask_fcn_final\.(\w+)$/,
    (kind) => `instance/mask/convolutional/logits/${weight(kind)}`,
  ],
  [
    /^roi_heads\.maskiou\.feature_extractor\.maskiou_fcn(\d)\.(\d)\.(\w+)$/,
    (index, layer, kind) => `instance/quality/${ordinals[+index]}/${part(layer, kind)}`,
  ],
  [
    /^roi_heads\.maskiou\.feature_extractor\.maskiou_fc1\.(\d)\.(\w+)$/,
    (layer, kind) => `instance/quality/connected1/${densePart(layer, kind)}`,
    [256, 7, 7],
  ],
  [
    /^roi_heads\.maskiou\.feature_extractor\.maskiou_fc2\.(\d)\.(\w+)$/,
    (layer, kind) => `instance/quality/connected2/${densePart(layer, kind)}`,
  ],
  [/^roi_heads\.maskiou\.predictor\.maskiou\.(\w+)$/, (kind) => `instance/quality/quality/${weight(kind)}`],
  [/^roi_feature_fusion\.sem_block_3x3\.(\w+)$/, (kind) => `fusion/refine/${weight(kind)}`],
  [/^roi_feature_fusion\.sem_block_1x1\.(\w+)$/, (kind) => `fusion/project/${weight(kind)}`],
];

/** Layers whose outputs the reference orders otherwise, or has more of: our output i is its output order[i]. */
const outputOrders: Readonly<Record<string, readonly number[]>> = {
  // (dx, dy, dw, dh) per anchor there, (dy, dx, dh, dw) here.
  'instance/rpn/deltas': [0, 1, 2].flatMap((anchor) => [1, 0, 3, 2].map((delta) => anchor * 4 + delta)),
  // Two classes there, of which the background's deltas and quality are never used.
  'instance/box/deltas': [5, 4, 7, 6],
  'instance/quality/quality': [1],
};

/** Our path of a reference parameter, or undefined for one that the release builds and never uses. */
export function pathOf(reference: string): string | undefined {
  return matching(reference)?.path;
}

/** The weights of a whole-network case, by our paths and in our layouts. */
export function referenceWeights({ tag, params }: GoldenCase, unused: readonly string[]): Map<string, PlainTensor> {
  const weights = new Map<string, PlainTensor>();
  for (const { name, shape } of params) {
    if (unused.includes(name)) continue;
    const found = matching(name);
    if (found === undefined) throw new Error(`no path for the reference's ${name}`);
    const { path, flattened } = found;
    const value = goldenParam(tag, name, shape, shape.length === 2 ? flattened : undefined);
    const order = outputOrders[path.slice(0, path.lastIndexOf('/'))] as readonly number[] | undefined;
    weights.set(path, order === undefined ? value : takeOutputs(value, order));
  }
  return weights;
}

function matching(reference: string): { path: string; flattened: Flattened | undefined } | undefined {
  for (const [pattern, path, flattened] of rules) {
    const match = pattern.exec(reference);
    if (match !== null) return { path: path(...match.slice(1)), flattened };
  }
  return undefined;
}

function takeOutputs({ shape, data }: PlainTensor, order: readonly number[]): PlainTensor {
  const outputs = shape[shape.length - 1];
  const rows = data.length / outputs;
  const taken = new Float32Array(rows * order.length);
  for (let row = 0; row < rows; row++) {
    order.forEach((output, index) => {
      taken[row * order.length + index] = data[row * outputs + output];
    });
  }
  return { shape: [...shape.slice(0, -1), order.length], data: taken };
}

function weight(kind: string): string {
  return kind === 'bias' ? 'bias' : 'kernel';
}

function affine(kind: string): string {
  return kind === 'bias' ? 'shift' : 'scale';
}

/** `0` or `conv` is the convolution of a block, `1` or `bn` its group norm. */
function part(layer: string, kind: string): string {
  return layer === '0' || layer === 'conv' ? 'conv/kernel' : `norm/${affine(kind)}`;
}

function densePart(layer: string, kind: string): string {
  return layer === '0' ? 'dense/kernel' : `norm/${affine(kind)}`;
}

import { clone, customGrad, type Tensor, type Tensor4D, tidy, zeros } from '@tensorflow/tfjs-core';
import { assertShape, type ParamScope } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import type { FeatureFusion, FusionInputs } from './feature-fusion.ts';
import type { PastingOptions } from './fusion-options.ts';
import { type Placement, placeMasks } from './placement.ts';
import { fusionHead } from './refine-head.ts';

/** How masks change a map, in two steps, so that the first may be cut off from the gradient. */
export interface FusionRule {
  /** What all masks together have to say: [1, h, w, 2]. There is at least one. */
  effect(maskLogits: Tensor4D, placement: Placement): Tensor4D;
  /** The map [1, h, w, 2] after the effect. */
  apply(features: Tensor4D, effect: Tensor4D, placement: Placement): Tensor4D;
}

/** Pastes masks into their boxes and changes the semantic map by a rule; then come the head's layers. */
export class PastingFusion implements FeatureFusion {
  readonly #options: PastingOptions;
  readonly #rule: FusionRule;
  readonly #head: (fused: Tensor4D) => Tensor4D;

  constructor(scope: ParamScope, options: PastingOptions, rule: FusionRule) {
    this.#options = options;
    this.#rule = rule;
    this.#head = fusionHead(scope, options.head, options.initialOutputs);
  }

  fuse({ features, maskLogits, boxes }: FusionInputs): Tensor4D {
    assertShape('fuse', 'features', features, [1, 'h', 'w', 2]);
    assertShape('fuse', 'maskLogits', maskLogits, ['n', 's', 's', 2]);
    const count = maskLogits.shape[0];
    if (boxes.length !== count * 4) {
      throw new ShapeError(`fuse: expected boxes [${count * 4}] for ${count} masks, got [${boxes.length}]`);
    }
    if (count === 0) return tidy(() => this.#head(fuseNothing(features, maskLogits)));
    const [, height, width] = features.shape;
    const { detachMask, window, geometry } = this.#options;
    const placement = placeMasks(boxes, { height, width }, geometry, window);
    return tidy(() => {
      const effectOf = (masks: Tensor4D): Tensor4D => this.#rule.effect(masks, placement);
      const effect = (detachMask ? detached(effectOf) : effectOf)(maskLogits);
      return this.#head(this.#rule.apply(features, effect, placement));
    });
  }
}

/** The map as it is, with the gradient that no masks have, so that whatever made them gets one too. */
function fuseNothing(features: Tensor4D, maskLogits: Tensor4D): Tensor4D {
  const { shape } = maskLogits;
  return customGrad(() => ({ value: clone(features), gradFunc: (dy: Tensor) => [dy, zeros(shape)] }))(
    features,
    maskLogits,
  ) as Tensor4D;
}

/** The same function with a gradient of zero; nothing inside it is recorded. */
function detached(run: (x: Tensor4D) => Tensor4D): (x: Tensor4D) => Tensor4D {
  return (x) => {
    const { shape } = x;
    return customGrad(() => ({ value: run(x), gradFunc: () => zeros(shape) }))(x) as Tensor4D;
  };
}

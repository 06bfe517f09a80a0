import { type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { ParamScope } from '@pffnet/tensor-ops';
import { ShapeError } from '@pffnet/structures';
import type { Backbone, Pyramid } from './backbone.ts';
import type { BackboneConfig } from './backbone-options.ts';
import { featurePyramid } from './feature-pyramid.ts';
import { planBackbone } from './plan-backbone.ts';
import { resnet } from './resnet.ts';

/**
 * Builds a ResNet with a feature pyramid.
 * @param scope - receives the parameters: `stem/conv/kernel`, `stage2/block0/norm1/scale`,
 * `pyramid/lateral2/conv/kernel` and so on.
 * @throws ConfigError if a value of the config does not fit.
 * @remarks Source: paper §III-A, He et al. 2016 and Lin et al. 2017.
 */
export function createBackbone(scope: ParamScope, config: BackboneConfig): Backbone {
  const plan = planBackbone(config);
  const [stem, stage2, stage3, stage4, stage5] = resnet(scope, plan, config.norm);
  const pyramid = featurePyramid(scope, plan, config.norm);
  return {
    bottomUpChannels: plan.bottomUpChannels,
    pyramidChannels: config.pyramidChannels,
    extract(image): Pyramid {
      assertImage(image);
      return tidy(() => {
        const c2 = stage2(stem(image));
        const c3 = stage3(c2);
        const c4 = stage4(c3);
        const c: [Tensor4D, Tensor4D, Tensor4D, Tensor4D] = [c2, c3, c4, stage5(c4)];
        return { c, p: pyramid(c) };
      });
    },
  };
}

/** The coarsest map of the trunk, C5, covers 32 x 32 image pixels per cell. */
const COARSEST_STRIDE = 32;

function assertImage({ shape }: Tensor4D): void {
  const [images, height, width, channels] = shape;
  const isMultiple = (size: number): boolean => size > 0 && size % COARSEST_STRIDE === 0;
  if (shape.length !== 4 || images !== 1 || channels !== 3 || !isMultiple(height) || !isMultiple(width)) {
    throw new ShapeError(
      `extract: expected image [1, h, w, 3] with h and w multiples of ${COARSEST_STRIDE}, got [${shape.join(', ')}]; pad it`,
    );
  }
}

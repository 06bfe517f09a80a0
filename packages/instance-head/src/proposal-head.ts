import { relu, type Tensor4D } from '@tensorflow/tfjs-core';
import { constant, conv2d, normal, type ParamScope } from '@pffnet/tensor-ops';

/** What the proposal network says about every anchor; per level, in the order of the pyramid. */
export interface RpnOutput {
  /** [1, h, w, channels] the hidden layer that both others read. */
  readonly features: Tensor4D[];
  /** [1, h, w, a] logits: is there an object? */
  readonly objectness: Tensor4D[];
  /** [1, h, w, 4a] deltas from each anchor, channel = anchor * 4 + (dy, dx, dh, dw). */
  readonly deltas: Tensor4D[];
}

/** The proposal network's shape. */
export interface ProposalHeadSpec {
  /** Channels of the pyramid, and of the one hidden convolution. */
  readonly channels: number;
  /** Anchors per cell. */
  readonly anchors: number;
  /** Logit of "an object is here" before anything is learned; 0 by default. */
  readonly objectLogit?: number;
}

/**
 * The region proposal network: one 3x3 convolution and two 1x1 ones, the same for every level.
 * @returns a function of the pyramid, [1, h, w, channels] per level.
 * @remarks Source: Ren et al. 2015, section 3.1, without group norm as in the released code; N(0, 0.01) at the start.
 */
export function proposalHead(
  scope: ParamScope,
  { channels, anchors, objectLogit = 0 }: ProposalHeadSpec,
): (pyramid: readonly Tensor4D[]) => RpnOutput {
  const init = normal(0.01);
  const hidden = conv2d(scope.child('hidden'), { kernel: 3, inChannels: channels, outChannels: channels, init });
  const objectness = conv2d(scope.child('objectness'), {
    kernel: 1,
    inChannels: channels,
    outChannels: anchors,
    init,
    biasInit: constant(objectLogit),
  });
  const deltas = conv2d(scope.child('deltas'), { kernel: 1, inChannels: channels, outChannels: 4 * anchors, init });
  return (pyramid) => {
    const features = pyramid.map((level): Tensor4D => relu(hidden(level)));
    return { features, objectness: features.map(objectness), deltas: features.map(deltas) };
  };
}

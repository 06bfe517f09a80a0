import { add, mean, mul, reshape, sigmoid, sub, type Tensor4D } from '@tensorflow/tfjs-core';
import { conv2d, groupNorm, type ParamScope } from '@pffnet/tensor-ops';

/** Channels of what attends and of what is attended to. */
export interface BackgroundAttentionSpec {
  /** Channels of the map of objects. */
  readonly objectChannels: number;
  /** Channels of the semantic map. */
  readonly channels: number;
  /** Divides `channels`. */
  readonly groups: number;
}

/** (semantic map [1, h, w, c], map of objects [1, h, w, o]) -> [1, h, w, c]. */
export type BackgroundAttention = (map: Tensor4D, objects: Tensor4D) => Tensor4D;

/**
 * Raises a semantic map where a map of objects sees none, then the channels that matter:
 * s' = s (1 + (1 - sigmoid(conv1x1(objects)))), s'' = s' (1 + sigmoid(norm(conv1x1(mean of s' over pixels)))).
 *
 * Parameters: `attend` and, for the channels, `select` with `conv` and `norm`.
 * @remarks Source: Li et al. 2019 (AUNet), proposal and mask attention with the background-select gate; sources.md row 52.
 */
export function backgroundAttention(
  scope: ParamScope,
  { objectChannels, channels, groups }: BackgroundAttentionSpec,
): BackgroundAttention {
  const attend = conv2d(scope.child('attend'), { kernel: 1, inChannels: objectChannels, outChannels: 1 });
  const select = scope.child('select');
  const weigh = conv2d(select.child('conv'), { kernel: 1, inChannels: channels, outChannels: channels, bias: false });
  const normalize = groupNorm(select.child('norm'), { channels, groups });
  return (map, objects) => {
    const background = sub(1, sigmoid(attend(objects))); // [1, h, w, 1]
    const raised: Tensor4D = add(map, mul(map, background));
    const [, height, width] = raised.shape;
    const pooled: Tensor4D = reshape(mean(reshape(raised, [height * width, channels]), 0), [1, 1, 1, channels]);
    const gate = sigmoid(normalize(weigh(pooled)));
    return add(raised, mul(raised, gate));
  };
}

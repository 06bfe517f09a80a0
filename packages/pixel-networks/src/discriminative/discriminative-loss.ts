import type { LossTerms } from '@pffnet/network';
import { compactLabels, type LabelMap, ShapeError } from '@pffnet/structures';
import {
  add,
  div,
  expandDims,
  matMul,
  mean,
  mul,
  relu,
  type Scalar,
  scalar,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
} from '@tensorflow/tfjs-core';

/** How near embeddings of one object should lie, and how far those of two. */
export interface Margins {
  readonly pullMargin: number;
  readonly pushMargin: number;
}

/**
 * The discriminative loss of embeddings x with the mean m_a of each of n objects:
 * `pull`, mean over objects of the mean over their pixels of max(0, |m_a - x| - pullMargin)^2;
 * `push`, mean over ordered pairs of objects of max(0, 2 pushMargin - |m_a - m_b|)^2;
 * `regularisation`, mean over objects of |m_a|. All are 0 without objects, `push` also with one.
 * @param embeddings - [pixels, dimensions].
 * @param labels - as many pixels; background takes no part.
 * @throws ShapeError if there are not as many embeddings as pixels.
 * @remarks Source: De Brabandere et al. 2017, Eq. 1-4; sources.md row 47.
 */
export function discriminativeLoss(
  embeddings: Tensor2D,
  labels: LabelMap,
  { pullMargin, pushMargin }: Margins,
): LossTerms {
  const { labels: compact, ids } = compactLabels(labels);
  const [pixels, count] = [compact.data.length, ids.length];
  if (embeddings.shape[0] !== pixels) {
    throw new ShapeError(`discriminativeLoss: expected ${pixels} embeddings, got ${embeddings.shape[0]}`);
  }
  if (count === 0) return { pull: scalar(0), push: scalar(0), regularisation: scalar(0) };
  return tidy(() => {
    const { members, share } = membersOf(compact, count);
    const means: Tensor2D = matMul(mul(members, share), embeddings); // [objects, dimensions]
    const own: Tensor2D = matMul(members, means, true); // [pixels, dimensions]; zeros in the background
    const excess = relu(sub(lengthOf(sub(embeddings, own)), pullMargin));
    // 1 / pixels of the object in each of its pixels, 0 in the background.
    const weights = sum(mul(members, share), 0);
    const pull = div(sum(mul(weights, square(excess))), count) as Scalar;
    return { pull, push: pushOf(means, pushMargin), regularisation: mean(lengthOf(means)) as Scalar };
  });
}

/** Which pixels each object has, [objects, pixels] of 0 and 1; and 1 / their number, [objects, 1]. */
function membersOf({ data }: LabelMap, count: number): { members: Tensor2D; share: Tensor2D } {
  const members = new Float32Array(count * data.length);
  const areas = new Float32Array(count);
  for (let pixel = 0; pixel < data.length; pixel++) {
    if (data[pixel] === 0) continue;
    members[(data[pixel] - 1) * data.length + pixel] = 1;
    areas[data[pixel] - 1]++;
  }
  const share = areas.map((area) => 1 / area);
  return { members: tensor2d(members, [count, data.length]), share: tensor2d(share, [count, 1]) };
}

function pushOf(means: Tensor2D, margin: number): Scalar {
  const count = means.shape[0];
  if (count === 1) return scalar(0);
  const apart = lengthOf(sub(expandDims(means, 1), expandDims(means, 0))); // [objects, objects]
  const others = Float32Array.from({ length: count * count }, (_, pair) => (pair % (count + 1) === 0 ? 0 : 1));
  const lack = mul(square(relu(sub(2 * margin, apart))), tensor2d(others, [count, count]));
  return div(sum(lack), count * (count - 1)) as Scalar;
}

/** Lengths of vectors along the last axis; that of a zero vector is 1e-6, so that it has a gradient. */
const lengthOf = (vectors: Tensor): Tensor => sqrt(add(sum(square(vectors), -1), 1e-12));

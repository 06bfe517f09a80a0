import { customGrad, expandDims, mul, reshape, sum, type Tensor, tensor1d, type Tensor2D } from '@tensorflow/tfjs-core';

/**
 * Logit of foreground against background, x1 - x0: the softmax over two classes is the sigmoid of this difference.
 * @param logits - [..., 2] float32, background first.
 * @returns [positions], one number per pair.
 */
export function foregroundContrast(logits: Tensor): Tensor {
  return weighClasses(logits, [-1, 1]);
}

/** The foreground channel of [..., 2] logits as [positions], without a strided slice (slow on WASM). */
export function foregroundLogit(logits: Tensor): Tensor {
  return weighClasses(logits, [0, 1]);
}

function weighClasses(logits: Tensor, weights: [number, number]): Tensor {
  const positions = logits.size / 2;
  const weigh = customGrad((x) => {
    const pairs: Tensor2D = reshape(x as Tensor, [positions, 2]);
    return {
      value: sum(mul(pairs, tensor1d(weights)), 1),
      gradFunc: (dy) => reshape(mul(expandDims(dy, 1), tensor1d(weights)), logits.shape),
    };
  });
  return weigh(logits);
}

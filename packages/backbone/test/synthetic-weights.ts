import { encodeSafetensors, type PlainTensor } from '@pffnet/structures/safetensors';
import { randomStream } from '@pffnet/structures';

/** Tensors by name in a file's own naming, as other people's tools would have saved them. */
export type WeightTensors = Map<string, PlainTensor>;

/** The bytes of a weight file. */
export const encode = (tensors: WeightTensors): Uint8Array => encodeSafetensors({ tensors, metadata: {} });

/** Random kernels [out, in, side, side] and batch norms of a ResNet-18 of a given width in torchvision's naming. */
export function torchvisionResnet18(width: number): WeightTensors {
  const tensors: WeightTensors = new Map();
  const layer = (conv: string, norm: string, shape: [number, number, number, number]): void => {
    tensors.set(`${conv}.weight`, random(`${conv}.weight`, shape));
    batchNorm(tensors, shape[0], {
      gamma: `${norm}.weight`,
      beta: `${norm}.bias`,
      mean: `${norm}.running_mean`,
      variance: `${norm}.running_var`,
    });
  };
  layer('conv1', 'bn1', [width, 3, 7, 7]);
  for (let stage = 1, entering = width; stage <= 4; stage++) {
    const channels = width * 2 ** (stage - 1);
    for (let block = 0; block < 2; block++, entering = channels) {
      const prefix = `layer${stage}.${block}`;
      layer(`${prefix}.conv1`, `${prefix}.bn1`, [channels, entering, 3, 3]);
      layer(`${prefix}.conv2`, `${prefix}.bn2`, [channels, channels, 3, 3]);
      if (entering === channels) continue;
      layer(`${prefix}.downsample.0`, `${prefix}.downsample.1`, [channels, entering, 1, 1]);
    }
  }
  tensors.set('fc.weight', random('fc.weight', [10, 8 * width]));
  return tensors;
}

/** Random kernels, biases and batch norms of a ResNet-50 of a given width in Keras' naming. */
export function kerasResnet50(width: number): WeightTensors {
  const tensors: WeightTensors = new Map();
  const layer = (name: string, shape: [number, number, number, number]): void => {
    tensors.set(`${name}.conv.weight`, random(`${name}.conv.weight`, shape));
    tensors.set(`${name}.conv.bias`, random(`${name}.conv.bias`, [shape[0]]));
    batchNorm(tensors, shape[0], {
      gamma: `${name}.bn.gamma`,
      beta: `${name}.bn.beta`,
      mean: `${name}.bn.mean`,
      variance: `${name}.bn.var`,
    });
  };
  layer('conv1', [width, 3, 7, 7]);
  let entering = width;
  [3, 4, 6, 3].forEach((blocks, index) => {
    const inner = width * 2 ** index;
    for (let block = 1; block <= blocks; block++, entering = 4 * inner) {
      const prefix = `conv${index + 2}_block${block}`;
      if (block === 1) layer(`${prefix}_0`, [4 * inner, entering, 1, 1]);
      layer(`${prefix}_1`, [inner, entering, 1, 1]);
      layer(`${prefix}_2`, [inner, inner, 3, 3]);
      layer(`${prefix}_3`, [4 * inner, inner, 1, 1]);
    }
  });
  return tensors;
}

/** The same ResNet-18 with its batch norms (epsilon 1e-5) folded into kernels and biases. */
export function fold(tensors: WeightTensors): WeightTensors {
  const folded: WeightTensors = new Map();
  for (const [name, kernel] of tensors) {
    if (kernel.shape.length !== 4) continue;
    const conv = name.replace('.weight', '');
    const norm = conv.replace('downsample.0', 'downsample.1').replace(/conv(\d)$/, 'bn$1');
    const vector = (part: string): Float32Array => tensors.get(`${norm}.${part}`)?.data as Float32Array;
    const [mean, variance, beta] = [vector('running_mean'), vector('running_var'), vector('bias')];
    const scale = vector('weight').map((gamma, out) => gamma / Math.sqrt(variance[out] + 1e-5));
    const perOutput = kernel.data.length / kernel.shape[0];
    const data = Float32Array.from(kernel.data, (value, index) => value * scale[Math.floor(index / perOutput)]);
    const bias = beta.map((value, out) => value - mean[out] * scale[out]);
    folded.set(name, { shape: kernel.shape, data });
    folded.set(`${conv}.bias`, { shape: [bias.length], data: bias });
  }
  return folded;
}

/** Small numbers that depend on the name alone. */
function random(name: string, shape: readonly number[]): PlainTensor {
  const stream = randomStream(1, name);
  const size = shape.reduce((a, b) => a * b, 1);
  const deviation = shape.length > 1 ? Math.sqrt((2 * shape[0]) / size) : 0.3;
  return { shape, data: Float32Array.from({ length: size }, () => deviation * stream.normal()) };
}

function batchNorm(
  tensors: WeightTensors,
  channels: number,
  names: { gamma: string; beta: string; mean: string; variance: string },
): void {
  const positive = ({ shape, data }: PlainTensor): PlainTensor => ({
    shape,
    data: Float32Array.from(data, (value) => 0.5 + Math.abs(value)),
  });
  tensors.set(names.gamma, positive(random(names.gamma, [channels])));
  tensors.set(names.beta, random(names.beta, [channels]));
  tensors.set(names.mean, random(names.mean, [channels]));
  tensors.set(names.variance, positive(random(names.variance, [channels])));
}

import type { TrunkConvPlan } from '../plan-backbone.ts';

/** What an image must be before the kernels see it: value = (pixel - mean) / deviation, pixels 0 to 255. */
export interface InputNormalisation {
  /** Order of the image's channels, and of `mean` and `deviation`. */
  readonly channelOrder: 'rgb' | 'bgr';
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Names of one convolution's tensors in a file, and of the batch norm after it. */
export interface TensorNames {
  /** [out, in, rows, columns]. */
  readonly kernel: string;
  /** [out], as are the rest. */
  readonly bias: string;
  readonly gamma: string;
  readonly beta: string;
  readonly mean: string;
  readonly variance: string;
}

/** A family of weight files: how they name tensors and how their networks were trained. */
export interface WeightLayout {
  /** For messages. */
  readonly label: string;
  /** Whether a file with these tensor names is of this family. */
  recognises(names: ReadonlySet<string>): boolean;
  /** Names of the tensors of a convolution at this place of the trunk. */
  names(place: Pick<TrunkConvPlan, 'stage' | 'block' | 'position'>): TensorNames;
  /** Which convolution of a bottleneck strides. */
  readonly strideIn: '3x3' | '1x1';
  /** Added to the variance of the batch norms. */
  readonly epsilon: number;
  readonly input: InputNormalisation;
}

/** Torchvision's state dictionary, with its batch norms or with these folded into kernels and biases. */
const torchvision: WeightLayout = {
  label: 'torchvision',
  recognises: (names) => names.has('conv1.weight') && names.has('layer1.0.conv1.weight'),
  names({ stage, block, position }) {
    const prefix = stage === 1 ? '' : `layer${stage - 1}.${block}.`;
    const [conv, norm] = position === 0 ? ['downsample.0', 'downsample.1'] : [`conv${position}`, `bn${position}`];
    return {
      kernel: `${prefix}${conv}.weight`,
      bias: `${prefix}${conv}.bias`,
      gamma: `${prefix}${norm}.weight`,
      beta: `${prefix}${norm}.bias`,
      mean: `${prefix}${norm}.running_mean`,
      variance: `${prefix}${norm}.running_var`,
    };
  },
  strideIn: '3x3',
  epsilon: 1e-5,
  input: { channelOrder: 'rgb', mean: [123.675, 116.28, 103.53], deviation: [58.395, 57.12, 57.375] },
};

/** The ResNets of Keras applications, which are the authors' Caffe networks, with kernels in OIHW order. */
const keras: WeightLayout = {
  label: 'Keras',
  recognises: (names) => names.has('conv1.conv.weight') && names.has('conv2_block1_1.conv.weight'),
  names({ stage, block, position }) {
    const prefix = stage === 1 ? 'conv1' : `conv${stage}_block${block + 1}_${position}`;
    return {
      kernel: `${prefix}.conv.weight`,
      bias: `${prefix}.conv.bias`,
      gamma: `${prefix}.bn.gamma`,
      beta: `${prefix}.bn.beta`,
      mean: `${prefix}.bn.mean`,
      variance: `${prefix}.bn.var`,
    };
  },
  strideIn: '1x1',
  epsilon: 1.001e-5,
  input: { channelOrder: 'bgr', mean: [103.939, 116.779, 123.68], deviation: [1, 1, 1] },
};

/** Every family that can be read. */
export const WEIGHT_LAYOUTS: readonly WeightLayout[] = [torchvision, keras];

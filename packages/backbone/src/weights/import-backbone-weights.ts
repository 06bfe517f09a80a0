import { decodeSafetensors, type PlainTensor } from '@pffnet/structures/safetensors';
import { ConfigError, DataError } from '@pffnet/structures';
import type { BackboneConfig, BackboneNorm } from '../backbone-options.ts';
import { BLOCK_COUNTS, blockLength, planBackbone, type TrunkConvPlan, trunkConvs } from '../plan-backbone.ts';
import { type InputNormalisation, WEIGHT_LAYOUTS, type WeightLayout } from './weight-layout.ts';

/** What a file gives a backbone to start from. */
export interface ImportedWeights {
  /** Values by parameter path relative to the backbone's scope. */
  readonly values: ReadonlyMap<string, PlainTensor>;
  /** Paths of the trunk's kernels that the file lacks: they keep their random start, as the whole pyramid does. */
  readonly random: readonly string[];
  /** What the kernels expect of an image. */
  readonly input: InputNormalisation;
}

/**
 * Reads the weights of a ResNet that was trained with batch norm, in torchvision's or Keras' names; batch norms may be
 * there or folded into kernels and biases.
 *
 * With norm `frozen-affine` the network computes what the file's network computed: kernels as stored, and
 * scale = gamma / sqrt(variance + epsilon), shift = beta + scale * (bias - mean); of a folded batch norm scale = 1,
 * shift = bias.
 *
 * With norm `group` kernels are multiplied by that scale (it is in a folded kernel already), so that the channels of a
 * group keep the relative strength that they were trained with, and group norm starts where batch norm left off: its
 * scale and shift undo, on an image with the stored statistics, what it takes away. A folded file has no statistics:
 * scale starts at 1 and shift at the folded bias. To let group norm relearn everything, assign the kernels alone.
 * @param bytes - a whole safetensors file, kernels [out, in, rows, columns].
 * @param name - the file's name, for messages.
 * @throws DataError if the names are of no known family, or a tensor has the wrong shape or lacks its partners.
 * @throws ConfigError if the file's network has another depth, width or stride than the config.
 */
export function importBackboneWeights(bytes: Uint8Array, config: BackboneConfig, name = 'weights'): ImportedWeights {
  const convs = trunkConvs(planBackbone(config));
  const { tensors } = decodeSafetensors(bytes, name);
  const file: WeightFile = { name, tensors, layout: findLayout(tensors, name) };
  assertSameNetwork(file, config);
  const values = new Map<string, PlainTensor>();
  const random: string[] = [];
  for (const conv of convs) {
    const stored = readKernel(file, conv);
    if (stored === undefined) {
      random.push(`${conv.conv}/kernel`);
      continue;
    }
    const { kernel, scale, shift } = startOf(stored, readBatchNorm(file, conv), config.norm);
    values.set(`${conv.conv}/kernel`, kernel);
    if (scale !== undefined) values.set(`${conv.norm}/scale`, { shape: [conv.outChannels], data: scale });
    values.set(`${conv.norm}/shift`, { shape: [conv.outChannels], data: shift });
  }
  return { values, random, input: file.layout.input };
}

interface WeightFile {
  readonly name: string;
  readonly tensors: ReadonlyMap<string, PlainTensor>;
  readonly layout: WeightLayout;
}

function findLayout(tensors: ReadonlyMap<string, PlainTensor>, name: string): WeightLayout {
  const names = new Set(tensors.keys());
  const layout = WEIGHT_LAYOUTS.find((candidate) => candidate.recognises(names));
  if (layout !== undefined) return layout;
  const known = WEIGHT_LAYOUTS.map(({ label, names: namesAt }) => {
    const [stem, first] = [namesAt({ stage: 1, block: 0, position: 1 }), namesAt({ stage: 2, block: 0, position: 1 })];
    return `${label} (${stem.kernel}, ${first.kernel}, ...)`;
  });
  const got = [...names].slice(0, 3).join(', ') || 'no tensors';
  throw new DataError(`${name}: expected a ResNet in the names of ${known.join(' or ')}, got ${got}`);
}

/** Compares depth, width and stride before any tensor is read, so that the message names the config key to change. */
function assertSameNetwork({ name, tensors, layout }: WeightFile, { depth, width, strideIn }: BackboneConfig): void {
  const has = (stage: number, block: number, position: number): boolean => {
    const { kernel, bias, gamma } = layout.names({ stage, block, position });
    return tensors.has(kernel) || tensors.has(bias) || tensors.has(gamma);
  };
  const countBlocks = (stage: number, block = 0): number =>
    has(stage, block, 1) ? countBlocks(stage, block + 1) : block;
  const describe = (counts: readonly number[], length: number): string =>
    `${counts.join(', ')} ${length === 2 ? 'basic blocks' : 'bottlenecks'}`;
  const held = describe(
    [2, 3, 4, 5].map((stage) => countBlocks(stage)),
    has(2, 0, 3) ? 3 : 2,
  );
  const needed = describe(BLOCK_COUNTS[depth], blockLength(depth));
  if (held !== needed) {
    throw new ConfigError(`backbone.depth: ${depth} needs ${needed}, but ${name} holds ${held}`);
  }
  const stemWidth = tensors.get(layout.names({ stage: 1, block: 0, position: 1 }).kernel)?.shape[0];
  if (stemWidth !== width) {
    throw new ConfigError(`backbone.width: expected ${stemWidth}, the stem of ${name}, got ${width}`);
  }
  if (blockLength(depth) === 3 && strideIn !== layout.strideIn) {
    throw new ConfigError(
      `backbone.strideIn: expected "${layout.strideIn}", where the bottlenecks of ${name} stride, got "${strideIn}"`,
    );
  }
}

/** A kernel [row, column, in, out]. */
interface Kernel {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** @returns the kernel in HWIO order, or undefined where the file lacks it. */
function readKernel({ name, tensors, layout }: WeightFile, conv: TrunkConvPlan): Kernel | undefined {
  const key = layout.names(conv).kernel;
  const stored = tensors.get(key);
  if (stored === undefined) return undefined;
  const { kernel: side, inChannels, outChannels } = conv;
  const expected = [outChannels, inChannels, side, side];
  if (stored.shape.join() !== expected.join()) {
    throw new DataError(`${name}: expected ${key} [${expected.join(', ')}], got [${stored.shape.join(', ')}]`);
  }
  const data = new Float32Array(stored.data.length);
  const taps = side * side;
  for (let out = 0, at = 0; out < outChannels; out++) {
    for (let input = 0; input < inChannels; input++) {
      for (let tap = 0; tap < taps; tap++, at++) data[(tap * inChannels + input) * outChannels + out] = stored.data[at];
    }
  }
  return { shape: [side, side, inChannels, outChannels], data };
}

/** What follows a kernel, as y = scale * convolution + shift by output channel. */
interface FoldedBatchNorm {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  /** Of scale * convolution by output channel over the images of the training; lost where the file is folded. */
  readonly statistics: { readonly mean: Float32Array; readonly variance: Float32Array } | undefined;
}

function readBatchNorm(file: WeightFile, conv: TrunkConvPlan): FoldedBatchNorm {
  const keys = file.layout.names(conv);
  const size = conv.outChannels;
  const bias = readVector(file, keys.bias, size);
  const gamma = readVector(file, keys.gamma, size);
  if (gamma === undefined) {
    if (bias === undefined) {
      throw new DataError(`${file.name}: expected ${keys.bias} or ${keys.gamma} beside ${keys.kernel}, found neither`);
    }
    return { scale: new Float32Array(size).fill(1), shift: bias, statistics: undefined };
  }
  const [beta, mean, variance] = [keys.beta, keys.mean, keys.variance].map((key) => {
    const found = readVector(file, key, size);
    if (found === undefined) throw new DataError(`${file.name}: expected ${key} beside ${keys.gamma}, found none`);
    return found;
  });
  const scale = gamma.map((value, channel) => value / Math.sqrt(variance[channel] + file.layout.epsilon));
  const scaledMean = mean.map((value, channel) => scale[channel] * (value - (bias?.[channel] ?? 0)));
  return {
    scale,
    shift: beta.map((value, channel) => value - scaledMean[channel]),
    statistics: { mean: scaledMean, variance: variance.map((value, channel) => scale[channel] ** 2 * value) },
  };
}

/** Values of a convolution and of the normalisation after it; no scale means that it starts as it is. */
interface ConvStart {
  readonly kernel: Kernel;
  readonly scale: Float32Array | undefined;
  readonly shift: Float32Array;
}

function startOf(kernel: Kernel, { scale, shift, statistics }: FoldedBatchNorm, norm: BackboneNorm): ConvStart {
  switch (norm.kind) {
    case 'frozen-affine':
      return { kernel, scale, shift };
    case 'group': {
      const scaled = scaleOutputs(kernel, scale);
      if (statistics === undefined) return { kernel: scaled, scale: undefined, shift };
      const { mean, deviation } = groupStatistics(statistics, norm.groups);
      // (x - mean) / deviation is what group norm makes; deviation * that + mean + shift is scale * convolution + shift.
      return { kernel: scaled, scale: deviation, shift: shift.map((value, channel) => value + mean[channel]) };
    }
    default:
      throw new ConfigError(`backbone.norm: unknown kind ${JSON.stringify(norm satisfies never)}`);
  }
}

/** Mean and deviation of each channel's group, from the statistics of the channels. */
function groupStatistics(
  { mean, variance }: NonNullable<FoldedBatchNorm['statistics']>,
  groups: number,
): { mean: Float32Array; deviation: Float32Array } {
  const width = mean.length / groups;
  const averageOver = (values: Float32Array): Float32Array =>
    values.map((_, channel) => {
      const first = channel - (channel % width);
      return values.subarray(first, first + width).reduce((sum, value) => sum + value, 0) / width;
    });
  const groupMean = averageOver(mean);
  const groupSquare = averageOver(variance.map((value, channel) => value + mean[channel] ** 2));
  const deviation = groupSquare.map((square, channel) => Math.sqrt(square - groupMean[channel] ** 2 + GROUP_EPSILON));
  return { mean: groupMean, deviation };
}

/** What group norm adds to the variance. */
const GROUP_EPSILON = 1e-5;

function readVector({ name, tensors }: WeightFile, key: string, size: number): Float32Array | undefined {
  const stored = tensors.get(key);
  if (stored === undefined) return undefined;
  if (stored.shape.join() !== `${size}`) {
    throw new DataError(`${name}: expected ${key} [${size}], got [${stored.shape.join(', ')}]`);
  }
  return Float32Array.from(stored.data);
}

/** Multiplies each output channel of a HWIO kernel by its scale. */
function scaleOutputs({ shape, data }: Kernel, scale: Float32Array): Kernel {
  return { shape, data: data.map((value, index) => value * scale[index % scale.length]) };
}

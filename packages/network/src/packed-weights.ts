import type { PlainTensor } from '@pffnet/structures/safetensors';
import { DataError } from '@pffnet/structures';

/** Keys of the scales of packed kernels: this and the parameter's path. */
export const SCALE = 'scale/';

/** The largest whole number of eight bits whose negative has eight bits too. */
const LARGEST = 127;

/**
 * Stores kernels in eight bits: of every output channel c (the last axis), q = round(w / s_c) with
 * s_c = max |w| / 127, so that no weight moves by more than s_c / 2. Norms, biases and whatever else has one axis stay
 * float32.
 * @returns by path, kernels as Int8Array; their scales [channels] under `scale/<path>`.
 */
export function packWeights(weights: ReadonlyMap<string, PlainTensor>): Map<string, PlainTensor> {
  const packed = new Map<string, PlainTensor>();
  for (const [path, tensor] of weights) {
    if (tensor.shape.length < 2) {
      packed.set(path, tensor);
      continue;
    }
    const { values, scales } = quantise(tensor);
    packed.set(path, { shape: tensor.shape, data: values });
    packed.set(`${SCALE}${path}`, { shape: [scales.length], data: scales });
  }
  return packed;
}

/**
 * The weights that {@link packWeights} stored, w = q s_c; others are as they were.
 * @param name - the file's name, for messages.
 * @throws DataError if a kernel has no scale for every channel.
 */
export function unpackWeights(tensors: ReadonlyMap<string, PlainTensor>, name: string): Map<string, PlainTensor> {
  const weights = new Map<string, PlainTensor>();
  for (const [path, { shape, data }] of tensors) {
    if (!(data instanceof Int8Array)) {
      if (!path.startsWith(SCALE)) weights.set(path, { shape, data });
      continue;
    }
    const channels = shape[shape.length - 1] ?? 1;
    const scales = tensors.get(`${SCALE}${path}`)?.data;
    if (scales?.length !== channels) {
      throw new DataError(
        `${name}: kernel ${path} [${shape.join(', ')}] lacks the scales of its ${channels} channels; get the file again`,
      );
    }
    weights.set(path, { shape, data: Float32Array.from(data, (value, at) => value * scales[at % channels]) });
  }
  return weights;
}

function quantise({ shape, data }: PlainTensor): { values: Int8Array; scales: Float32Array } {
  const channels = shape[shape.length - 1];
  const scales = new Float32Array(channels);
  for (let at = 0; at < data.length; at++) {
    const channel = at % channels;
    scales[channel] = Math.max(scales[channel], Math.abs(data[at]) / LARGEST);
  }
  const values = Int8Array.from(data, (value, at) => {
    const scale = scales[at % channels];
    // A channel of zeros has no scale; a rounded scale may carry its largest weight past the last number.
    return scale === 0 ? 0 : Math.max(-LARGEST, Math.min(LARGEST, Math.round(value / scale)));
  });
  return { values, scales };
}

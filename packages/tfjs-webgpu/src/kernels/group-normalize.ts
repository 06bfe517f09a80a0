import type { FusedGroupNormalizeAttributes } from '@pffnet/structures';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { type KernelFunc, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { ADDERS, groupSum } from './group-sum.ts';
import { discarding, eachGroup, eachNumber } from './program.ts';

/*
 * Group normalisation, plain and with a ReLU in the same pass: kernels that tfjs does not have. x is [b, ..., c]; mean and
 * rstd (1 / standard deviation) are [b, groups].
 */

/** The most groups of threads along one axis that every adapter takes. */
const SPREAD = 32_768;
/** Pixels that one group of threads adds up, per channel. */
const PIXELS = 1024;

/** Numbers that every program here is told. */
interface Layout {
  /** Per image. */
  readonly pixels: number;
  readonly channels: number;
  readonly groups: number;
  /** Channels of a group. */
  readonly width: number;
  /** Groups of all images. */
  readonly count: number;
}

function layoutOf({ shape }: TensorInfo, groups: number): Layout {
  const [images, channels] = [shape[0], shape[shape.length - 1]];
  const pixels = util.sizeFromShape(shape) / images / channels;
  return { pixels, channels, groups, width: channels / groups, count: images * groups };
}

/** WGSL: which group of which image these threads work on, and where its number k lies. */
const groupPlaces = `
  fn group() -> i32 { return i32(workgroupId.x + workgroupId.y * numWorkgroups.x); }
  fn channelOf(k: i32) -> i32 { return group() % uniforms.groups * uniforms.width + k % uniforms.width; }
  fn placeOf(k: i32) -> i32 {
    return (group() / uniforms.groups * uniforms.pixels + k / uniforms.width) * uniforms.channels + channelOf(k);
  }`;

/** WGSL: x normalised, and the slope that comes in where the activation lets it pass. */
const slopes = (activation: 'linear' | 'relu'): string => `
  fn normal(at: i32, group: i32) -> f32 { return (x[at] - mean[group]) * rstd[group]; }
  fn slope(at: i32, channel: i32, group: i32) -> f32 {
    ${activation === 'relu' ? 'if (normal(at, group) * scale[channel] + shift[channel] < 0.0) { return 0.0; }' : ''}
    return dy[at];
  }`;

const spread = (count: number): [number, number] => [Math.min(count, SPREAD), Math.ceil(count / SPREAD)];

/** One number for each group of each image. */
function eachStatistic(
  backend: WebGPUBackend,
  layout: Layout,
  program: { name: string; inputs: Record<string, TensorInfo>; floats?: Record<string, number>; code: string },
): TensorInfo {
  const { count, groups } = layout;
  return eachGroup(backend, {
    ...program,
    shape: [count / groups, groups],
    integers: { ...layout },
    threads: [ADDERS, 1],
    groups: [...spread(count), 1],
    code: `${groupSum}${groupPlaces}${program.code}`,
  });
}

const forward =
  (activationOf: (attributes: FusedGroupNormalizeAttributes) => 'linear' | 'relu'): KernelFunc =>
  ({ inputs, attrs, backend: own }) => {
    const { x, scale, shift } = inputs as Record<'x' | 'scale' | 'shift', TensorInfo>;
    const attributes = attrs as unknown as FusedGroupNormalizeAttributes;
    const activation = activationOf(attributes);
    const backend = own as WebGPUBackend;
    const layout = layoutOf(x, attributes.groups);
    const store = 'if (localIndex == 0u && group() < uniforms.count)';
    const mean = eachStatistic(backend, layout, {
      name: 'group mean',
      inputs: { x },
      code: `
        fn term(k: i32) -> f32 { return x[placeOf(k)]; }
        fn main() {
          let size = uniforms.pixels * uniforms.width;
          addUp(size);
          ${store} { result[group()] = sums[0] / f32(size); }
        }`,
    });
    const rstd = eachStatistic(backend, layout, {
      name: 'group rstd',
      inputs: { x, mean },
      floats: { epsilon: attributes.epsilon },
      code: `
        fn term(k: i32) -> f32 { let centred = x[placeOf(k)] - mean[group()]; return centred * centred; }
        fn main() {
          let size = uniforms.pixels * uniforms.width;
          addUp(size);
          ${store} { result[group()] = 1.0 / sqrt(sums[0] / f32(size) + uniforms.epsilon); }
        }`,
    });
    const y = eachNumber(backend, {
      name: `normalize ${activation}`,
      inputs: { x, scale, shift, mean, rstd },
      shape: x.shape,
      integers: { ...layout },
      code: `fn valueAt(i: i32) -> f32 {
        let channel = i % uniforms.channels;
        let group = i / (uniforms.pixels * uniforms.channels) * uniforms.groups + channel / uniforms.width;
        let y = (x[i] - mean[group]) * rstd[group] * scale[channel] + shift[channel];
        return ${activation === 'relu' ? 'select(y, 0.0, y < 0.0)' : 'y'};
      }`,
    });
    return [y, mean, rstd];
  };

const backward =
  (activationOf: (attributes: FusedGroupNormalizeAttributes) => 'linear' | 'relu'): KernelFunc =>
  ({ inputs, attrs, backend: own }) => {
    const { dy, x, scale, shift, mean, rstd } = inputs as Record<string, TensorInfo>;
    const attributes = attrs as unknown as FusedGroupNormalizeAttributes;
    const activation = activationOf(attributes);
    const backend = own as WebGPUBackend;
    const layout = layoutOf(x, attributes.groups);
    // A program may be given only what its code reads: without an activation, nothing asks what x became.
    const seen = { dy, x, mean, rstd };
    const given = activation === 'linear' ? { ...seen, scale } : { ...seen, scale, shift };
    return discarding(backend, (discard) => {
      const moments = discard(momentsOf(backend, layout, activation, given));
      const dx = eachNumber(backend, {
        name: `normalize gradient ${activation}`,
        inputs: { ...given, moments },
        shape: x.shape,
        integers: { ...layout },
        code: `${slopes(activation)}
          fn valueAt(i: i32) -> f32 {
            let channel = i % uniforms.channels;
            let group = i / (uniforms.pixels * uniforms.channels) * uniforms.groups + channel / uniforms.width;
            let off = moments[group] + normal(i, group) * moments[uniforms.count + group];
            return rstd[group] * (slope(i, channel, group) * scale[channel] - off);
          }`,
      });
      return [dx, ...channelSums(backend, layout, activation, activation === 'linear' ? seen : given)];
    });
  };

/** The means over each group of scale * dy, then those of scale * dy * normalised x: [2, count]. */
function momentsOf(
  backend: WebGPUBackend,
  layout: Layout,
  activation: 'linear' | 'relu',
  inputs: Readonly<Record<string, TensorInfo>>,
): TensorInfo {
  return eachGroup(backend, {
    name: `group moments ${activation}`,
    inputs,
    shape: [2, layout.count],
    integers: { ...layout },
    threads: [ADDERS, 1],
    groups: [...spread(layout.count), 2],
    code: `${groupSum}${groupPlaces}${slopes(activation)}
      fn term(k: i32) -> f32 {
        let value = slope(placeOf(k), channelOf(k), group()) * scale[channelOf(k)];
        if (workgroupId.z == 0u) { return value; }
        return value * normal(placeOf(k), group());
      }
      fn main() {
        let size = uniforms.pixels * uniforms.width;
        addUp(size);
        if (localIndex == 0u && group() < uniforms.count) {
          result[i32(workgroupId.z) * uniforms.count + group()] = sums[0] / f32(size);
        }
      }`,
  });
}

/** The gradients of scale and shift [c]: sums over all pixels, in parts of 1,024. */
function channelSums(
  backend: WebGPUBackend,
  layout: Layout,
  activation: 'linear' | 'relu',
  inputs: Readonly<Record<string, TensorInfo>>,
): TensorInfo[] {
  const { channels, pixels, count, groups } = layout;
  const rows = (count / groups) * pixels;
  const parts = Math.ceil(rows / PIXELS);
  return discarding(backend, (discard) => {
    const partial = discard(
      eachGroup(backend, {
        name: `channel sums ${activation}`,
        inputs,
        shape: [2, parts, channels],
        integers: { ...layout, rows, parts },
        threads: [16, 16],
        groups: [Math.ceil(channels / 16), parts, 1],
        code: `${slopes(activation)}
          var<workgroup> sums: array<vec2<f32>, 256>;
          fn main() {
            let channel = i32(workgroupId.x) * 16 + i32(localId.x);
            let begin = i32(workgroupId.y) * ${PIXELS};
            var sum = vec2<f32>(0.0);
            if (channel < uniforms.channels) {
              for (var row = begin + i32(localId.y); row < min(begin + ${PIXELS}, uniforms.rows); row += 16) {
                let group = row / uniforms.pixels * uniforms.groups + channel / uniforms.width;
                let at = row * uniforms.channels + channel;
                let value = slope(at, channel, group);
                sum += vec2<f32>(value * normal(at, group), value);
              }
            }
            sums[localIndex] = sum;
            workgroupBarrier();
            if (localId.y == 0u && channel < uniforms.channels) {
              for (var lane = 1u; lane < 16u; lane++) { sum += sums[localId.x + 16u * lane]; }
              let at = i32(workgroupId.y) * uniforms.channels + channel;
              result[at] = sum.x;
              result[uniforms.parts * uniforms.channels + at] = sum.y;
            }
          }`,
      }),
    );
    return [0, parts * channels].map((begin) =>
      eachNumber(backend, {
        name: 'add parts',
        inputs: { partial },
        shape: [channels],
        integers: { begin, parts, step: channels },
        code: `fn valueAt(i: i32) -> f32 {
          var sum = 0.0;
          for (var part = 0; part < uniforms.parts; part++) { sum += partial[uniforms.begin + part * uniforms.step + i]; }
          return sum;
        }`,
      }),
    );
  });
}

export const groupNormalize = forward(() => 'linear');
export const groupNormalizeGrad = backward(() => 'linear');
export const fusedGroupNormalize = forward(({ activation }) => activation);
export const fusedGroupNormalizeGrad = backward(({ activation }) => activation);

import { add, matMul, reshape, tensor2d, type Tensor1D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { assertShape } from '../assert-shape.ts';
import { sampleBilinear } from '../ops/sample-bilinear.ts';
import { type Conv2d, conv2d } from './conv2d.ts';
import { constant, kaimingUniform } from './initializers.ts';
import type { ParamScope } from './param-scope.ts';

/** A deformable convolution's shape: 3x3, stride 1, without bias. */
export interface DeformableConv2dSpec {
  readonly inChannels: number;
  readonly outChannels: number;
}

const KERNEL = 3;
const TAPS = KERNEL * KERNEL;

/**
 * A 3x3 convolution whose nine taps read where a second convolution says: tap t of pixel (i, j) reads
 * (i + dy_t + y_t(i, j), j + dx_t + x_t(i, j)) bilinearly, zero beyond the border. It starts as a plain convolution: all
 * displacements are 0.
 *
 * Parameters: `kernel` [3, 3, in, out], that of the plain form, and `offsets` (3x3 to 18 channels: y and x of each tap).
 * @remarks Source: Dai et al. 2017, "Deformable convolutional networks", Section 2.1.
 */
export function deformableConv2d(scope: ParamScope, { inChannels, outChannels }: DeformableConv2dSpec): Conv2d {
  const kernel = scope.param('kernel', [KERNEL, KERNEL, inChannels, outChannels], kaimingUniform);
  const displace = conv2d(scope.child('offsets'), {
    kernel: KERNEL,
    inChannels,
    outChannels: 2 * TAPS,
    init: constant(0),
  });
  return (x) => {
    assertShape('deformableConv2d', 'x', x, [1, 'h', 'w', inChannels]);
    const [, height, width] = x.shape;
    return tidy(() => {
      const offsets = reshape(displace(x), [height * width, 2 * TAPS]);
      const placesAlong = (axis: 0 | 1): Tensor1D => {
        const chosen = matMul(offsets, channelsOf(axis)); // [h * w, 9]
        return reshape(add(chosen, gridOf(axis, height, width)), [height * width * TAPS]);
      };
      const columns = sampleBilinear(x, placesAlong(0), placesAlong(1)); // [h * w * 9, c]
      const flat = reshape(kernel, [TAPS * inChannels, outChannels]);
      const y = matMul(reshape(columns, [height * width, TAPS * inChannels]), flat);
      return reshape(y, [1, height, width, outChannels]) as Tensor4D;
    });
  };
}

/** [18, 9] picks the channels of one axis: y of the taps first, then x. A product, because slices of the last axis are slow. */
function channelsOf(axis: 0 | 1): ReturnType<typeof tensor2d> {
  const values = new Float32Array(2 * TAPS * TAPS);
  for (let tap = 0; tap < TAPS; tap++) values[(axis * TAPS + tap) * TAPS + tap] = 1;
  return tensor2d(values, [2 * TAPS, TAPS]);
}

/** [h * w, 9] where every tap of a plain convolution reads, along one axis. */
function gridOf(axis: 0 | 1, height: number, width: number): ReturnType<typeof tensor2d> {
  const values = new Float32Array(height * width * TAPS);
  for (let pixel = 0, at = 0; pixel < height * width; pixel++) {
    for (let tap = 0; tap < TAPS; tap++, at++) {
      values[at] =
        axis === 0 ? Math.floor(pixel / width) + Math.floor(tap / KERNEL) - 1 : (pixel % width) + (tap % KERNEL) - 1;
    }
  }
  return tensor2d(values, [height * width, TAPS]);
}

import type { Boxes } from '@pffnet/structures';
import { customGrad, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { hasEngineKernel, runEngineKernel } from './engine-kernel.ts';
import { type RoiAlignSpec, SAMPLES, samplePositions } from './roi-samples.ts';

/** Whether the engine in use has registered kernels `RoiAlign` and `RoiAlignGrad`. */
export const hasRoiAlignKernel = (): boolean => hasEngineKernel('RoiAlign');

/**
 * `roiAlign` as one kernel of the engine and one on the way back. Where samples lie is decided here, by the same rule as
 * in the other forms.
 * @param levels - [1, h, w, c] float32 each.
 * @param boxes - [n * 4] image pixels, n > 0.
 * @returns [n, side, side, c]. Differentiable once in `levels`.
 */
export function roiAlignByKernel(
  levels: Tensor4D[],
  boxes: Boxes,
  levelOfBox: Int32Array,
  spec: RoiAlignSpec,
): Tensor4D {
  const shapes = levels.map(({ shape }) => shape);
  const samplesAlong = (axis: 0 | 1): Float64Array => {
    const places = new Float64Array(levelOfBox.length * spec.side * SAMPLES);
    levelOfBox.forEach((level, index) => {
      const along = { axis, length: shapes[level][1 + axis], stride: spec.strides[level] };
      places.set(samplePositions(boxes, index, along, spec), index * spec.side * SAMPLES);
    });
    return places;
  };
  const attrs = { rows: samplesAlong(0), columns: samplesAlong(1), levelOfBox, side: spec.side, samples: SAMPLES };
  const align = customGrad((...args) => {
    const maps = Object.fromEntries((args as Tensor[]).slice(0, levels.length).map((map, i) => [`level${i}`, map]));
    const [value] = runEngineKernel('RoiAlign', maps, attrs);
    const gradFunc = (dy: Tensor): Tensor[] => runEngineKernel('RoiAlignGrad', { dy }, { ...attrs, shapes });
    return { value, gradFunc };
  });
  return align(...levels) as Tensor4D;
}

import {
  add,
  type GradConfig,
  type MirrorPadAttrs,
  pad,
  reverse,
  slice,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

/**
 * The gradient of mirroring an image's border: what the border was copied from gets the border's gradient, too. tfjs's
 * drops it.
 */
export const mirrorPadGradient: GradConfig = {
  kernelName: 'MirrorPad',
  gradFunc: (dy, _saved, attrs) => {
    const { paddings, mode } = attrs as unknown as MirrorPadAttrs;
    const edge = mode === 'reflect' ? 1 : 0; // the edge itself is not repeated
    return {
      x: () => tidy(() => paddings.reduce((slope, around, axis) => fold(slope, axis, around, edge), dy as Tensor)),
    };
  },
};

/** Adds the borders before and after an axis to what they mirror. */
function fold(slope: Tensor, axis: number, [before, after]: readonly [number, number], edge: number): Tensor {
  const length = slope.shape[axis] - before - after;
  const part = (begin: number, size: number): Tensor => {
    const [begins, sizes] = [slope.shape.map(() => 0), [...slope.shape]];
    [begins[axis], sizes[axis]] = [begin, size];
    return slice(slope, begins, sizes);
  };
  /** A border the other way round, among zeros. */
  const mirrored = (border: Tensor, start: number): Tensor => {
    const around = slope.shape.map((): [number, number] => [0, 0]);
    around[axis] = [start, length - start - border.shape[axis]];
    return pad(reverse(border, axis), around);
  };
  const inner = part(before, length);
  const withFirst = before === 0 ? inner : add(inner, mirrored(part(0, before), edge));
  if (after === 0) return withFirst;
  return add(withFirst, mirrored(part(before + length, after), length - edge - after));
}

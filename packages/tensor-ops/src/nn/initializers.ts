import type { RandomStream } from '@pffnet/structures';

/** Draws the initial values of a parameter. */
export type Initializer = (shape: readonly number[], stream: RandomStream) => Float32Array;

const fill = (shape: readonly number[], draw: () => number): Float32Array => {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  for (let index = 0; index < values.length; index++) values[index] = draw();
  return values;
};

/** Values that each output unit reads: every axis but the last (HWIO kernels, [in, out] matrices). */
const fanIn = (shape: readonly number[]): number => shape.slice(0, -1).reduce((a, b) => a * b, 1);

/** Values that each input unit feeds: every axis but the last but one. */
const fanOut = (shape: readonly number[]): number => (fanIn(shape) / shape[shape.length - 2]) * shape[shape.length - 1];

/** The same value everywhere. */
export const constant =
  (value: number): Initializer =>
  (shape) =>
    fill(shape, () => value);

/** One value for each output: for a bias [values.length]. */
export const perOutput =
  (...values: readonly number[]): Initializer =>
  () =>
    Float32Array.from(values);

/** A kernel [h, w, c, c] that gives its input: 1 at the centre, from each channel to itself. */
export const identity: Initializer = ([rows, columns, channels]) => {
  const values = new Float32Array(rows * columns * channels * channels);
  const centre = ((rows * columns - 1) / 2) * channels * channels;
  for (let channel = 0; channel < channels; channel++) values[centre + channel * channels + channel] = 1;
  return values;
};

/** Normal with mean 0 and the given standard deviation. */
export const normal =
  (deviation: number): Initializer =>
  (shape, stream) =>
    fill(shape, () => deviation * stream.normal());

/** N(0, 2 / fan out): He et al. 2015, for 3x3 convolutions followed by ReLU. */
export const kaimingNormal: Initializer = (shape, stream) => normal(Math.sqrt(2 / fanOut(shape)))(shape, stream);

/** U(-b, b), b = sqrt(3 / fan in): Kaiming-uniform with a = 1, Caffe2's Xavier fill. */
export const kaimingUniform: Initializer = (shape, stream) => {
  const bound = Math.sqrt(3 / fanIn(shape));
  return fill(shape, () => bound * (2 * stream.uniform() - 1));
};

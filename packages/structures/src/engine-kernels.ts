/*
 * Kernels that TensorFlow.js does not have and that an engine may register: whoever needs one asks for it, and puts it
 * together from tfjs's where the engine has none. Names, attributes and the order of outputs are agreed on here.
 */

/** What an engine's group normalisation is told. */
export interface GroupNormalizeAttributes {
  /** Divides the channels. */
  readonly groups: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** The same, with an activation in the same pass. */
export interface FusedGroupNormalizeAttributes extends GroupNormalizeAttributes {
  readonly activation: 'linear' | 'relu';
}

/** Where RoIAlign reads the levels of a pyramid. */
export interface RoiAlignAttributes {
  /** [n, side * samples] places in cells of the box's level, 0 = centre of the first; NaN lies outside, where maps are 0. */
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  /** [n] index into the levels. */
  readonly levelOfBox: Int32Array;
  readonly side: number;
  /** Per cell and axis; they are averaged. */
  readonly samples: number;
}

/** The same, and the levels' shapes [1, h, w, c]. */
export interface RoiAlignGradAttributes extends RoiAlignAttributes {
  readonly shapes: readonly (readonly number[])[];
}

/** One step of stochastic gradient descent: v' = momentum * v + (gradientScale * g + weightDecay * p), p' = p - rate * v'. */
export interface SgdUpdateAttributes {
  readonly momentum: number;
  readonly weightDecay: number;
  readonly rate: number;
  readonly gradientScale: number;
}

/** A kernel's inputs by name, its attributes, and its outputs in order. */
interface Signature<Input extends string, Attributes, Outputs extends readonly string[]> {
  readonly input: Input;
  readonly attributes: Attributes;
  readonly outputs: Outputs;
}

type Normalized = readonly ['y', 'mean', 'rstd'];
type NormalizedGradients = readonly ['dx', 'dscale', 'dshift'];
type NormalizeInput = 'x' | 'scale' | 'shift';
type NormalizeGradInput = 'dy' | NormalizeInput | 'mean' | 'rstd';

/** Every such kernel by name. */
export interface EngineKernels {
  /** x [b, ..., c], scale [c], shift [c]; y, and per image and group mean and 1 / standard deviation [b, groups]. */
  readonly GroupNormalize: Signature<NormalizeInput, GroupNormalizeAttributes, Normalized>;
  readonly GroupNormalizeGrad: Signature<NormalizeGradInput, GroupNormalizeAttributes, NormalizedGradients>;
  readonly FusedGroupNormalize: Signature<NormalizeInput, FusedGroupNormalizeAttributes, Normalized>;
  readonly FusedGroupNormalizeGrad: Signature<NormalizeGradInput, FusedGroupNormalizeAttributes, NormalizedGradients>;
  /** Levels [1, h, w, c], the finest first; [n, side, side, c]. */
  readonly RoiAlign: Signature<`level${number}`, RoiAlignAttributes, readonly ['aligned']>;
  /** dy [n, side, side, c]; one gradient for each level. */
  readonly RoiAlignGrad: Signature<'dy', RoiAlignGradAttributes, readonly string[]>;
  /** Three tensors of one shape. */
  readonly SgdUpdate: Signature<
    'parameter' | 'velocity' | 'gradient',
    SgdUpdateAttributes,
    readonly ['newParameter', 'newVelocity']
  >;
  /** Tensors of any names; the sum of the squares of all of their numbers, a scalar. */
  readonly SumOfSquares: Signature<string, Readonly<Record<never, never>>, readonly ['sum']>;
}

/** The name of such a kernel. */
export type EngineKernel = keyof EngineKernels;

/** What a kernel must be told. */
export type EngineKernelAttributes<Kernel extends EngineKernel> = EngineKernels[Kernel]['attributes'];

import type { ParamScope } from '@pffnet/tensor-ops';
import type { PlainTensor } from '@pffnet/structures/safetensors';
import { type GoldenCase, goldenParam } from '@pffnet/tensor-ops/testing';

/** A reference parameter by name; with [c, h, w] when it is a matrix that follows a flatten. */
export type ReferenceParam = readonly [name: string, flattened?: readonly [number, number, number]];

/** The value of a reference parameter in our layout. */
export function referenceParam({ tag, params }: GoldenCase, [name, flattened]: ReferenceParam): PlainTensor {
  const described = params.find((param) => param.name === name);
  if (described === undefined) throw new Error(`${tag} has no parameter ${name}`);
  return goldenParam(tag, name, described.shape, flattened);
}

/** Our names of a convolution or matrix with its group norm -> the reference's `X.0` and `X.1`. */
export const blockNames = (
  ours: string,
  layer: 'conv' | 'dense',
  theirs: string,
  flattened?: readonly [number, number, number],
): Record<string, ReferenceParam> => ({
  [`${ours}/${layer}/kernel`]: flattened === undefined ? [`${theirs}.0.weight`] : [`${theirs}.0.weight`, flattened],
  [`${ours}/norm/scale`]: [`${theirs}.1.weight`],
  [`${ours}/norm/shift`]: [`${theirs}.1.bias`],
});

/** Our names of a layer with bias -> the reference's. */
export const layerNames = (
  ours: string,
  theirs: string,
  flattened?: readonly [number, number, number],
): Record<string, ReferenceParam> => ({
  [`${ours}/kernel`]: flattened === undefined ? [`${theirs}.weight`] : [`${theirs}.weight`, flattened],
  [`${ours}/bias`]: [`${theirs}.bias`],
});

/** Sets parameters from a reference by our paths. */
export function assignReference(
  scope: ParamScope,
  reference: GoldenCase,
  names: Readonly<Record<string, ReferenceParam>>,
): void {
  for (const [path, param] of Object.entries(names)) scope.assign(new Map([[path, referenceParam(reference, param)]]));
}

/** Swaps the axes of deltas: (dx, dy, dw, dh) <-> (dy, dx, dh, dw) along a last axis whose size is a multiple of 4. */
export function swapDeltaAxes({ shape, data }: PlainTensor): PlainTensor & { readonly data: Float32Array } {
  return { shape, data: Float32Array.from(data, (_, at) => data[at ^ 1]) };
}

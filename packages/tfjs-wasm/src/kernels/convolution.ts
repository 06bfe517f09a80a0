import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';

/** A convolution's sizes, names as in tfjs. */
export type Convolution = backend_util.Conv2DInfo;

/** The attributes of tfjs's convolution kernels, as far as they are used. */
export interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  readonly dataFormat: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dilations?: [number, number] | number;
}

type Shape4D = [number, number, number, number];

/** Works out a convolution's sizes. */
export function convolutionOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  { strides, pad, dataFormat, dimRoundingMode, dilations = 1 }: ConvolutionAttributes,
): Convolution {
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat),
  );
}

/** Bytes of a float32. */
export const FLOAT = 4;

/** Where a tensor's numbers lie in the heap. */
export const addressOf = (backend: BackendWasm, { dataId }: TensorInfo): number => backend.getMemoryOffset(dataId);

/** Whether our kernels can compute it: channels last, kernel not dilated. */
export const isPlain = ({ dataFormat, dilationHeight, dilationWidth }: Convolution): boolean =>
  dataFormat === 'channelsLast' && dilationHeight === 1 && dilationWidth === 1;

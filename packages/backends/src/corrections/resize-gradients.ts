import {
  type KernelBackend,
  type KernelFunc,
  type ResizeBilinearGradAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';

/*
 * tfjs's plain gradients of resizing overlook halfPixelCenters, and the bilinear one gives an image that is not square
 * the shape [b, w, h, c]. These give each number of the gradient back to where resizing read it.
 */

/** Where one output row or column reads: two inputs and the share of the second. */
interface Reading {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/** How an axis of `from` pixels is read to make one of `to`. */
type Read = (from: number, to: number, attributes: ResizeBilinearGradAttrs & HalfPixels) => Reading[];

interface HalfPixels {
  readonly halfPixelCenters?: boolean; // missing in tfjs's type of these attributes, yet handed over
}

/** Pixels of the input per pixel of the output. */
const stepOf = (from: number, to: number, alignCorners: boolean): number =>
  alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;

const readBilinear: Read = (from, to, { alignCorners, halfPixelCenters = false }) => {
  const step = stepOf(from, to, alignCorners);
  return Array.from({ length: to }, (_, index) => {
    const place = halfPixelCenters ? (index + 0.5) * step - 0.5 : index * step;
    const low = Math.max(0, Math.floor(place));
    return { low, high: Math.min(from - 1, Math.ceil(place)), share: place - low };
  });
};

const readNearest: Read = (from, to, { alignCorners, halfPixelCenters = false }) => {
  const step = stepOf(from, to, alignCorners);
  return Array.from({ length: to }, (_, index) => {
    const place = (halfPixelCenters ? index + 0.5 : index) * step;
    const low = Math.min(from - 1, alignCorners ? Math.round(place) : Math.floor(place));
    return { low, high: low, share: 0 };
  });
};

const gradientOf =
  (read: Read): KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const { dy, images } = inputs as { dy: TensorInfo; images: TensorInfo };
    const attributes = attrs as unknown as ResizeBilinearGradAttrs & HalfPixels;
    const [batch, height, width, channels] = images.shape;
    const rows = read(height, dy.shape[1], attributes);
    const columns = read(width, dy.shape[2], attributes);
    const engine = backend as KernelBackend;
    const slopes = engine.readSync(dy.dataId) as Float32Array;
    const sums = new Float64Array(util.sizeFromShape(images.shape));
    let at = 0;
    const give = (image: number, row: number, column: number, share: number): void => {
      const to = ((image * height + row) * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) sums[to + channel] += share * slopes[at + channel];
    };
    for (let image = 0; image < batch; image++) {
      for (const row of rows) {
        for (const column of columns) {
          give(image, row.low, column.low, (1 - row.share) * (1 - column.share));
          if (column.share !== 0) give(image, row.low, column.high, (1 - row.share) * column.share);
          if (row.share !== 0) give(image, row.high, column.low, row.share * (1 - column.share));
          if (row.share !== 0 && column.share !== 0) give(image, row.high, column.high, row.share * column.share);
          at += channels;
        }
      }
    }
    const { shape } = images;
    return { dataId: engine.write(Float32Array.from(sums), shape, 'float32'), shape, dtype: 'float32' };
  };

/** The gradient of bilinear resizing in its input. */
export const resizeBilinearGrad = gradientOf(readBilinear);
/** The gradient of resizing by the nearest pixel in its input. */
export const resizeNearestNeighborGrad = gradientOf(readNearest);

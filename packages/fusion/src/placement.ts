import { pad, tensor4d, type Tensor4D } from '@tensorflow/tfjs-core';
import { boxWindows, interpolationRows, type PasteWindow } from '@pffnet/tensor-ops';
import type { Boxes, Geometry, Size } from '@pffnet/structures';

/**
 * How a box becomes a window: height for rows and width for columns; or as the released code does, for parity only, width
 * for rows and height for columns, cut where the shorter side of the image ends. Where the release raises, this does not.
 */
export type WindowRule = 'exact' | 'released-extent-swap';

/** Where the masks of an image go. */
export interface Placement {
  /** One window per RoI, in order. */
  readonly windows: readonly PasteWindow[];
  /** The part of the image, from its first row and column, that windows can reach. */
  readonly canvas: Size;
  readonly image: Size;
}

/** Finds the window of every box. */
export function placeMasks(boxes: Boxes, image: Size, geometry: Geometry, rule: WindowRule): Placement {
  const windows = boxWindows(boxes, geometry);
  if (rule === 'exact') return { windows, canvas: image, image };
  const side = Math.min(image.height, image.width);
  return {
    windows: windows.map(({ y0, x0, height, width }) => ({ y0, x0, height: width, width: height })),
    canvas: { height: side, width: side },
    image,
  };
}

/** Extends a map of the canvas [1, h, w, c] to the image by a constant. */
export function padToImage(map: Tensor4D, { canvas, image }: Placement, value: number): Tensor4D {
  const [below, right] = [image.height - canvas.height, image.width - canvas.width];
  if (below === 0 && right === 0) return map;
  return pad(
    map,
    [
      [0, 0],
      [0, below],
      [0, right],
      [0, 0],
    ],
    value,
  );
}

/** @returns for each pixel of the canvas the last RoI whose window holds its centre, or -1. */
export function lastRois({ windows, canvas }: Placement): Int32Array {
  const { height, width } = canvas;
  const last = new Int32Array(height * width).fill(-1);
  windows.forEach((window, roi) => {
    const rows = interpolationRows(window.y0, window.height, 1, height); // 1 inside, 0 outside
    const columns = interpolationRows(window.x0, window.width, 1, width);
    for (let y = 0; y < height; y++) {
      if (rows[y] === 0) continue;
      for (let x = 0; x < width; x++) if (columns[x] !== 0) last[y * width + x] = roi;
    }
  });
  return last;
}

/** @returns [1, h, w, channels]: `values[1]` where a pixel of the canvas is in some window, else `values[0]`. */
export function covered(placement: Placement, channels: number, values: readonly [number, number]): Tensor4D {
  const { height, width } = placement.canvas;
  const last = lastRois(placement);
  const map = new Float32Array(last.length * channels);
  for (let at = 0; at < map.length; at++) map[at] = values[last[Math.floor(at / channels)] < 0 ? 0 : 1];
  return tensor4d(map, [1, height, width, channels]);
}

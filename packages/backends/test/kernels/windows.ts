import {
  at,
  compute,
  filled,
  floats,
  indicesOf,
  integers,
  type KernelCase,
  noise,
  type Values,
} from './kernel-case.ts';

/** Products of up to some thousand float32, added up in float32. */
const ADDED_UP = { rtol: 1e-5, atol: 1e-5 } as const;

type Two = readonly [number, number];

/** Where windows lie along rows and columns, tfjs's padding `same`, `valid`, or so many pixels on every side. */
interface Windows {
  readonly window: Two;
  readonly strides: Two;
  readonly pad: 'same' | 'valid' | number;
}

/** How many windows an axis has, and how far the first begins before it. */
function spread(length: number, axis: 0 | 1, { window, strides, pad }: Windows): { count: number; before: number } {
  const [size, stride] = [window[axis], strides[axis]];
  if (pad === 'same') {
    const count = Math.ceil(length / stride);
    return { count, before: Math.floor(Math.max(0, (count - 1) * stride + size - length) / 2) };
  }
  const before = pad === 'valid' ? 0 : pad;
  return { count: Math.floor((length + 2 * before - size) / stride) + 1, before };
}

const add = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The pixels of the window at (row, column) that exist: where they lie in the input, and in the window. */
function* pixelsOf([, height, width]: readonly number[], row: number, column: number, windows: Windows) {
  const { window, strides } = windows;
  const [{ before: top }, { before: left }] = [spread(height, 0, windows), spread(width, 1, windows)];
  for (let tapRow = 0; tapRow < window[0]; tapRow++) {
    for (let tapColumn = 0; tapColumn < window[1]; tapColumn++) {
      const y = row * strides[0] + tapRow - top;
      const x = column * strides[1] + tapColumn - left;
      if (y >= 0 && y < height && x >= 0 && x < width) yield { y, x, tapRow, tapColumn };
    }
  }
}

const outShape = (x: Values, windows: Windows, channels: number): number[] => [
  ...[x.shape[0], spread(x.shape[1], 0, windows).count, spread(x.shape[2], 1, windows).count, channels],
];

const layouts: readonly (readonly [string, readonly number[], Windows])[] = [
  ['3 x 3, same', [2, 6, 7, 3], { window: [3, 3], strides: [1, 1], pad: 'same' }],
  ['3 x 3 by 2, same', [1, 8, 7, 16], { window: [3, 3], strides: [2, 2], pad: 'same' }],
  ['2 x 2 by 2, valid', [1, 6, 6, 5], { window: [2, 2], strides: [2, 2], pad: 'valid' }],
  ['3 x 3 by 2, one around', [2, 5, 7, 4], { window: [3, 3], strides: [2, 2], pad: 1 }],
  ['3 x 2 by 1 x 2, valid', [2, 5, 6, 4], { window: [3, 2], strides: [1, 2], pad: 'valid' }],
  ['1 x 1', [1, 4, 4, 40], { window: [1, 1], strides: [1, 1], pad: 'valid' }],
  ['one pixel', [1, 1, 1, 1], { window: [1, 1], strides: [1, 1], pad: 'valid' }],
  ['no image', [0, 4, 4, 2], { window: [2, 2], strides: [1, 1], pad: 'valid' }],
];

const withNan = floats([NaN, 1, 2, 3, 4, 5, 6, 7, 8], [1, 3, 3, 1]);
const twoByTwo: Windows = { window: [2, 2], strides: [1, 1], pad: 'valid' };

/** The largest number; NaN is passed over. */
const largest = (values: readonly number[]): number => values.reduce((a, b) => (b > a ? b : a), -Infinity);

function pool(kernel: 'AvgPool' | 'MaxPool', name: string, x: Values, windows: Windows): KernelCase {
  const { window, strides, pad } = windows;
  const expected = compute(outShape(x, windows, x.shape[3]), ([image, row, column, channel]) => {
    const seen = [...pixelsOf(x.shape, row, column, windows)].map((pixel) => at(x, [image, pixel.y, pixel.x, channel]));
    return kernel === 'AvgPool' ? add(seen) / seen.length : largest(seen);
  });
  const attributes = { filterSize: [...window], strides: [...strides], pad };
  return { kernel, name, inputs: { x }, attributes, expected: [expected], rtol: 2e-6, atol: 1e-7 };
}

/** Each upstream number goes to the first largest pixel of its window. */
function maxPoolGradient(name: string, input: Values, windows: Windows): KernelCase {
  const output = pool('MaxPool', name, input, windows).expected[0];
  const dy = noise(output.shape, 'dy');
  const slopes = new Map<string, number>();
  const given = compute(output.shape, ([image, row, column, channel]) => {
    const pixels = [...pixelsOf(input.shape, row, column, windows)].map(({ y, x }) => [image, y, x, channel]);
    const most = largest(pixels.map((pixel) => at(input, pixel)));
    const first = pixels.find((pixel) => at(input, pixel) === most)?.join() ?? '';
    slopes.set(first, (slopes.get(first) ?? 0) + at(dy, [image, row, column, channel]));
    return 0;
  });
  const expected = compute(input.shape, (index) => slopes.get(index.join()) ?? 0);
  const attributes = { filterSize: [...windows.window], strides: [...windows.strides], pad: windows.pad };
  const inputs = { dy, input, output: floats(output.values, given.shape) };
  return { kernel: 'MaxPoolGrad', name, inputs, attributes, expected: [expected], rtol: 1e-6, atol: 1e-6 };
}

/** Each upstream number goes to all pixels of its window alike. */
function avgPoolGradient(name: string, input: Values, windows: Windows): KernelCase {
  const dy = noise(outShape(input, windows, input.shape[3]), 'dy');
  const slopes = new Map<string, number>();
  for (const [image, row, column, channel] of indicesOf(dy.shape)) {
    const pixels = [...pixelsOf(input.shape, row, column, windows)];
    for (const { y, x } of pixels) {
      const pixel = [image, y, x, channel].join();
      slopes.set(pixel, (slopes.get(pixel) ?? 0) + at(dy, [image, row, column, channel]) / pixels.length);
    }
  }
  const expected = compute(input.shape, (index) => slopes.get(index.join()) ?? 0);
  const attributes = { filterSize: [...windows.window], strides: [...windows.strides], pad: windows.pad };
  return {
    kernel: 'AvgPoolGrad',
    name,
    inputs: { dy, input },
    attributes,
    expected: [expected],
    rtol: 1e-6,
    atol: 1e-6,
  };
}

/** A convolution and both its gradients, from the same sum over (image, row, column, tap, channel in, channel out). */
function convolutions(name: string, x: Values, outChannels: number, windows: Windows, filter?: Values): KernelCase[] {
  const [, , , inChannels] = x.shape;
  const kernel = filter ?? noise([...windows.window, inChannels, outChannels], 'kernel');
  const shape = outShape(x, windows, outChannels);
  const y = compute(shape, ([image, row, column, out]) => {
    let total = 0;
    for (const pixel of pixelsOf(x.shape, row, column, windows)) {
      for (let channel = 0; channel < inChannels; channel++) {
        total += at(x, [image, pixel.y, pixel.x, channel]) * at(kernel, [pixel.tapRow, pixel.tapColumn, channel, out]);
      }
    }
    return total;
  });
  const dy = noise(shape, 'dy');
  const ofFilter = new Map<string, number>();
  const ofInput = new Map<string, number>();
  const gather = (sums: Map<string, number>, to: number[], term: number): void =>
    void sums.set(to.join(), (sums.get(to.join()) ?? 0) + term);
  compute(shape, ([image, row, column, out]) => {
    const slope = at(dy, [image, row, column, out]);
    for (const { y, x: place, tapRow, tapColumn } of pixelsOf(x.shape, row, column, windows)) {
      for (let channel = 0; channel < inChannels; channel++) {
        const [from, tap] = [
          [image, y, place, channel],
          [tapRow, tapColumn, channel, out],
        ];
        gather(ofFilter, tap, slope * at(x, from));
        gather(ofInput, from, slope * at(kernel, tap));
      }
    }
    return 0;
  });
  const attributes = { strides: [...windows.strides], pad: windows.pad, dataFormat: 'NHWC' };
  const dx = compute(x.shape, (index) => ofInput.get(index.join()) ?? 0);
  const dk = compute(kernel.shape, (index) => ofFilter.get(index.join()) ?? 0);
  return [
    {
      ...{ kernel: 'Conv2D', name, inputs: { x, filter: kernel }, expected: [y], ...ADDED_UP },
      attributes: { ...attributes, dilations: [1, 1] },
    },
    {
      ...{ kernel: 'Conv2DBackpropFilter', name, inputs: { x, dy }, expected: [dk], ...ADDED_UP },
      attributes: { ...attributes, filterShape: [...kernel.shape] },
    },
    {
      ...{ kernel: 'Conv2DBackpropInput', name, inputs: { dy, filter: kernel }, expected: [dx], ...ADDED_UP },
      attributes: { ...attributes, inputShape: [...x.shape] },
    },
  ];
}

const poolCases = [
  ...layouts.flatMap(([name, shape, windows]) => [
    pool('AvgPool', name, noise(shape), windows),
    pool('MaxPool', name, noise(shape), windows),
    maxPoolGradient(name, noise(shape), windows),
  ]),
  // No package pools over padding, where engines divide by the whole window.
  ...layouts
    .filter(([, , { pad }]) => pad === 'valid')
    .map(([name, shape, windows]) => avgPoolGradient(name, noise(shape), windows)),
  pool('AvgPool', 'a NaN', withNan, twoByTwo),
  pool('MaxPool', 'a NaN', withNan, twoByTwo),
  pool('MaxPool', 'ties', filled([1, 3, 3, 2], 1), twoByTwo),
  maxPoolGradient('ties', filled([1, 3, 3, 2], 1), twoByTwo),
  pool('AvgPool', 'infinity', floats([Infinity, 1, 2, 3], [1, 2, 2, 1]), twoByTwo),
];

const convolutionCases = [
  ...layouts.flatMap(([name, shape, windows]) => convolutions(name, noise(shape), 5, windows)),
  ...convolutions('large sums', filled([1, 2, 2, 4000], 0.1), 1, { window: [1, 1], strides: [1, 1], pad: 'valid' }),
  convolutions('a NaN', withNan, 1, twoByTwo, filled([2, 2, 1, 1], 1))[0],
];

/** Where an output row or column reads the input. */
function sourceOf(index: number, from: number, to: number, corners: boolean, halves: boolean): number {
  const step = corners && to > 1 ? (from - 1) / (to - 1) : from / to;
  return halves ? Math.max(0, (index + 0.5) * step - 0.5) : index * step;
}

/** Between the four neighbours of a place, which lies within the image. */
function between(images: Values, image: number, row: number, column: number, channel: number): number {
  const [, height, width] = images.shape;
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const read = (y: number, x: number): number =>
    at(images, [image, Math.min(y, height - 1), Math.min(x, width - 1), channel]);
  const line = (y: number): number =>
    (1 - (column - left)) * read(y, left) + (column - left === 0 ? 0 : (column - left) * read(y, left + 1));
  return (1 - (row - top)) * line(top) + (row - top === 0 ? 0 : (row - top) * line(top + 1));
}

function resize(name: string, images: Values, size: Two, alignCorners: boolean, halfPixelCenters: boolean): KernelCase {
  const [batch, height, width, channels] = images.shape;
  const expected = compute([batch, ...size, channels], ([image, row, column, channel]) => {
    const y = sourceOf(row, height, size[0], alignCorners, halfPixelCenters);
    const x = sourceOf(column, width, size[1], alignCorners, halfPixelCenters);
    return between(images, image, y, x, channel);
  });
  const attributes = { size: [...size], alignCorners, halfPixelCenters };
  return {
    kernel: 'ResizeBilinear',
    name,
    inputs: { images },
    attributes,
    expected: [expected],
    rtol: 1e-5,
    atol: 1e-6,
  };
}

const resizeCases = [
  [false, false],
  [true, false],
  [false, true],
].flatMap(([corners, halves]) => {
  const mode = corners ? ', corners aligned' : halves ? ', half pixels' : '';
  return [
    resize(`larger${mode}`, noise([2, 4, 5, 3]), [9, 7], corners, halves),
    resize(`smaller${mode}`, noise([1, 9, 7, 2]), [4, 5], corners, halves),
    resize(`one pixel${mode}`, noise([1, 1, 1, 2]), [3, 3], corners, halves),
    resize(`ties${mode}`, filled([1, 3, 3, 1], 0.3), [5, 5], corners, halves),
    resize(`no image${mode}`, floats([], [0, 3, 3, 1]), [5, 5], corners, halves),
  ];
});

function crop(name: string, image: Values, boxes: Values, boxInd: Values): KernelCase {
  const cropSize = [3, 2];
  const [, height, width, channels] = image.shape;
  const expected = compute([boxes.shape[0], ...cropSize, channels], ([box, row, column, channel]) => {
    const [y1, x1, y2, x2] = [0, 1, 2, 3].map((side) => at(boxes, [box, side]));
    const y = y1 * (height - 1) + (row * (y2 - y1) * (height - 1)) / (cropSize[0] - 1);
    const x = x1 * (width - 1) + (column * (x2 - x1) * (width - 1)) / (cropSize[1] - 1);
    if (!(y >= 0 && y <= height - 1 && x >= 0 && x <= width - 1)) return -1;
    return between(image, at(boxInd, [box]), y, x, channel);
  });
  return {
    ...{
      kernel: 'CropAndResize',
      name,
      inputs: { image, boxes, boxInd },
      expected: [expected],
      rtol: 1e-5,
      atol: 1e-5,
    },
    attributes: { cropSize, method: 'bilinear', extrapolationValue: -1 },
  };
}

const cropCases = [
  crop(
    'inside, and across the border',
    noise([2, 6, 5, 3]),
    floats([0.1, 0.2, 0.8, 0.7, -0.2, 0.1, 0.5, 1.3], [2, 4]),
    integers([0, 1]),
  ),
  crop('no box', noise([1, 6, 5, 3]), floats([], [0, 4]), integers([])),
];

/** Kernels that look at windows of an image. */
export const windowCases = [...poolCases, ...convolutionCases, ...resizeCases, ...cropCases];

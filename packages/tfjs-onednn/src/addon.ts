import { availableParallelism } from 'node:os';
import { createRequire } from 'node:module';

/** A typed array of one of tfjs's plain types: float32, int32, bool. */
export type Values = Float32Array | Int32Array | Uint8Array;

/** A kernel or right factor: float32, or bf16 numbers, which make the other factor be rounded too. */
export type Factor = Float32Array | Uint16Array;

/** The functions of the C++ addon; the files in `native/bindings` say what each does. All check their arguments and throw. */
export interface Addon {
  readonly unaryOperations: Readonly<Record<string, number>>;
  readonly binaryOperations: Readonly<Record<string, number>>;
  readonly reductions: Readonly<Record<string, number>>;
  allocate(bytes: number): ArrayBuffer;
  /** Buffers of so many bytes in all, which `allocate` made, are not used again: JavaScript's garbage collection counts them. */
  letGo(bytes: number): void;
  unary(operation: number, x: Float32Array, y: Float32Array, a: number, b: number): void;
  /** `layout`: rank, shape, strides of a, strides of b. */
  binary(operation: number, a: Values, b: Values, y: Values, layout: Int32Array): void;
  select(condition: Uint8Array, a: Values, b: Values, y: Values, outer: number, inner: number): void;
  reduce(operation: number, x: Float32Array, y: Float32Array, outer: number, middle: number, inner: number): void;
  softmax(x: Float32Array, y: Float32Array, rows: number, columns: number): void;
  sumOfSquares(terms: Float32Array[]): number;
  sumOf(terms: Float32Array[], y: Float32Array): void;
  cast(x: Values, y: Values): void;
  /** `layout`: rank, shape, strides of x, strides of y. */
  copy(x: Values, xOffset: number, y: Values, yOffset: number, layout: Int32Array): void;
  fill(y: Values, value: number): void;
  gather(x: Values, indices: Int32Array, y: Values, outer: number, rows: number, inner: number): void;
  segmentSum(x: Float32Array, segments: Int32Array, y: Float32Array, segmentCount: number, inner: number): void;
  pool(kind: 'max' | 'avg', x: Float32Array, y: Float32Array, window: Int32Array): void;
  maxPoolGrad(x: Float32Array, dy: Float32Array, dx: Float32Array, window: Int32Array): void;
  avgPoolGrad(dy: Float32Array, dx: Float32Array, window: Int32Array): void;
  resize(kind: ResizeKind, from: Float32Array, to: Float32Array, resize: Int32Array): void;
  convolve(
    x: Float32Array,
    kernel: Factor,
    bias: Float32Array | null,
    y: Float32Array,
    convolution: Int32Array,
    activation: number,
    alpha: number,
  ): void;
  convolveBackwardInput(dy: Float32Array, kernel: Factor, dx: Float32Array, convolution: Int32Array): void;
  convolveBackwardKernel(
    x: Float32Array,
    dy: Float32Array,
    dkernel: Float32Array,
    convolution: Int32Array,
    inBf16: boolean,
  ): void;
  multiply(
    a: Float32Array,
    b: Factor,
    bias: Float32Array | null,
    y: Float32Array,
    product: Int32Array,
    activation: number,
    alpha: number,
  ): void;
  /** `layout`: images, pixels, channels, groups, whether a ReLU follows. */
  groupNormalize(
    x: Float32Array,
    scale: Float32Array,
    shift: Float32Array,
    y: Float32Array,
    mean: Float32Array,
    rstd: Float32Array,
    layout: Int32Array,
    epsilon: number,
  ): void;
  groupNormalizeGrad(
    dy: Float32Array,
    x: Float32Array,
    scale: Float32Array,
    shift: Float32Array,
    mean: Float32Array,
    rstd: Float32Array,
    dx: Float32Array,
    dscale: Float32Array,
    dshift: Float32Array,
    layout: Int32Array,
    epsilon: number,
  ): void;
  sgd(
    parameter: Float32Array,
    velocity: Float32Array,
    gradient: Float32Array,
    newParameter: Float32Array,
    newVelocity: Float32Array,
    /** Where the new parameter goes as bf16 numbers too. */
    rounded: Uint16Array | null,
    momentum: number,
    decay: number,
    rate: number,
    gradientScale: number,
  ): void;
  /** `sizes`: boxes, side, samples, channels, then height and width of each level. */
  roiAlign(
    levels: Float32Array[],
    rows: Float64Array,
    columns: Float64Array,
    levelOfBox: Int32Array,
    y: Float32Array,
    sizes: Int32Array,
  ): void;
  /** Writes to `gradients`, one per level. */
  roiAlignGrad(
    gradients: Float32Array[],
    rows: Float64Array,
    columns: Float64Array,
    levelOfBox: Int32Array,
    dy: Float32Array,
    sizes: Int32Array,
  ): void;
  /** Rounds to bf16 numbers, as kernels and right factors may be given where the processor has bf16. */
  roundToBf16(x: Float32Array, y: Uint16Array): void;
  setThreads(threads: number): void;
  about(): { version: string; instructions: string; threads: number; bf16: boolean; primitives: number };
  secondsOfPrimitive(pass: 'forward' | 'input' | 'kernel', convolution: Int32Array, repeats: number): number;
  secondsOfProduct(product: Int32Array, repeats: number): number;
}

/**
 * The type in which convolutions and products read their factors: as they are, or rounded to bf16, which has the range of
 * float32 and 8 bits of precision. Sums and results are float32 in both.
 */
export type Precision = 'f32' | 'bf16';

/** Which way a resize goes. */
export type ResizeKind = 'bilinear' | 'bilinearGrad' | 'nearest' | 'nearestGrad';

/** Environment variables that say how many threads to use; the first that is set wins. */
const THREAD_VARIABLES = ['PFFNET_NUM_THREADS', 'ONEDNN_NUM_THREADS', 'OMP_NUM_THREADS'];

/**
 * Loads the compiled addon.
 * @throws Error with one readable line if it was not built, or if the oneDNN library is missing now.
 */
export function loadAddon(): Addon {
  const addon = withPatientThreads(() => {
    try {
      return createRequire(import.meta.url)('../build/Release/tfjs_onednn.node') as Addon;
    } catch (error) {
      const { code, message } = error as { code?: string; message: string };
      const reason =
        code === 'MODULE_NOT_FOUND' ? 'the addon was not built' : (message.split('\n', 1)[0] ?? 'it does not load');
      throw new Error(`@pffnet/tfjs-onednn: ${reason}`, { cause: error });
    }
  });
  addon.setThreads(threadsWanted());
  return addon;
}

function threadsWanted(): number {
  for (const name of THREAD_VARIABLES) {
    const text = process.env[name];
    if (text === undefined || text === '') continue;
    const threads = Number(text);
    if (Number.isInteger(threads) && threads > 0) return threads;
    throw new Error(`${name}: expected a whole number of threads, got ${text}`);
  }
  return availableParallelism();
}

/**
 * Loads with GNU OpenMP told to let idle threads sleep soon instead of spinning, so that two processes side by side
 * do not take each other's processors. It reads these variables once, when it is loaded; what the user set wins.
 */
function withPatientThreads<T>(load: () => T): T {
  const untouched = ['OMP_WAIT_POLICY', 'GOMP_SPINCOUNT'].every((name) => process.env[name] === undefined);
  if (!untouched) return load();
  process.env['GOMP_SPINCOUNT'] = '1000';
  try {
    return load();
  } finally {
    delete process.env['GOMP_SPINCOUNT'];
  }
}

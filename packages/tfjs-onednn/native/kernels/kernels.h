// The memory-bound kernels. Their code (vector_kernels.h) is compiled once per instruction set; the machine chooses.
#pragma once
#include <cstddef>
#include <cstdint>

// Element-wise functions of one float; a and b are their parameters.
#define UNARY_OPERATIONS(X)                                                                                            \
  X(Abs) X(Ceil) X(ClipByValue) X(Cos) X(Elu) X(Erf) X(Exp) X(Expm1) X(Floor) X(LeakyRelu) X(Log) X(Log1p) X(Neg)      \
  X(Reciprocal) X(Relu) X(Relu6) X(Rsqrt) X(Sigmoid) X(Sin) X(Softplus) X(Sqrt) X(Square) X(Step) X(Tanh)

// Functions of two numbers with a result of the same type, for float and int32.
#define ARITHMETIC_OPERATIONS(X) X(Add) X(Maximum) X(Minimum) X(Multiply) X(SquaredDifference) X(Sub)

// Functions of two floats.
#define FLOAT_OPERATIONS(X) X(Atan2) X(EluGrad) X(Pow) X(Prelu) X(RealDiv)

// Functions of two numbers with a truth value as result.
#define COMPARISONS(X) X(Equal) X(Greater) X(GreaterEqual) X(Less) X(LessEqual) X(NotEqual)

#define REDUCTIONS(X) X(Max) X(Mean) X(Min) X(Prod) X(Sum)

namespace tfjs_onednn {

#define NAME(name) name,
enum class Unary { UNARY_OPERATIONS(NAME) count };
enum class Binary { ARITHMETIC_OPERATIONS(NAME) FLOAT_OPERATIONS(NAME) COMPARISONS(NAME) count };
enum class Reduction { REDUCTIONS(NAME) count };
#undef NAME

enum class ElementType { float32, int32, boolean };

constexpr int maximalRank = 8;

// A nest of loops over two operands, the outermost first; strides count elements.
struct Nest {
  int rank = 0;
  int64_t shape[maximalRank] = {};
  int64_t strides[2][maximalRank] = {};
  // How often the `loops` outermost loops run together.
  int64_t rows(int loops) const {
    int64_t product = 1;
    for (int d = 0; d < loops; d++) product *= shape[d];
    return product;
  }
};

struct Window {
  int64_t batch, inHeight, inWidth, channels, outHeight, outWidth;
  int64_t height, width, strideHeight, strideWidth, dilationHeight, dilationWidth, top, left;
};

struct Resize {
  int64_t batch, inHeight, inWidth, channels, outHeight, outWidth;
  bool alignCorners, halfPixelCenters;
};

// A kernel [taps, in, out] cut into tiles of inTile x outTile numbers, padded with zeros; the strides are those between
// neighbouring taps and tiles. Within a tile the outputs or the inputs lie next to each other.
struct KernelTiles {
  int64_t taps, in, out;
  int64_t inTile, outTile, tapStride, inStride, outStride;
  bool outInnermost;
};

// Images [images, pixels, channels], whose channels are normalised in `groups`; `relu`: with a ReLU after it.
struct GroupNorm {
  int64_t images, pixels, channels, groups;
  bool relu;
  double epsilon;
};

struct Descent {
  float momentum, decay, rate, gradientScale;
};

// One map of a pyramid [height, width, channels]; `gradient` is written to on the way back only.
struct RoiLevel {
  int64_t height, width;
  const float *map;
  float *gradient;
};

// Boxes cut out of the levels as [boxes, side, side, channels]: every cell is the mean of samples x samples bilinear
// samples. rows and columns [boxes, side, samples] are their places in cells of the level; NaN lies outside, where the
// map is zero.
struct RoiAlign {
  int64_t boxes, side, samples, channels;
  const double *rows, *columns;
  const int32_t *levelOfBox;
  const RoiLevel *levels;
  int64_t levelCount;
};

// Numbers that follow one another.
struct Run {
  const float *values;
  int64_t length;
};

struct Kernels {
  const char *name;
  void (*unary)(Unary operation, const float *x, float *y, int64_t count, float a, float b);
  // nest: strides[0] of a, strides[1] of b; the output is dense.
  void (*binaryFloat)(Binary operation, const float *a, const float *b, void *y, const Nest &nest);
  void (*binaryInt)(Binary operation, const int32_t *a, const int32_t *b, void *y, const Nest &nest);
  void (*select)(const uint8_t *condition, const uint32_t *a, const uint32_t *b, uint32_t *y, int64_t outer, int64_t inner);
  // Reduces the middle axis of [outer, middle, inner].
  void (*reduce)(Reduction operation, const float *x, float *y, int64_t outer, int64_t middle, int64_t inner);
  void (*softmax)(const float *x, float *y, int64_t rows, int64_t columns);
  void (*sumOf)(const float *const *terms, int64_t termCount, float *y, int64_t count);
  // To the nearest of bf16's numbers, of two equally near ones to the even.
  void (*roundToBf16)(const float *x, uint16_t *y, int64_t count);
  void (*cast)(ElementType from, const void *x, ElementType to, void *y, int64_t count);
  // nest: strides[0] of the source, strides[1] of the destination.
  void (*copy)(int elementSize, const void *x, void *y, const Nest &nest);
  void (*fill)(uint32_t pattern, uint32_t *y, int64_t count);
  // y[o, i, :] = x[o, indices[i], :]
  void (*gather)(const uint32_t *x, const int32_t *indices, uint32_t *y, int64_t outer, int64_t rows, int64_t picked,
                 int64_t inner);
  // y[segments[i], :] += x[i, :]; y is set to zero first; negative segments are dropped.
  void (*segmentSum)(const float *x, const int32_t *segments, float *y, int64_t rows, int64_t segmentCount, int64_t inner);
  void (*maxPool)(const float *x, float *y, const Window &window);
  void (*maxPoolGrad)(const float *x, const float *dy, float *dx, const Window &window);
  void (*avgPool)(const float *x, float *y, const Window &window);
  void (*avgPoolGrad)(const float *dy, float *dx, const Window &window);
  void (*resizeBilinear)(const float *x, float *y, const Resize &resize);
  void (*resizeBilinearGrad)(const float *dy, float *dx, const Resize &resize);
  void (*resizeNearest)(const float *x, float *y, const Resize &resize);
  void (*resizeNearestGrad)(const float *dy, float *dx, const Resize &resize);
  // y[m, n] = sum over k of a[m, k] * b[k, n] for few rows m.
  void (*fewRows)(const float *a, const float *b, float *y, int64_t m, int64_t n, int64_t k);
  // patches: [batch, outHeight, outWidth, height, width, channels]; outside the image they are 0.
  void (*gatherPatches)(const float *x, float *patches, const Window &window);
  void (*sumPatches)(const float *patches, float *dx, const Window &window);
  void (*packKernel)(const float *plain, float *tiles, const KernelTiles &layout);
  // Only tiles in which the outputs are innermost.
  void (*unpackKernel)(const float *tiles, float *plain, const KernelTiles &layout);
  // mean and rstd (1 / standard deviation) are [images, groups].
  void (*groupNormalize)(const float *x, const float *scale, const float *shift, float *y, float *mean, float *rstd,
                         const GroupNorm &norm);
  void (*groupNormalizeGrad)(const float *dy, const float *x, const float *scale, const float *shift, const float *mean,
                             const float *rstd, float *dx, float *dscale, float *dshift, const GroupNorm &norm);
  // rounded: the new parameter as bf16 numbers, or null.
  void (*sgd)(const float *parameter, const float *velocity, const float *gradient, float *newParameter,
              float *newVelocity, uint16_t *rounded, int64_t count, const Descent &descent);
  void (*roiAlign)(const RoiAlign &align, float *y);
  void (*roiAlignGrad)(const RoiAlign &align, const float *dy);
  double (*sumOfSquares)(const Run *runs, int64_t runCount);
};

const Kernels &baseKernels();
#ifdef TFJS_ONEDNN_X86
const Kernels &avx2Kernels();
const Kernels &avx512Kernels();
#endif

// The fastest of them that this processor runs.
const Kernels &kernels();

} // namespace tfjs_onednn

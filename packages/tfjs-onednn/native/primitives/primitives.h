// Convolutions and matrix products by oneDNN. Primitives are kept by shape, the least recently used dropped first.
#pragma once
#include <cstdint>

namespace tfjs_onednn {

// Images are dense [b, h, w, c], kernels dense [height, width, in, out] or, with groups = channels, [height, width, c, m].
struct Convolution {
  int64_t batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels;
  int64_t height, width, strideHeight, strideWidth, dilationHeight, dilationWidth;
  int64_t top, bottom, left, right;
  int64_t groups;
};

// In which type convolutions and products read their factors; sums and results are float32 in both.
enum class Precision : char { f32, bf16 };
// Whether this machine has instructions for products of bf16 numbers, and oneDNN uses them.
bool multipliesBf16();

// A factor that is read again and again, such as a kernel: dense numbers of this type. One of bf16 makes the other factor
// be rounded too.
struct Factor {
  const void *data;
  Precision type;
};

enum class Activation { none, relu, relu6, elu, sigmoid, leakyRelu };

// `bias` may be null.
void convolve(const Convolution &shape, const float *x, const Factor &kernel, const float *bias, float *y, Activation activation, float alpha);
void convolveBackwardInput(const Convolution &shape, const float *dy, const Factor &kernel, float *dx);
void convolveBackwardKernel(const Convolution &shape, Precision precision, const float *x, const float *dy, float *dkernel);

// y[i] = a[i] * b[i] over `batch` products of [m, k] and [k, n]; a factor with aBatch or bBatch 1 serves all of them.
// A transposed factor lies as [k, m] or [n, k] in memory. `bias`, [n], may be null.
struct Product {
  int64_t aBatch, bBatch, m, n, k;
  bool transposeA, transposeB;
};
void multiply(const Product &shape, const float *a, const Factor &b, const float *bias, float *y, Activation activation,
              float alpha);
// The same of two factors that lie as float32, in either precision.
void multiplyFloats(const Product &shape, Precision precision, const float *a, const float *b, float *y);

// Seconds that oneDNN's own primitive takes for one call on data in the layouts it likes best.
enum class Pass { forward, input, kernel };
double secondsOfPrimitive(const Convolution &shape, Pass pass, int repeats);
double secondsOfProduct(const Product &shape, int repeats);

const char *libraryVersion();
int64_t cachedPrimitives();

} // namespace tfjs_onednn

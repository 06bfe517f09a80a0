// Convolutions and their gradients, by oneDNN's convolutions or as products of matrices.
#include <algorithm>
#include <cstring>
#include <initializer_list>

#include "primitives/convolution_layouts.h"
#include "primitives/prepared.h"
#include "primitives/primitives.h"

namespace tfjs_onednn {
namespace {

thread_local Workspace packedKernel, patches, orderedInput, orderedOutput;

// Without AVX-512, oneDNN's convolutions are much faster on images whose channels lie in blocks than on tfjs's, and to lay
// them out costs little. Its convolutions of single pixels gain from it in the gradient of the kernel only. Which code it
// would run follows from the shape and the machine, so that results repeat bit by bit.
template <typename Describe>
auto preferredFloat(const Convolution &s, std::initializer_list<const char *> slowOnes, const Describe &describe) {
  auto asTheyLie = describe(Tag::nhwc, Type::f32);
  if (s.groups != 1) return asTheyLie;
  for (const char *name : slowOnes) {
    if (std::strcmp(asTheyLie.impl_info_str(), name) == 0) return describe(Tag::any, Type::f32);
  }
  return asTheyLie;
}

// bf16 only where oneDNN has vector code for it; its other code would be slower than float32.
template <typename Describe>
auto preferred(const Convolution &s, Precision precision, std::initializer_list<const char *> slowOnes,
               const Describe &describe) {
  if (precision == Precision::bf16 && s.groups == 1) {
    auto asTheyLie = describe(Tag::nhwc, Type::bf16);
    if (std::strstr(asTheyLie.impl_info_str(), "bf16") != nullptr) return asTheyLie;
  }
  return preferredFloat(s, slowOnes, describe);
}

// Few pixels and many channels: to lay out the kernel for a convolution would take as long as the convolution. A product
// takes it as it is, and what has to be laid out are the few patches. So do columns of single pixels under a stride, where
// oneDNN 3.7 reads the wrong rows.
bool isProduct(const Convolution &s) {
  return s.groups == 1 && (s.batch * s.outHeight * s.outWidth <= s.outChannels || (s.outWidth == 1 && s.strideWidth > 1));
}

int64_t patchSize(const Convolution &s) { return s.height * s.width * s.inChannels; }

// Each pixel is its own patch: nothing has to be laid out at all.
bool isPointwise(const Convolution &s) {
  return s.height * s.width == 1 && s.inHeight == s.outHeight && s.inWidth == s.outWidth && s.strideHeight == 1 &&
         s.strideWidth == 1 && s.top == 0 && s.left == 0;
}

bool onAvx2() { return std::strcmp(kernels().name, "avx2") == 0; }

// The values as a product. Without AVX-512 oneDNN's product is slow where so many outputs lie a power of two apart that
// they share few places of a cache.
bool isForwardProduct(const Convolution &s) {
  return isProduct(s) && !(onAvx2() && isPointwise(s) && s.outChannels >= 1024);
}

// The gradient of the kernel as a product. Without AVX-512 it wins as long as the patches stay in the caches, and always
// where they are the image, with the same exception.
bool isKernelProduct(const Convolution &s) {
  constexpr int64_t cached = 6 << 20;
  if (!onAvx2() || s.groups != 1) return isProduct(s);
  if (isPointwise(s)) return s.inChannels < 1024;
  return isProduct(s) || s.batch * s.outHeight * s.outWidth * patchSize(s) * static_cast<int64_t>(sizeof(float)) <= cached;
}

float *requestPatches(const Convolution &s) {
  return static_cast<float *>(patches.request(sizeof(float) * s.batch * s.outHeight * s.outWidth * patchSize(s)));
}

Window windowOf(const Convolution &s) {
  return {s.batch, s.inHeight, s.inWidth,     s.inChannels,  s.outHeight,      s.outWidth,      s.height,
          s.width, s.strideHeight, s.strideWidth, s.dilationHeight, s.dilationWidth, s.top, s.left};
}

const float *patchesOf(const Convolution &s, const float *x) {
  if (isPointwise(s)) return x;
  float *rows = requestPatches(s);
  kernels().gatherPatches(x, rows, windowOf(s));
  return rows;
}

// The kernel as the primitive wants it, moved by our own code where that knows the layout.
void readsKernel(Prepared &made, const Convolution &s, const memory::desc &wanted, Precision type) {
  made.reads(DNNL_ARG_WEIGHTS, wanted, plainKernelOf(s, layoutsOf(s), factorType(type)), packedKernel);
  const auto tiles = tilesOf(s, wanted);
  if (tiles && type == Precision::f32) made.moveAsTiles(DNNL_ARG_WEIGHTS, *tiles);
}

void writesKernel(Prepared &made, const Convolution &s, const memory::desc &wanted) {
  made.writes(DNNL_ARG_DIFF_WEIGHTS, wanted, plainKernelOf(s, layoutsOf(s), Type::f32), packedKernel);
  const auto tiles = tilesOf(s, wanted);
  if (tiles && tiles->outInnermost) made.moveAsTiles(DNNL_ARG_DIFF_WEIGHTS, *tiles);
}

} // namespace

void convolve(const Convolution &s, const float *x, const Factor &kernel, const float *bias, float *y, Activation activation,
              float alpha) {
  if (isForwardProduct(s)) {
    const int64_t pixels = s.batch * s.outHeight * s.outWidth;
    return multiply({1, 1, pixels, s.outChannels, patchSize(s), false, false}, patchesOf(s, x), kernel, bias, y, activation,
                    alpha);
  }
  const int flags = static_cast<int>(activation) * 2 + (bias != nullptr);
  auto &convolution = prepared(keyOf('f', s, kernel.type, flags, alpha), [&](Prepared &made) {
    const auto layouts = layoutsOf(s);
    const auto description = preferred(s, kernel.type, {"jit:avx2"}, [&](Tag images, Type factors) {
      return describeForward(s, images, factors, bias != nullptr, attributes(activation, alpha));
    });
    made.declare(dnnl::convolution_forward(description), description.scratchpad_desc());
    made.reads(DNNL_ARG_SRC, description.src_desc(), described(layouts.source, Tag::nhwc), orderedInput);
    made.writes(DNNL_ARG_DST, description.dst_desc(), described(layouts.destination, Tag::nhwc), orderedOutput);
    if (bias != nullptr) made.reads(DNNL_ARG_BIAS, description.bias_desc(), description.bias_desc(), orderedInput);
    readsKernel(made, s, description.weights_desc(), kernel.type);
  });
  convolution.read(DNNL_ARG_WEIGHTS, kernel.data);
  convolution.read(DNNL_ARG_SRC, x);
  if (bias != nullptr) convolution.read(DNNL_ARG_BIAS, bias);
  convolution.runInto(DNNL_ARG_DST, y);
}

void convolveBackwardInput(const Convolution &s, const float *dy, const Factor &kernel, float *dx) {
  if (isProduct(s)) {
    const int64_t pixels = s.batch * s.outHeight * s.outWidth;
    float *rows = isPointwise(s) ? dx : requestPatches(s);
    multiply({1, 1, pixels, patchSize(s), s.outChannels, false, true}, dy, kernel, nullptr, rows, Activation::none, 0.f);
    if (rows != dx) kernels().sumPatches(rows, dx, windowOf(s));
    return;
  }
  auto &convolution = prepared(keyOf('d', s, kernel.type, 0, 0.f), [&](Prepared &made) {
    const auto layouts = layoutsOf(s);
    const auto description = preferred(s, kernel.type, {"jit:avx2"}, [&](Tag images, Type factors) {
      return describeInput(s, images, factors, attributes(Activation::none, 0.f));
    });
    made.declare(dnnl::convolution_backward_data(description), description.scratchpad_desc());
    made.writes(DNNL_ARG_DIFF_SRC, description.diff_src_desc(), described(layouts.source, Tag::nhwc), orderedOutput);
    made.reads(DNNL_ARG_DIFF_DST, description.diff_dst_desc(), described(layouts.destination, Tag::nhwc), orderedInput);
    readsKernel(made, s, description.weights_desc(), kernel.type);
  });
  convolution.read(DNNL_ARG_WEIGHTS, kernel.data);
  convolution.read(DNNL_ARG_DIFF_DST, dy);
  convolution.runInto(DNNL_ARG_DIFF_SRC, dx);
}

void convolveBackwardKernel(const Convolution &s, Precision wanted, const float *x, const float *dy, float *dkernel) {
  // With few outputs the conversion takes longer than the rest.
  const Precision precision = s.outChannels < 16 ? Precision::f32 : wanted;
  if (isKernelProduct(s)) {
    const int64_t pixels = s.batch * s.outHeight * s.outWidth;
    return multiplyFloats({1, 1, patchSize(s), s.outChannels, pixels, true, false}, precision, patchesOf(s, x), dy, dkernel);
  }
  auto &convolution = prepared(keyOf('w', s, precision, 0, 0.f), [&](Prepared &made) {
    const auto layouts = layoutsOf(s);
    const auto description = preferred(s, precision, {"jit:avx2", "jit_1x1:avx2"}, [&](Tag images, Type factors) {
      return describeKernel(s, images, factors, attributes(Activation::none, 0.f));
    });
    made.declare(dnnl::convolution_backward_weights(description), description.scratchpad_desc());
    made.reads(DNNL_ARG_SRC, description.src_desc(), described(layouts.source, Tag::nhwc), orderedInput);
    made.reads(DNNL_ARG_DIFF_DST, description.diff_dst_desc(), described(layouts.destination, Tag::nhwc), orderedOutput);
    writesKernel(made, s, description.diff_weights_desc());
  });
  convolution.read(DNNL_ARG_SRC, x);
  convolution.read(DNNL_ARG_DIFF_DST, dy);
  convolution.runInto(DNNL_ARG_DIFF_WEIGHTS, dkernel);
}

} // namespace tfjs_onednn

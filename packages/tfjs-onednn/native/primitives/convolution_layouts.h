// How a convolution is described to oneDNN.
#pragma once
#include <optional>

#include "kernels/kernels.h"
#include "primitives/onednn.h"

namespace tfjs_onednn {

struct ConvolutionLayouts {
  Dims source, destination, kernel, strides, dilation, before, after;
};

ConvolutionLayouts layoutsOf(const Convolution &shape);

inline memory::desc described(const Dims &dims, Tag tag, Type type = Type::f32) { return memory::desc(dims, type, tag); }

// tfjs's layout: [height, width, in / groups, out] with the groups' outputs after one another; for depthwise kernels
// [height, width, c, m].
memory::desc plainKernelOf(const Convolution &shape, const ConvolutionLayouts &layouts, Type type);

// The three passes on images laid out as `images`, with factors of type `factors` and float32 results.
dnnl::convolution_forward::primitive_desc describeForward(const Convolution &shape, Tag images, Type factors, bool bias,
                                                          const dnnl::primitive_attr &attributes);
dnnl::convolution_backward_data::primitive_desc describeInput(const Convolution &shape, Tag images, Type factors,
                                                              const dnnl::primitive_attr &attributes);
dnnl::convolution_backward_weights::primitive_desc describeKernel(const Convolution &shape, Tag images, Type factors,
                                                                  const dnnl::primitive_attr &attributes);

// How a layout of oneDNN's cuts a kernel (dimensions out, in, height, width) of float32 into tiles, if it does.
std::optional<KernelTiles> tilesOf(const Convolution &shape, const memory::desc &layout);

} // namespace tfjs_onednn

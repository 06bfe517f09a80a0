#include "primitives/convolution_layouts.h"

namespace tfjs_onednn {

ConvolutionLayouts layoutsOf(const Convolution &s) {
  ConvolutionLayouts l;
  l.source = {s.batch, s.inChannels, s.inHeight, s.inWidth};
  l.destination = {s.batch, s.outChannels, s.outHeight, s.outWidth};
  if (s.groups == 1) l.kernel = {s.outChannels, s.inChannels, s.height, s.width};
  else l.kernel = {s.groups, s.outChannels / s.groups, s.inChannels / s.groups, s.height, s.width};
  l.strides = {s.strideHeight, s.strideWidth};
  l.dilation = {s.dilationHeight - 1, s.dilationWidth - 1};
  l.before = {s.top, s.left};
  // oneDNN wants output sizes that follow from the padding: what the output does not reach is left out.
  const auto end = [](int64_t out, int64_t in, int64_t stride, int64_t kernel, int64_t dilation, int64_t before, int64_t after) {
    const int64_t reach = (out - 1) * stride + (kernel - 1) * dilation + 1;
    const int64_t have = in + before + after;
    return have < reach || (have - (kernel - 1) * dilation - 1) / stride + 1 != out ? reach - in - before : after;
  };
  l.after = {end(s.outHeight, s.inHeight, s.strideHeight, s.height, s.dilationHeight, s.top, s.bottom),
             end(s.outWidth, s.inWidth, s.strideWidth, s.width, s.dilationWidth, s.left, s.right)};
  return l;
}

memory::desc plainKernelOf(const Convolution &s, const ConvolutionLayouts &l, Type type) {
  if (s.groups == 1) return described(l.kernel, Tag::hwio, type);
  const int64_t multiplier = s.outChannels / s.groups;
  return memory::desc(l.kernel, type, {multiplier, 1, s.outChannels, s.width * s.outChannels, s.outChannels});
}

dnnl::convolution_forward::primitive_desc describeForward(const Convolution &s, Tag images, Type factors, bool bias,
                                                          const dnnl::primitive_attr &attr) {
  const auto l = layoutsOf(s);
  const auto source = described(l.source, images, factors), kernel = described(l.kernel, Tag::any, factors);
  const auto destination = described(l.destination, images);
  const auto biases = bias ? described({s.outChannels}, Tag::a) : memory::desc();
#if DNNL_VERSION_MAJOR >= 3
  return {cpu(), dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, source, kernel, biases, destination,
          l.strides, l.dilation, l.before, l.after, attr};
#else
  return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, source, kernel, biases, destination,
           l.strides, l.dilation, l.before, l.after},
          attr,
          cpu()};
#endif
}

// A pass back, whose description takes the three memories in one order, whichever of them it writes.
template <typename Pass>
static typename Pass::primitive_desc describeBack(const Convolution &s, const memory::desc &source, const memory::desc &kernel,
                                                  const memory::desc &destination, Tag images, Type factors,
                                                  const dnnl::primitive_attr &attr) {
  const auto l = layoutsOf(s);
  const auto hint = describeForward(s, images, factors, false, attr);
#if DNNL_VERSION_MAJOR >= 3
  return {cpu(), dnnl::algorithm::convolution_direct, source, kernel, destination, l.strides, l.dilation, l.before, l.after,
          hint, attr};
#else
  return {{dnnl::algorithm::convolution_direct, source, kernel, destination, l.strides, l.dilation, l.before, l.after},
          attr,
          cpu(),
          hint};
#endif
}

dnnl::convolution_backward_data::primitive_desc describeInput(const Convolution &s, Tag images, Type factors,
                                                              const dnnl::primitive_attr &attr) {
  const auto l = layoutsOf(s);
  return describeBack<dnnl::convolution_backward_data>(s, described(l.source, images), described(l.kernel, Tag::any, factors),
                                                       described(l.destination, images, factors), images, factors, attr);
}

dnnl::convolution_backward_weights::primitive_desc describeKernel(const Convolution &s, Tag images, Type factors,
                                                                  const dnnl::primitive_attr &attr) {
  const auto l = layoutsOf(s);
  return describeBack<dnnl::convolution_backward_weights>(s, described(l.source, images, factors), described(l.kernel, Tag::any),
                                                          described(l.destination, images, factors), images, factors, attr);
}

std::optional<KernelTiles> tilesOf(const Convolution &s, const memory::desc &layout) {
  if (s.groups != 1) return std::nullopt;
#if DNNL_VERSION_MAJOR >= 3
  if (layout.get_format_kind() != memory::format_kind::blocked || layout.get_data_type() != Type::f32) return std::nullopt;
  const auto strides = layout.get_strides(), blocks = layout.get_inner_blks(), dimensions = layout.get_inner_idxs();
  const int count = layout.get_inner_nblks();
#else
  if (layout.data.format_kind != dnnl_blocked || layout.data.data_type != dnnl_f32 || layout.data.extra.flags != 0) return std::nullopt;
  const auto &blocking = layout.data.format_desc.blocking;
  const auto &strides = blocking.strides, &blocks = blocking.inner_blks, &dimensions = blocking.inner_idxs;
  const int count = blocking.inner_nblks;
#endif
  constexpr int out = 0, in = 1, height = 2, width = 3;
  if (count < 1 || count > 2 || (count == 2 && dimensions[0] == dimensions[1])) return std::nullopt;
  if (strides[height] != s.width * strides[width]) return std::nullopt;
  int64_t tile[2] = {1, 1};
  for (int i = 0; i < count; i++) {
    if (dimensions[i] > in) return std::nullopt;
    tile[dimensions[i]] = blocks[i];
  }
  return KernelTiles{s.height * s.width, s.inChannels, s.outChannels, tile[in], tile[out], strides[width], strides[in],
                     strides[out], dimensions[count - 1] == out};
}

} // namespace tfjs_onednn

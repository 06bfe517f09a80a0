#include "primitives.h"
#include <chrono>
#include <cstring>
#include <ctime>
#include <functional>
#include <initializer_list>
#include <list>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <dnnl.hpp>

#include "kernels.h"
#include "parallel.h"

#ifndef DNNL_VERSION_MAJOR
#include <dnnl_version.h>
#endif

namespace tfjs_onednn {
namespace {

using dnnl::memory;
using Dims = memory::dims;
using Tag = memory::format_tag;

constexpr size_t cacheCapacity = 1024;

dnnl::engine &cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream &stream() {
  static thread_local dnnl::stream stream(cpu());
  return stream;
}

// Memory that grows and is used again, 64-byte aligned. What it holds does not survive the next request.
class Workspace {
public:
  void *request(size_t bytes) {
    if (bytes > size_) {
      std::free(data_);
      size_ = 0;
      const size_t wanted = (bytes + bytes / 4 + 4095) / 4096 * 4096;
      data_ = std::aligned_alloc(4096, wanted);
      if (data_ == nullptr) throw std::bad_alloc();
      size_ = wanted;
    }
    return data_;
  }
  ~Workspace() { std::free(data_); }

private:
  void *data_ = nullptr;
  size_t size_ = 0;
};

thread_local Workspace scratchpad, packedKernel, patches, orderedInput, orderedOutput;

// An image that a primitive reads or writes in a layout of its own, and how it lies outside.
struct Reordered {
  memory plain;
  dnnl::reorder reorder;
  Workspace *place;
};

// A primitive with its memory objects, whose data pointers are set before each call.
struct Prepared {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
  std::unordered_map<int, Reordered> reordered;
  int kernelArgument = 0;
  bool packs = false; // the kernel's layout differs from tfjs's
  std::optional<KernelTiles> tiles;
  dnnl::primitive reorder; // where the layout is not one of tiles
  memory plain;
};

memory unbound(const memory::desc &description) { return memory(description, cpu(), nullptr); }

class Cache {
public:
  Prepared &get(const std::string &key, const std::function<std::unique_ptr<Prepared>()> &make) {
    const auto found = index_.find(key);
    if (found != index_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return *found->second->second;
    }
    auto prepared = make();
    order_.emplace_front(key, std::move(prepared));
    index_[key] = order_.begin();
    if (order_.size() > cacheCapacity) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    return *order_.front().second;
  }
  size_t size() const { return order_.size(); }

private:
  std::list<std::pair<std::string, std::unique_ptr<Prepared>>> order_;
  std::unordered_map<std::string, decltype(order_)::iterator> index_;
};

thread_local Cache cache;

template <typename Shape> std::string keyOf(char kind, const Shape &shape, int flags, float alpha) {
  std::string key(1 + sizeof(Shape) + sizeof(int) + sizeof(float), '\0');
  key[0] = kind;
  std::memcpy(&key[1], &shape, sizeof(Shape));
  std::memcpy(&key[1 + sizeof(Shape)], &flags, sizeof(int));
  std::memcpy(&key[1 + sizeof(Shape) + sizeof(int)], &alpha, sizeof(float));
  return key;
}

dnnl::primitive_attr attributes(Activation activation, float alpha) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  dnnl::post_ops after;
  const auto append = [&](dnnl::algorithm algorithm, float a, float b) {
#if DNNL_VERSION_MAJOR >= 3
    after.append_eltwise(algorithm, a, b);
#else
    after.append_eltwise(1.f, algorithm, a, b);
#endif
  };
  switch (activation) {
  case Activation::none:
    return attr;
  case Activation::relu:
    append(dnnl::algorithm::eltwise_relu, 0.f, 0.f);
    break;
  case Activation::relu6:
#if DNNL_VERSION_MAJOR >= 3
    append(dnnl::algorithm::eltwise_clip, 0.f, 6.f);
#else
    append(dnnl::algorithm::eltwise_bounded_relu, 6.f, 0.f);
#endif
    break;
  case Activation::elu:
    append(dnnl::algorithm::eltwise_elu, 1.f, 0.f);
    break;
  case Activation::sigmoid:
    append(dnnl::algorithm::eltwise_logistic, 0.f, 0.f);
    break;
  case Activation::leakyRelu:
    append(dnnl::algorithm::eltwise_relu, alpha, 0.f);
    break;
  }
  attr.set_post_ops(after);
  return attr;
}

struct ConvolutionLayouts {
  Dims source, destination, kernel, strides, dilation, before, after;
  Tag plainKernel;
};

ConvolutionLayouts layoutsOf(const Convolution &s) {
  ConvolutionLayouts l;
  l.source = {s.batch, s.inChannels, s.inHeight, s.inWidth};
  l.destination = {s.batch, s.outChannels, s.outHeight, s.outWidth};
  if (s.groups == 1) {
    l.kernel = {s.outChannels, s.inChannels, s.height, s.width};
    l.plainKernel = Tag::hwio;
  } else {
    l.kernel = {s.groups, s.outChannels / s.groups, s.inChannels / s.groups, s.height, s.width};
    l.plainKernel = Tag::undef; // see plainKernelOf
  }
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

memory::desc described(const Dims &dims, Tag tag) { return memory::desc(dims, memory::data_type::f32, tag); }

// [height, width, in / groups, out] with the groups' outputs after one another; for depthwise kernels [height, width, c, m].
memory::desc plainKernelOf(const Convolution &s, const ConvolutionLayouts &l) {
  if (s.groups == 1) return described(l.kernel, l.plainKernel);
  const int64_t multiplier = s.outChannels / s.groups;
  return memory::desc(l.kernel, memory::data_type::f32,
                      {multiplier, 1, s.outChannels, s.width * s.outChannels, s.outChannels});
}

template <typename Description> memory scratchpadOf(const Description &description) {
  return unbound(description.scratchpad_desc());
}

dnnl::convolution_forward::primitive_desc forwardDescription(const Convolution &s, const ConvolutionLayouts &l, Tag images,
                                                             bool bias, const dnnl::primitive_attr &attr) {
  const auto source = described(l.source, images), destination = described(l.destination, images);
  const auto kernel = described(l.kernel, Tag::any);
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

dnnl::convolution_backward_data::primitive_desc inputDescription(const Convolution &s, const ConvolutionLayouts &l, Tag images,
                                                                 const dnnl::primitive_attr &attr) {
  const auto source = described(l.source, images), destination = described(l.destination, images);
  const auto kernel = described(l.kernel, Tag::any);
  const auto hint = forwardDescription(s, l, images, false, attr);
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

dnnl::convolution_backward_weights::primitive_desc kernelDescription(const Convolution &s, const ConvolutionLayouts &l,
                                                                     Tag images, const dnnl::primitive_attr &attr) {
  const auto source = described(l.source, images), destination = described(l.destination, images);
  const auto kernel = described(l.kernel, Tag::any);
  const auto hint = forwardDescription(s, l, images, false, attr);
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

void setScratchpad(Prepared &prepared) {
  auto &scratch = prepared.arguments.at(DNNL_ARG_SCRATCHPAD);
  const size_t bytes = scratch.get_desc().get_size();
  scratch.set_data_handle(bytes > 0 ? scratchpad.request(bytes) : nullptr);
}

void bind(Prepared &prepared, int argument, const void *data) {
  prepared.arguments.at(argument).set_data_handle(const_cast<void *>(data));
}

// Declares an image that the primitive wants as `wanted` and that lies as `plain`, for `reads` or for writing.
void declareImage(Prepared &prepared, int argument, const memory::desc &wanted, const memory::desc &plain, bool reads,
                  Workspace &place) {
  prepared.arguments[argument] = unbound(wanted);
  if (wanted == plain) return;
  const auto &from = reads ? plain : wanted, &to = reads ? wanted : plain;
  prepared.reordered[argument] = {unbound(plain), dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), from, cpu(), to)), &place};
}

// The primitive's own copy of an image, or the image itself where the layouts agree.
Reordered *bindImage(Prepared &prepared, int argument, const float *data) {
  const auto found = prepared.reordered.find(argument);
  if (found == prepared.reordered.end()) {
    bind(prepared, argument, data);
    return nullptr;
  }
  Reordered &image = found->second;
  bind(prepared, argument, image.place->request(prepared.arguments.at(argument).get_desc().get_size()));
  image.plain.set_data_handle(const_cast<float *>(data));
  return &image;
}

void readImage(Prepared &prepared, int argument, const float *data) {
  Reordered *image = bindImage(prepared, argument, data);
  if (image == nullptr) return;
  image->reorder.execute(stream(), {{DNNL_ARG_FROM, image->plain}, {DNNL_ARG_TO, prepared.arguments.at(argument)}});
}

// The kernel in the layout of the primitive: a copy where that differs from tfjs's.
void bindKernel(Prepared &prepared, const float *kernel) {
  if (!prepared.packs) return bind(prepared, prepared.kernelArgument, kernel);
  memory &packed = prepared.arguments.at(prepared.kernelArgument);
  void *data = packedKernel.request(packed.get_desc().get_size());
  packed.set_data_handle(data);
  if (prepared.tiles) return kernels().packKernel(kernel, static_cast<float *>(data), *prepared.tiles);
  prepared.plain.set_data_handle(const_cast<float *>(kernel));
  prepared.reorder.execute(stream(), {{DNNL_ARG_FROM, prepared.plain}, {DNNL_ARG_TO, packed}});
}

void run(Prepared &prepared) {
  setScratchpad(prepared);
  prepared.primitive.execute(stream(), prepared.arguments);
  stream().wait();
}

// Runs a primitive whose result is an image.
void runInto(Prepared &prepared, int argument, float *data) {
  Reordered *image = bindImage(prepared, argument, data);
  run(prepared);
  if (image == nullptr) return;
  image->reorder.execute(stream(), {{DNNL_ARG_FROM, prepared.arguments.at(argument)}, {DNNL_ARG_TO, image->plain}});
  stream().wait();
}

// How a layout of oneDNN's cuts a kernel (dimensions out, in, height, width) into tiles, if it does.
std::optional<KernelTiles> tilesOf(const Convolution &s, const memory::desc &layout) {
  if (s.groups != 1) return std::nullopt;
#if DNNL_VERSION_MAJOR >= 3
  if (layout.get_format_kind() != memory::format_kind::blocked) return std::nullopt;
  const auto strides = layout.get_strides(), blocks = layout.get_inner_blks(), dimensions = layout.get_inner_idxs();
  const int count = layout.get_inner_nblks();
#else
  if (layout.data.format_kind != dnnl_blocked || layout.data.extra.flags != 0) return std::nullopt;
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

void readsKernel(Prepared &prepared, const Convolution &s, int argument, const memory::desc &wanted,
                 const memory::desc &plain) {
  prepared.kernelArgument = argument;
  prepared.arguments[argument] = unbound(wanted);
  prepared.packs = wanted != plain;
  if (!prepared.packs) return;
  prepared.tiles = tilesOf(s, wanted);
  if (prepared.tiles) return;
  prepared.plain = unbound(plain);
  prepared.reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), plain, cpu(), wanted));
}

// Seconds that pass; with one thread those of the processor, which other work on the machine does not lengthen.
double seconds() {
  if (threadCount() == 1) return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

template <typename F> double secondsOf(int repeats, const F &call) {
  call();
  double best = 1e30;
  for (int i = 0; i < repeats; i++) {
    const double start = seconds();
    call();
    best = std::min(best, seconds() - start);
  }
  return best;
}

memory::desc matrixOf(int64_t batch, int64_t rows, int64_t columns, bool transposed) {
  const Dims strides = transposed ? Dims{rows * columns, 1, rows} : Dims{rows * columns, columns, 1};
  return memory::desc({batch, rows, columns}, memory::data_type::f32, strides);
}

dnnl::matmul::primitive_desc productDescription(const Product &s, bool bias, const dnnl::primitive_attr &attr) {
  const auto a = matrixOf(s.aBatch, s.m, s.k, s.transposeA), b = matrixOf(s.bBatch, s.k, s.n, s.transposeB);
  const auto y = matrixOf(std::max(s.aBatch, s.bBatch), s.m, s.n, false);
  const auto biases = bias ? memory::desc({1, 1, s.n}, memory::data_type::f32, Dims{s.n, s.n, 1}) : memory::desc();
#if DNNL_VERSION_MAJOR >= 3
  return bias ? dnnl::matmul::primitive_desc(cpu(), a, b, biases, y, attr) : dnnl::matmul::primitive_desc(cpu(), a, b, y, attr);
#else
  return bias ? dnnl::matmul::primitive_desc({a, b, biases, y}, attr, cpu()) : dnnl::matmul::primitive_desc({a, b, y}, attr, cpu());
#endif
}

// Without AVX-512, oneDNN's convolutions are much faster on images whose channels lie in blocks than on tfjs's, and to lay
// them out costs little. Its convolutions of single pixels gain from it in the gradient of the kernel only. Which code it
// would run follows from the shape and the machine, so that results repeat bit by bit.
template <typename Describe>
auto preferred(const Convolution &s, std::initializer_list<const char *> slowOnes, const Describe &describe) {
  auto asTheyLie = describe(Tag::nhwc);
  if (s.groups != 1) return asTheyLie;
  for (const char *name : slowOnes) {
    if (std::strcmp(asTheyLie.impl_info_str(), name) == 0) return describe(Tag::any);
  }
  return asTheyLie;
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

} // namespace

void convolve(const Convolution &s, const float *x, const float *kernel, const float *bias, float *y, Activation activation,
              float alpha) {
  if (isForwardProduct(s)) {
    const int64_t pixels = s.batch * s.outHeight * s.outWidth;
    return multiply({1, 1, pixels, s.outChannels, patchSize(s), false, false}, patchesOf(s, x), kernel, bias, y, activation,
                    alpha);
  }
  auto &prepared = cache.get(keyOf('f', s, static_cast<int>(activation) * 2 + (bias != nullptr), alpha), [&] {
    auto made = std::make_unique<Prepared>();
    const auto layouts = layoutsOf(s);
    const auto description = preferred(s, {"jit:avx2"}, [&](Tag images) {
      return forwardDescription(s, layouts, images, bias != nullptr, attributes(activation, alpha));
    });
    made->primitive = dnnl::convolution_forward(description);
    declareImage(*made, DNNL_ARG_SRC, description.src_desc(), described(layouts.source, Tag::nhwc), true, orderedInput);
    declareImage(*made, DNNL_ARG_DST, description.dst_desc(), described(layouts.destination, Tag::nhwc), false, orderedOutput);
    if (bias != nullptr) made->arguments[DNNL_ARG_BIAS] = unbound(description.bias_desc());
    made->arguments[DNNL_ARG_SCRATCHPAD] = scratchpadOf(description);
    readsKernel(*made, s, DNNL_ARG_WEIGHTS, description.weights_desc(), plainKernelOf(s, layouts));
    return made;
  });
  bindKernel(prepared, kernel);
  readImage(prepared, DNNL_ARG_SRC, x);
  if (bias != nullptr) bind(prepared, DNNL_ARG_BIAS, bias);
  runInto(prepared, DNNL_ARG_DST, y);
}

void convolveBackwardInput(const Convolution &s, const float *dy, const float *kernel, float *dx) {
  if (isProduct(s)) {
    const int64_t pixels = s.batch * s.outHeight * s.outWidth;
    float *rows = isPointwise(s) ? dx : requestPatches(s);
    multiply({1, 1, pixels, patchSize(s), s.outChannels, false, true}, dy, kernel, nullptr, rows, Activation::none, 0.f);
    if (rows != dx) kernels().sumPatches(rows, dx, windowOf(s));
    return;
  }
  auto &prepared = cache.get(keyOf('d', s, 0, 0.f), [&] {
    auto made = std::make_unique<Prepared>();
    const auto layouts = layoutsOf(s);
    const auto description = preferred(s, {"jit:avx2"}, [&](Tag images) {
      return inputDescription(s, layouts, images, attributes(Activation::none, 0.f));
    });
    made->primitive = dnnl::convolution_backward_data(description);
    declareImage(*made, DNNL_ARG_DIFF_SRC, description.diff_src_desc(), described(layouts.source, Tag::nhwc), false, orderedOutput);
    declareImage(*made, DNNL_ARG_DIFF_DST, description.diff_dst_desc(), described(layouts.destination, Tag::nhwc), true, orderedInput);
    made->arguments[DNNL_ARG_SCRATCHPAD] = scratchpadOf(description);
    readsKernel(*made, s, DNNL_ARG_WEIGHTS, description.weights_desc(), plainKernelOf(s, layouts));
    return made;
  });
  bindKernel(prepared, kernel);
  readImage(prepared, DNNL_ARG_DIFF_DST, dy);
  runInto(prepared, DNNL_ARG_DIFF_SRC, dx);
}

void convolveBackwardKernel(const Convolution &s, const float *x, const float *dy, float *dkernel) {
  if (isKernelProduct(s)) {
    const int64_t pixels = s.batch * s.outHeight * s.outWidth;
    return multiply({1, 1, patchSize(s), s.outChannels, pixels, true, false}, patchesOf(s, x), dy, nullptr, dkernel,
                    Activation::none, 0.f);
  }
  auto &prepared = cache.get(keyOf('w', s, 0, 0.f), [&] {
    auto made = std::make_unique<Prepared>();
    const auto layouts = layoutsOf(s);
    const auto description = preferred(s, {"jit:avx2", "jit_1x1:avx2"}, [&](Tag images) {
      return kernelDescription(s, layouts, images, attributes(Activation::none, 0.f));
    });
    const auto plain = plainKernelOf(s, layouts);
    made->primitive = dnnl::convolution_backward_weights(description);
    declareImage(*made, DNNL_ARG_SRC, description.src_desc(), described(layouts.source, Tag::nhwc), true, orderedInput);
    declareImage(*made, DNNL_ARG_DIFF_DST, description.diff_dst_desc(), described(layouts.destination, Tag::nhwc), true, orderedOutput);
    made->arguments[DNNL_ARG_DIFF_WEIGHTS] = unbound(description.diff_weights_desc());
    made->arguments[DNNL_ARG_SCRATCHPAD] = scratchpadOf(description);
    made->packs = description.diff_weights_desc() != plain;
    if (made->packs) made->tiles = tilesOf(s, description.diff_weights_desc());
    if (made->tiles && !made->tiles->outInnermost) made->tiles.reset();
    if (made->packs && !made->tiles) {
      made->plain = unbound(plain);
      made->reorder = dnnl::reorder(dnnl::reorder::primitive_desc(cpu(), description.diff_weights_desc(), cpu(), plain));
    }
    return made;
  });
  readImage(prepared, DNNL_ARG_SRC, x);
  readImage(prepared, DNNL_ARG_DIFF_DST, dy);
  memory &gradient = prepared.arguments.at(DNNL_ARG_DIFF_WEIGHTS);
  gradient.set_data_handle(prepared.packs ? packedKernel.request(gradient.get_desc().get_size()) : dkernel);
  run(prepared);
  if (!prepared.packs) return;
  if (prepared.tiles) {
    return kernels().unpackKernel(static_cast<float *>(gradient.get_data_handle()), dkernel, *prepared.tiles);
  }
  prepared.plain.set_data_handle(dkernel);
  prepared.reorder.execute(stream(), {{DNNL_ARG_FROM, gradient}, {DNNL_ARG_TO, prepared.plain}});
  stream().wait();
}

void multiply(const Product &s, const float *a, const float *b, const float *bias, float *y, Activation activation,
              float alpha) {
  auto &prepared = cache.get(keyOf('m', s, static_cast<int>(activation) * 2 + (bias != nullptr), alpha), [&] {
    auto made = std::make_unique<Prepared>();
    const auto description = productDescription(s, bias != nullptr, attributes(activation, alpha));
    made->primitive = dnnl::matmul(description);
    made->arguments[DNNL_ARG_SRC] = unbound(description.src_desc());
    made->arguments[DNNL_ARG_WEIGHTS] = unbound(description.weights_desc());
    made->arguments[DNNL_ARG_DST] = unbound(description.dst_desc());
    if (bias != nullptr) made->arguments[DNNL_ARG_BIAS] = unbound(description.bias_desc());
    made->arguments[DNNL_ARG_SCRATCHPAD] = scratchpadOf(description);
    return made;
  });
  bind(prepared, DNNL_ARG_SRC, a);
  bind(prepared, DNNL_ARG_WEIGHTS, b);
  bind(prepared, DNNL_ARG_DST, y);
  if (bias != nullptr) bind(prepared, DNNL_ARG_BIAS, bias);
  run(prepared);
}

double secondsOfPrimitive(const Convolution &s, Pass pass, int repeats) {
  const auto layouts = layoutsOf(s);
  const dnnl::primitive_attr attr;
  const auto filled = [](const memory::desc &description) {
    memory made(description, cpu());
    auto *values = static_cast<float *>(made.get_data_handle());
    for (size_t i = 0; i < description.get_size() / sizeof(float); i++) values[i] = static_cast<float>(i % 13) - 6.f;
    return made;
  };
  if (pass == Pass::forward) {
    const auto description = forwardDescription(s, layouts, Tag::any, false, attr);
    dnnl::convolution_forward primitive(description);
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, filled(description.src_desc())},
                                                 {DNNL_ARG_WEIGHTS, filled(description.weights_desc())},
                                                 {DNNL_ARG_DST, filled(description.dst_desc())}};
    return secondsOf(repeats, [&] { primitive.execute(stream(), arguments), stream().wait(); });
  }
  if (pass == Pass::input) {
    const auto description = inputDescription(s, layouts, Tag::any, attr);
    dnnl::convolution_backward_data primitive(description);
    std::unordered_map<int, memory> arguments = {{DNNL_ARG_DIFF_SRC, filled(description.diff_src_desc())},
                                                 {DNNL_ARG_WEIGHTS, filled(description.weights_desc())},
                                                 {DNNL_ARG_DIFF_DST, filled(description.diff_dst_desc())}};
    return secondsOf(repeats, [&] { primitive.execute(stream(), arguments), stream().wait(); });
  }
  const auto description = kernelDescription(s, layouts, Tag::any, attr);
  dnnl::convolution_backward_weights primitive(description);
  std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, filled(description.src_desc())},
                                               {DNNL_ARG_DIFF_WEIGHTS, filled(description.diff_weights_desc())},
                                               {DNNL_ARG_DIFF_DST, filled(description.diff_dst_desc())}};
  return secondsOf(repeats, [&] { primitive.execute(stream(), arguments), stream().wait(); });
}

double secondsOfProduct(const Product &s, int repeats) {
  const std::vector<float> a(s.aBatch * s.m * s.k, 1.f), b(s.bBatch * s.k * s.n, 1.f);
  std::vector<float> y(std::max(s.aBatch, s.bBatch) * s.m * s.n);
  const auto description = productDescription(s, false, dnnl::primitive_attr());
  dnnl::matmul primitive(description);
  std::unordered_map<int, memory> arguments = {
      {DNNL_ARG_SRC, memory(description.src_desc(), cpu(), const_cast<float *>(a.data()))},
      {DNNL_ARG_WEIGHTS, memory(description.weights_desc(), cpu(), const_cast<float *>(b.data()))},
      {DNNL_ARG_DST, memory(description.dst_desc(), cpu(), y.data())}};
  return secondsOf(repeats, [&] { primitive.execute(stream(), arguments), stream().wait(); });
}

const char *libraryVersion() {
  static const std::string version = [] {
    const dnnl_version_t *v = dnnl_version();
    return std::to_string(v->major) + "." + std::to_string(v->minor) + "." + std::to_string(v->patch);
  }();
  return version.c_str();
}

int64_t cachedPrimitives() { return static_cast<int64_t>(cache.size()); }

} // namespace tfjs_onednn

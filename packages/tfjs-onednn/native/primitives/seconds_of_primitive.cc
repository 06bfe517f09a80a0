// How fast oneDNN's own primitives are, for benchmarks.
#include <chrono>
#include <ctime>
#include <unordered_map>
#include <vector>

#include "primitives/convolution_layouts.h"
#include "kernels/parallel.h"
#include "primitives/product_description.h"

namespace tfjs_onednn {
namespace {

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

memory filled(const memory::desc &description) {
  memory made(description, cpu());
  auto *values = static_cast<float *>(made.get_data_handle());
  for (size_t i = 0; i < description.get_size() / sizeof(float); i++) values[i] = static_cast<float>(i % 13) - 6.f;
  return made;
}

double secondsOf(int repeats, const dnnl::primitive &primitive, const std::unordered_map<int, memory> &arguments) {
  return secondsOf(repeats, [&] { primitive.execute(stream(), arguments), stream().wait(); });
}

} // namespace

double secondsOfPrimitive(const Convolution &s, Pass pass, int repeats) {
  const dnnl::primitive_attr attr;
  if (pass == Pass::forward) {
    const auto description = describeForward(s, Tag::any, Type::f32, false, attr);
    return secondsOf(repeats, dnnl::convolution_forward(description),
                     {{DNNL_ARG_SRC, filled(description.src_desc())},
                      {DNNL_ARG_WEIGHTS, filled(description.weights_desc())},
                      {DNNL_ARG_DST, filled(description.dst_desc())}});
  }
  if (pass == Pass::input) {
    const auto description = describeInput(s, Tag::any, Type::f32, attr);
    return secondsOf(repeats, dnnl::convolution_backward_data(description),
                     {{DNNL_ARG_DIFF_SRC, filled(description.diff_src_desc())},
                      {DNNL_ARG_WEIGHTS, filled(description.weights_desc())},
                      {DNNL_ARG_DIFF_DST, filled(description.diff_dst_desc())}});
  }
  const auto description = describeKernel(s, Tag::any, Type::f32, attr);
  return secondsOf(repeats, dnnl::convolution_backward_weights(description),
                   {{DNNL_ARG_SRC, filled(description.src_desc())},
                    {DNNL_ARG_DIFF_WEIGHTS, filled(description.diff_weights_desc())},
                    {DNNL_ARG_DIFF_DST, filled(description.diff_dst_desc())}});
}

double secondsOfProduct(const Product &s, int repeats) {
  const std::vector<float> a(s.aBatch * s.m * s.k, 1.f), b(s.bBatch * s.k * s.n, 1.f);
  std::vector<float> y(std::max(s.aBatch, s.bBatch) * s.m * s.n);
  const auto description = describeProduct(s, Type::f32, false, dnnl::primitive_attr());
  return secondsOf(repeats, dnnl::matmul(description),
                   {{DNNL_ARG_SRC, memory(description.src_desc(), cpu(), const_cast<float *>(a.data()))},
                    {DNNL_ARG_WEIGHTS, memory(description.weights_desc(), cpu(), const_cast<float *>(b.data()))},
                    {DNNL_ARG_DST, memory(description.dst_desc(), cpu(), y.data())}});
}

} // namespace tfjs_onednn

// Sums and other reductions.
#include <vector>

#include "bindings/arguments.h"
#include "bindings/methods.h"
#include "kernels/kernels.h"

namespace tfjs_onednn::bindings {
namespace {

void reduce(const CallbackInfo &info) {
  const int64_t outer = integer(info[3]), middle = integer(info[4]), inner = integer(info[5]);
  positive({outer, middle, inner}, "reduce");
  kernels().reduce(enumerated(info[0], Reduction::count, "reduce"), numbers<float>(info[1], "x", outer * middle * inner),
                   numbers<float>(info[2], "y", outer * inner), outer, middle, inner);
}

void softmax(const CallbackInfo &info) {
  const int64_t rows = integer(info[2]), columns = integer(info[3]);
  positive({rows, columns}, "softmax");
  kernels().softmax(numbers<float>(info[0], "x", rows * columns), numbers<float>(info[1], "y", rows * columns), rows, columns);
}

Value sumOfSquares(const CallbackInfo &info) {
  const auto terms = info[0].As<Napi::Array>();
  std::vector<Run> runs;
  for (uint32_t i = 0; i < terms.Length(); i++) {
    const Value term = terms.Get(i);
    const int64_t length = spanOf(term, "term").length;
    runs.push_back({numbers<float>(term, "term", length), length});
  }
  return Napi::Number::New(info.Env(), kernels().sumOfSquares(runs.data(), static_cast<int64_t>(runs.size())));
}

} // namespace

void exportReductions(Napi::Object exports) {
  method<reduce>(exports, "reduce");
  method<softmax>(exports, "softmax");
  method<sumOfSquares>(exports, "sumOfSquares");
#define NAME(name) #name,
  exports.Set("reductions", numbered(exports.Env(), {REDUCTIONS(NAME)}));
#undef NAME
}

} // namespace tfjs_onednn::bindings

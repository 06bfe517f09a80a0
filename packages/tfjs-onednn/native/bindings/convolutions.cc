// Convolutions and their gradients.
#include <string>

#include "bindings/arguments.h"
#include "bindings/factors.h"
#include "bindings/methods.h"
#include "primitives/primitives.h"

namespace tfjs_onednn::bindings {
namespace {

struct ConvolutionSizes {
  int64_t x, kernel, y;
};

Convolution convolutionOf(const Value &value, ConvolutionSizes &sizes) {
  const Convolution s = shapeOf<Convolution>(value, "convolution", 18, [](const int32_t *v) {
    return Convolution{v[0], v[1],  v[2],  v[3],  v[4],  v[5],  v[6],  v[7],  v[8],
                       v[9], v[10], v[11], v[12], v[13], v[14], v[15], v[16], v[17]};
  });
  positive({s.batch, s.inHeight, s.inWidth, s.inChannels, s.outHeight, s.outWidth, s.outChannels, s.height, s.width,
            s.strideHeight, s.strideWidth, s.dilationHeight, s.dilationWidth, s.groups},
           "convolution");
  if (s.groups != 1 && (s.groups != s.inChannels || s.outChannels % s.groups != 0)) fail("convolution: wrong groups");
  sizes = {s.batch * s.inHeight * s.inWidth * s.inChannels, s.height * s.width * (s.inChannels / s.groups) * s.outChannels,
           s.batch * s.outHeight * s.outWidth * s.outChannels};
  return s;
}

void convolve(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[4], sizes);
  const float *bias = info[2].IsNull() ? nullptr : numbers<float>(info[2], "bias", s.outChannels);
  convolve(s, numbers<float>(info[0], "x", sizes.x), factorOf(info[1], "kernel", sizes.kernel), bias,
           numbers<float>(info[3], "y", sizes.y), static_cast<Activation>(integer(info[5])), real(info[6]));
}

void convolveBackwardInput(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[3], sizes);
  convolveBackwardInput(s, numbers<float>(info[0], "dy", sizes.y), factorOf(info[1], "kernel", sizes.kernel),
                        numbers<float>(info[2], "dx", sizes.x));
}

void convolveBackwardKernel(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[3], sizes);
  const Precision precision = info[4].As<Napi::Boolean>() ? Precision::bf16 : Precision::f32;
  if (precision == Precision::bf16 && !multipliesBf16()) fail("this processor has no instructions for bf16");
  convolveBackwardKernel(s, precision, numbers<float>(info[0], "x", sizes.x), numbers<float>(info[1], "dy", sizes.y),
                         numbers<float>(info[2], "dkernel", sizes.kernel));
}

Value secondsOfPrimitive(const CallbackInfo &info) {
  ConvolutionSizes sizes;
  const Convolution s = convolutionOf(info[1], sizes);
  const std::string pass = info[0].As<Napi::String>();
  const Pass which = pass == "forward" ? Pass::forward : pass == "input" ? Pass::input : Pass::kernel;
  return Napi::Number::New(info.Env(), secondsOfPrimitive(s, which, static_cast<int>(integer(info[2]))));
}

} // namespace

void exportConvolutions(Napi::Object exports) {
  method<convolve>(exports, "convolve");
  method<convolveBackwardInput>(exports, "convolveBackwardInput");
  method<convolveBackwardKernel>(exports, "convolveBackwardKernel");
  method<secondsOfPrimitive>(exports, "secondsOfPrimitive");
}

} // namespace tfjs_onednn::bindings

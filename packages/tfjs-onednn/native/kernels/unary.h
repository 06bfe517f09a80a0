// Functions of one number: a chapter of vector_kernels.h.

static inline float asFloat(int32_t bits) {
  float value;
  __builtin_memcpy(&value, &bits, 4);
  return value;
}

static inline int32_t asBits(float value) {
  int32_t bits;
  __builtin_memcpy(&bits, &value, 4);
  return bits;
}

// e^x = 2^k * e^r with |r| <= ln(2) / 2 and a polynomial for e^r (the coefficients of the Cephes library's expf).
static inline float expOf(float x) {
  const float limited = x < -104.f ? -104.f : (x > 89.f ? 89.f : x);
  const float rounded = (limited * 1.44269504088896341f + 12582912.f) - 12582912.f;
  const float r = (limited - rounded * 0.693359375f) + rounded * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.f;
  const int32_t k = static_cast<int32_t>(limited == limited ? rounded : 0.f);
  const int32_t half = k >> 1; // two factors, so that neither leaves the range of a float
  return p * asFloat((half + 127) << 23) * asFloat((k - half + 127) << 23);
}

// ln(x) = e * ln(2) + ln(m) with sqrt(1/2) <= m < sqrt(2) and a polynomial for ln(m) (Cephes logf).
static inline float logOf(float x) {
  const bool tiny = x < 1.17549435e-38f;
  const int32_t bits = asBits(tiny ? x * 8388608.f : x);
  float e = static_cast<float>((bits >> 23) - 126 - (tiny ? 23 : 0));
  float m = asFloat((bits & 0x007fffff) | 0x3f000000);
  const bool low = m < 0.707106781186547524f;
  e = low ? e - 1.f : e;
  m = (low ? m + m : m) - 1.f;
  const float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = p * m * z - e * 2.12194440e-4f - 0.5f * z;
  y = m + y + e * 0.693359375f;
  y = x == INFINITY ? x : y;
  y = x == 0.f ? -INFINITY : y;
  return x >= 0.f ? y : NAN;
}

static inline float log1pOf(float x) {
  const float u = 1.f + x;
  const float y = logOf(u) * (x / (u - 1.f));
  return u == 1.f ? x : (x == INFINITY || x == -1.f ? logOf(u) : y);
}

static inline float tanhOf(float x) {
  const float size = std::fabs(x);
  const float z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = p * z * x + x;
  const float large = 1.f - 2.f / (expOf(size + size) + 1.f);
  return size < 0.625f ? small : (x < 0.f ? -large : large);
}

#define UNARY(name, expression)                                                                                        \
  struct name##Of {                                                                                                    \
    static inline float of(float x, [[maybe_unused]] float a, [[maybe_unused]] float b) { return expression; }         \
  };
UNARY(Abs, std::fabs(x))
UNARY(Ceil, std::ceil(x))
UNARY(ClipByValue, x > b ? b : (x < a ? a : x))
UNARY(Cos, std::cos(x))
UNARY(Elu, x >= 0.f ? x : std::expm1(x))
UNARY(Erf, std::erf(x))
UNARY(Exp, expOf(x))
UNARY(Expm1, std::expm1(x))
UNARY(Floor, std::floor(x))
UNARY(LeakyRelu, x < 0.f ? a * x : x)
UNARY(Log, logOf(x))
UNARY(Log1p, log1pOf(x))
UNARY(Neg, -x)
UNARY(Reciprocal, 1.f / x)
UNARY(Relu, x < 0.f ? 0.f : x)
UNARY(Relu6, x < 0.f ? 0.f : (x > 6.f ? 6.f : x))
UNARY(Rsqrt, 1.f / std::sqrt(x))
UNARY(Sigmoid, 1.f / (1.f + expOf(-x)))
UNARY(Sin, std::sin(x))
UNARY(Softplus, (x > 0.f ? x : 0.f) + log1pOf(expOf(-std::fabs(x))))
UNARY(Sqrt, std::sqrt(x))
UNARY(Square, x *x)
UNARY(Step, x != x ? x : (x > 0.f ? 1.f : a))
UNARY(Tanh, tanhOf(x))
#undef UNARY

template <typename Operation> static void unaryLoop(const float *x, float *y, int64_t count, float a, float b) {
  parallelFor(count, grainOfBytes / 8, [=](int64_t begin, int64_t end) {
    const float *__restrict from = x;
    float *__restrict to = y;
    for (int64_t i = begin; i < end; i++) to[i] = Operation::of(from[i], a, b);
  });
}

static void unary(Unary operation, const float *x, float *y, int64_t count, float a, float b) {
  switch (operation) {
#define CASE(name)                                                                                                     \
  case Unary::name:                                                                                                    \
    return unaryLoop<name##Of>(x, y, count, a, b);
    UNARY_OPERATIONS(CASE)
#undef CASE
  default:
    break;
  }
}

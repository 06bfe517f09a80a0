// The memory-bound kernels, written as plain loops that compilers turn into vector code. Included once per instruction
// set, inside that set's namespace (see kernels_*.cc); it includes nothing but its own chapters.

// --- functions of one number ---------------------------------------------------------------------------------------

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

static constexpr int64_t grainOfBytes = 1 << 19; // less than this is not worth a second thread

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

// A bf16 is the upper half of a float; not a number stays one.
static void roundToBf16(const float *x, uint16_t *y, int64_t count) {
  parallelFor(count, grainOfBytes / 6, [=](int64_t begin, int64_t end) {
    const float *__restrict from = x;
    uint16_t *__restrict to = y;
    for (int64_t i = begin; i < end; i++) {
      const uint32_t bits = static_cast<uint32_t>(asBits(from[i]));
      const uint32_t rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
      to[i] = static_cast<uint16_t>((from[i] != from[i] ? bits | 0x400000u : rounded) >> 16);
    }
  });
}

// --- functions of two numbers, with broadcasting -------------------------------------------------------------------

#define BINARY(name, expression)                                                                                       \
  struct name##Of {                                                                                                    \
    template <typename T> static inline auto of(T a, T b) { return expression; }                                       \
  };
#define COMPARISON(name, sign)                                                                                         \
  struct name##Of {                                                                                                    \
    template <typename T> static inline uint8_t of(T a, T b) { return a sign b ? 1 : 0; }                              \
  };
BINARY(Add, T(a + b))
BINARY(Maximum, a > b || a != a ? a : b)
BINARY(Minimum, a < b || a != a ? a : b)
BINARY(Multiply, T(a *b))
BINARY(SquaredDifference, T((a - b) * (a - b)))
BINARY(Sub, T(a - b))
BINARY(Atan2, std::atan2(a, b))
BINARY(EluGrad, b >= 0 ? a : a * (b + 1.f))
BINARY(Pow, b != b || (std::fabs(a) == 1 && std::fabs(b) == INFINITY) ? T(NAN) : std::pow(a, b))
BINARY(Prelu, a < 0 ? b * a : a)
BINARY(RealDiv, a / b)
COMPARISON(Equal, ==)
COMPARISON(Greater, >)
COMPARISON(GreaterEqual, >=)
COMPARISON(Less, <)
COMPARISON(LessEqual, <=)
COMPARISON(NotEqual, !=)
#undef BINARY
#undef COMPARISON

template <typename Operation, typename T, typename R>
static inline void binaryRow(const T *__restrict a, int64_t aStep, const T *__restrict b, int64_t bStep, R *__restrict y,
                             int64_t count) {
  if (aStep == 1 && bStep == 1) {
    for (int64_t i = 0; i < count; i++) y[i] = Operation::of(a[i], b[i]);
  } else if (aStep == 1 && bStep == 0) {
    const T right = *b;
    for (int64_t i = 0; i < count; i++) y[i] = Operation::of(a[i], right);
  } else if (aStep == 0 && bStep == 1) {
    const T left = *a;
    for (int64_t i = 0; i < count; i++) y[i] = Operation::of(left, b[i]);
  } else {
    for (int64_t i = 0; i < count; i++) y[i] = Operation::of(a[i * aStep], b[i * bStep]);
  }
}

template <typename Operation, typename T, typename R>
static void binaryLoop(const T *a, const T *b, R *y, const Nest &nest) {
  const int last = nest.rank - 1;
  const int64_t inner = nest.shape[last];
  const int64_t aStep = nest.strides[0][last];
  const int64_t bStep = nest.strides[1][last];
  if (nest.rank == 1) {
    parallelFor(inner, grainOfBytes / 12, [=](int64_t begin, int64_t end) {
      binaryRow<Operation>(a + begin * aStep, aStep, b + begin * bStep, bStep, y + begin, end - begin);
    });
    return;
  }
  int64_t rows = 1;
  for (int d = 0; d < last; d++) rows *= nest.shape[d];
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 12 / std::max<int64_t>(1, inner));
  parallelFor(rows, grain, [=, &nest](int64_t begin, int64_t end) {
    int64_t index[maximalRank];
    int64_t aOffset = 0, bOffset = 0, rest = begin;
    for (int d = last - 1; d >= 0; d--) {
      index[d] = rest % nest.shape[d];
      rest /= nest.shape[d];
      aOffset += index[d] * nest.strides[0][d];
      bOffset += index[d] * nest.strides[1][d];
    }
    for (int64_t row = begin; row < end; row++) {
      binaryRow<Operation>(a + aOffset, aStep, b + bOffset, bStep, y + row * inner, inner);
      for (int d = last - 1; d >= 0; d--) {
        aOffset += nest.strides[0][d];
        bOffset += nest.strides[1][d];
        if (++index[d] < nest.shape[d]) break;
        aOffset -= index[d] * nest.strides[0][d];
        bOffset -= index[d] * nest.strides[1][d];
        index[d] = 0;
      }
    }
  });
}

static void binaryFloat(Binary operation, const float *a, const float *b, void *y, const Nest &nest) {
  switch (operation) {
#define CASE(name)                                                                                                     \
  case Binary::name:                                                                                                   \
    return binaryLoop<name##Of>(a, b, static_cast<float *>(y), nest);
    ARITHMETIC_OPERATIONS(CASE)
    FLOAT_OPERATIONS(CASE)
#undef CASE
#define CASE(name)                                                                                                     \
  case Binary::name:                                                                                                   \
    return binaryLoop<name##Of>(a, b, static_cast<uint8_t *>(y), nest);
    COMPARISONS(CASE)
#undef CASE
  default:
    break;
  }
}

// Unsigned arithmetic wraps around, as that of Int32Array does.
static void binaryInt(Binary operation, const int32_t *a, const int32_t *b, void *y, const Nest &nest) {
  switch (operation) {
  case Binary::Add:
    return binaryLoop<AddOf>(reinterpret_cast<const uint32_t *>(a), reinterpret_cast<const uint32_t *>(b),
                             static_cast<uint32_t *>(y), nest);
  case Binary::Sub:
    return binaryLoop<SubOf>(reinterpret_cast<const uint32_t *>(a), reinterpret_cast<const uint32_t *>(b),
                             static_cast<uint32_t *>(y), nest);
  case Binary::Maximum:
    return binaryLoop<MaximumOf>(a, b, static_cast<int32_t *>(y), nest);
  case Binary::Minimum:
    return binaryLoop<MinimumOf>(a, b, static_cast<int32_t *>(y), nest);
#define CASE(name)                                                                                                     \
  case Binary::name:                                                                                                   \
    return binaryLoop<name##Of>(a, b, static_cast<uint8_t *>(y), nest);
    COMPARISONS(CASE)
#undef CASE
  default:
    break;
  }
}

static void select(const uint8_t *condition, const uint32_t *a, const uint32_t *b, uint32_t *y, int64_t outer,
                   int64_t inner) {
  if (inner == 1) {
    parallelFor(outer, grainOfBytes / 13, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) y[i] = condition[i] == 1 ? a[i] : b[i];
    });
    return;
  }
  for (int64_t i = 0; i < outer; i++) {
    __builtin_memcpy(y + i * inner, (condition[i] == 1 ? a : b) + i * inner, sizeof(float) * inner);
  }
}

// --- reductions ----------------------------------------------------------------------------------------------------

struct SumReduction {
  static constexpr float start = 0.f;
  static inline float join(float a, float b) { return a + b; }
};
struct ProductReduction {
  static constexpr float start = 1.f;
  static inline float join(float a, float b) { return a * b; }
};
struct MaximumReduction {
  static constexpr float start = -INFINITY;
  static inline float join(float a, float b) { return b > a || b != b ? b : a; }
};
struct MinimumReduction {
  static constexpr float start = INFINITY;
  static inline float join(float a, float b) { return b < a || b != b ? b : a; }
};

// Joins a run of numbers: 32 partial results per block of 2,048 numbers, the blocks in double precision.
template <typename Operation> static double joinRun(const float *x, int64_t count) {
  double total = Operation::start;
  for (int64_t from = 0; from < count; from += 2048) {
    const int64_t size = std::min<int64_t>(2048, count - from);
    const float *__restrict block = x + from;
    float lanes[32];
    for (int l = 0; l < 32; l++) lanes[l] = Operation::start;
    int64_t i = 0;
    for (; i + 32 <= size; i += 32) {
      for (int l = 0; l < 32; l++) lanes[l] = Operation::join(lanes[l], block[i + l]);
    }
    for (int width = 16; width > 0; width /= 2) {
      for (int l = 0; l < width; l++) lanes[l] = Operation::join(lanes[l], lanes[l + width]);
    }
    float joined = lanes[0];
    for (; i < size; i++) joined = Operation::join(joined, block[i]);
    if constexpr (std::is_same<Operation, SumReduction>::value) total += joined;
    else if constexpr (std::is_same<Operation, ProductReduction>::value) total *= joined;
    else total = Operation::join(static_cast<float>(total), joined);
  }
  return total;
}

template <typename Operation>
static inline double joinTwo(double a, double b) {
  if constexpr (std::is_same<Operation, SumReduction>::value) return a + b;
  else if constexpr (std::is_same<Operation, ProductReduction>::value) return a * b;
  else return Operation::join(static_cast<float>(a), static_cast<float>(b));
}

// Joins rows [begin, end) of a [rows, columns] matrix column by column into `y`.
template <typename Operation>
static void joinRows(const float *x, float *__restrict y, int64_t begin, int64_t end, int64_t stride, int64_t columns) {
  for (int64_t c = 0; c < columns; c++) y[c] = Operation::start;
  int64_t row = begin;
  for (; row + 4 <= end; row += 4) {
    const float *__restrict r0 = x + row * stride;
    const float *__restrict r1 = r0 + stride;
    const float *__restrict r2 = r1 + stride;
    const float *__restrict r3 = r2 + stride;
    for (int64_t c = 0; c < columns; c++) {
      y[c] = Operation::join(y[c], Operation::join(Operation::join(r0[c], r1[c]), Operation::join(r2[c], r3[c])));
    }
  }
  for (; row < end; row++) {
    const float *__restrict r0 = x + row * stride;
    for (int64_t c = 0; c < columns; c++) y[c] = Operation::join(y[c], r0[c]);
  }
}

// The same in blocks of 256 rows, so that sums of many small numbers stay exact enough.
template <typename Operation>
static void joinManyRows(const float *x, float *y, int64_t begin, int64_t end, int64_t stride, int64_t columns) {
  constexpr int64_t block = 256;
  if (end - begin <= block) return joinRows<Operation>(x, y, begin, end, stride, columns);
  const int64_t middle = begin + ((end - begin) / 2 + block - 1) / block * block;
  joinManyRows<Operation>(x, y, begin, middle, stride, columns);
  std::vector<float> other(columns);
  joinManyRows<Operation>(x, other.data(), middle, end, stride, columns);
  for (int64_t c = 0; c < columns; c++) y[c] = Operation::join(y[c], other[c]);
}

template <typename Operation>
static void reduceBy(const float *x, float *y, int64_t outer, int64_t middle, int64_t inner, float scale) {
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 4 / std::max<int64_t>(1, middle * inner));
  if (inner == 1) {
    if (outer == 1 && middle > grainOfBytes / 4) {
      constexpr int64_t parts = 64; // a fixed number, so that results do not depend on the number of threads
      double partial[parts];
      parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t part = begin; part < end; part++) {
          const int64_t from = middle * part / parts;
          partial[part] = joinRun<Operation>(x + from, middle * (part + 1) / parts - from);
        }
      });
      double total = partial[0];
      for (int64_t part = 1; part < parts; part++) total = joinTwo<Operation>(total, partial[part]);
      y[0] = static_cast<float>(total * scale);
      return;
    }
    parallelFor(outer, grain, [=](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        y[row] = static_cast<float>(joinRun<Operation>(x + row * middle, middle) * scale);
      }
    });
    return;
  }
  if (outer == 1 && middle * inner > grainOfBytes / 4) {
    const int64_t parts = std::min<int64_t>(8, std::max<int64_t>(1, middle / 64));
    if (parts > 1) {
      std::vector<float> partial(parts * inner);
      parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
        for (int64_t part = begin; part < end; part++) {
          joinManyRows<Operation>(x, partial.data() + part * inner, middle * part / parts, middle * (part + 1) / parts,
                                  inner, inner);
        }
      });
      joinRows<Operation>(partial.data(), y, 0, parts, inner, inner);
      if (scale != 1.f) for (int64_t c = 0; c < inner; c++) y[c] *= scale;
      return;
    }
  }
  parallelFor(outer, grain, [=](int64_t begin, int64_t end) {
    for (int64_t image = begin; image < end; image++) {
      float *row = y + image * inner;
      joinManyRows<Operation>(x + image * middle * inner, row, 0, middle, inner, inner);
      if (scale != 1.f) for (int64_t c = 0; c < inner; c++) row[c] *= scale;
    }
  });
}

static void reduce(Reduction operation, const float *x, float *y, int64_t outer, int64_t middle, int64_t inner) {
  switch (operation) {
  case Reduction::Max:
    return reduceBy<MaximumReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Min:
    return reduceBy<MinimumReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Prod:
    return reduceBy<ProductReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Sum:
    return reduceBy<SumReduction>(x, y, outer, middle, inner, 1.f);
  case Reduction::Mean:
    return reduceBy<SumReduction>(x, y, outer, middle, inner, 1.f / static_cast<float>(middle));
  default:
    break;
  }
}

// The sum of the squares of all numbers of all runs, in double precision: parts of one size each, whatever the threads.
static double sumOfSquares(const Run *runs, int64_t runCount) {
  constexpr int64_t size = 1 << 15;
  std::vector<Run> parts;
  for (int64_t r = 0; r < runCount; r++) {
    for (int64_t from = 0; from < runs[r].length; from += size) {
      parts.push_back({runs[r].values + from, std::min(size, runs[r].length - from)});
    }
  }
  const int64_t count = static_cast<int64_t>(parts.size());
  std::vector<double> sums(count);
  parallelFor(count, 4, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; p++) {
      const float *__restrict x = parts[p].values;
      float lanes[32] = {};
      int64_t i = 0;
      for (; i + 32 <= parts[p].length; i += 32) {
        for (int l = 0; l < 32; l++) lanes[l] += x[i + l] * x[i + l];
      }
      double sum = 0;
      for (const float lane : lanes) sum += lane;
      for (; i < parts[p].length; i++) sum += static_cast<double>(x[i]) * x[i];
      sums[p] = sum;
    }
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

static void softmax(const float *x, float *y, int64_t rows, int64_t columns) {
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 16 / columns);
  if (columns == 2) {
    parallelFor(rows, grain, [=](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; row++) {
        const float p = 1.f / (1.f + expOf(x[2 * row + 1] - x[2 * row]));
        y[2 * row] = p;
        y[2 * row + 1] = 1.f / (1.f + expOf(x[2 * row] - x[2 * row + 1]));
      }
    });
    return;
  }
  parallelFor(rows, grain, [=](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; row++) {
      const float *__restrict from = x + row * columns;
      float *__restrict to = y + row * columns;
      const float top = static_cast<float>(joinRun<MaximumReduction>(from, columns));
      for (int64_t c = 0; c < columns; c++) to[c] = expOf(from[c] - top);
      const float factor = static_cast<float>(1. / joinRun<SumReduction>(to, columns));
      for (int64_t c = 0; c < columns; c++) to[c] *= factor;
    }
  });
}

static void sumOf(const float *const *terms, int64_t termCount, float *y, int64_t count) {
  parallelFor(count, grainOfBytes / 12, [=](int64_t begin, int64_t end) {
    for (int64_t from = begin; from < end; from += 4096) {
      const int64_t to = std::min(end, from + 4096);
      __builtin_memcpy(y + from, terms[0] + from, sizeof(float) * (to - from));
      for (int64_t t = 1; t < termCount; t++) {
        const float *__restrict term = terms[t];
        float *__restrict total = y;
        for (int64_t i = from; i < to; i++) total[i] += term[i];
      }
    }
  });
}

// --- types ---------------------------------------------------------------------------------------------------------

// ECMAScript's ToInt32: fractions are cut off, numbers beyond 32 bits wrap around, NaN and infinities give 0.
static inline int32_t toInt32(float x) {
  if (std::fabs(x) < 2147483648.f) return static_cast<int32_t>(x);
  if (!(std::fabs(x) < INFINITY)) return 0;
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<int64_t>(std::fmod(static_cast<double>(x), 4294967296.))));
}

template <typename From, typename To> static void castLoop(const From *x, To *y, int64_t count) {
  parallelFor(count, grainOfBytes / 8, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) {
      if constexpr (std::is_same<To, uint8_t>::value) y[i] = x[i] != 0 ? 1 : 0;
      else if constexpr (std::is_same<To, int32_t>::value && std::is_same<From, float>::value) y[i] = toInt32(x[i]);
      else y[i] = static_cast<To>(x[i]);
    }
  });
}

template <typename From> static void castFrom(const From *x, ElementType to, void *y, int64_t count) {
  switch (to) {
  case ElementType::float32:
    return castLoop(x, static_cast<float *>(y), count);
  case ElementType::int32:
    return castLoop(x, static_cast<int32_t *>(y), count);
  case ElementType::boolean:
    return castLoop(x, static_cast<uint8_t *>(y), count);
  }
}

static void cast(ElementType from, const void *x, ElementType to, void *y, int64_t count) {
  switch (from) {
  case ElementType::float32:
    return castFrom(static_cast<const float *>(x), to, y, count);
  case ElementType::int32:
    return castFrom(static_cast<const int32_t *>(x), to, y, count);
  case ElementType::boolean:
    return castFrom(static_cast<const uint8_t *>(x), to, y, count);
  }
}

// --- layout --------------------------------------------------------------------------------------------------------

// y[i * yStep + j] = x[i + j * xStep]: a transposition in tiles that stay in the first cache.
template <typename T>
static void transposePlane(const T *x, int64_t xStep, T *y, int64_t yStep, int64_t rows, int64_t columns) {
  constexpr int64_t tile = 16;
  for (int64_t i0 = 0; i0 < rows; i0 += tile) {
    const int64_t i1 = std::min(rows, i0 + tile);
    for (int64_t j0 = 0; j0 < columns; j0 += tile) {
      const int64_t j1 = std::min(columns, j0 + tile);
      for (int64_t i = i0; i < i1; i++) {
        for (int64_t j = j0; j < j1; j++) y[i * yStep + j] = x[i + j * xStep];
      }
    }
  }
}

template <typename T>
static inline void copyRow(const T *x, int64_t xStep, T *y, int64_t yStep, int64_t count) {
  if (yStep == 1 && xStep == 1) {
    if (count < 32) {
      for (int64_t i = 0; i < count; i++) y[i] = x[i];
    } else {
      __builtin_memcpy(y, x, sizeof(T) * count);
    }
  } else if (yStep == 1 && xStep == 0) {
    const T value = *x;
    for (int64_t i = 0; i < count; i++) y[i] = value;
  } else {
    for (int64_t i = 0; i < count; i++) y[i * yStep] = x[i * xStep];
  }
}

template <typename T> static void copyLoop(const T *x, T *y, const Nest &nest) {
  // The loop that walks the source by single steps, if it is not the last one, is turned into the last but one.
  Nest order = nest;
  int last = order.rank - 1;
  bool planes = false;
  if (order.strides[0][last] != 1 && order.strides[1][last] == 1) {
    for (int d = 0; d < last; d++) {
      if (order.strides[0][d] != 1 || order.shape[d] < 4) continue;
      for (int e = d; e < last - 1; e++) {
        std::swap(order.shape[e], order.shape[e + 1]);
        std::swap(order.strides[0][e], order.strides[0][e + 1]);
        std::swap(order.strides[1][e], order.strides[1][e + 1]);
      }
      planes = true;
      break;
    }
  }
  const int loops = planes ? last - 1 : last;
  const int64_t inner = order.shape[last] * (planes ? order.shape[last - 1] : 1);
  int64_t outer = 1;
  for (int d = 0; d < loops; d++) outer *= order.shape[d];
  if (planes && outer < 2 * threadCount() && order.shape[last - 1] >= 32) {
    // Few planes: their rows are shared out instead.
    const int64_t rows = order.shape[last - 1];
    for (int64_t item = 0; item < outer; item++) {
      int64_t rest = item, xOffset = 0, yOffset = 0;
      for (int d = loops - 1; d >= 0; d--) {
        xOffset += rest % order.shape[d] * order.strides[0][d];
        yOffset += rest % order.shape[d] * order.strides[1][d];
        rest /= order.shape[d];
      }
      const int64_t yStep = order.strides[1][last - 1], xStep = order.strides[0][last], columns = order.shape[last];
      parallelFor(rows, std::max<int64_t>(16, grainOfBytes / 8 / columns), [=](int64_t begin, int64_t end) {
        transposePlane(x + xOffset + begin, xStep, y + yOffset + begin * yStep, yStep, end - begin, columns);
      });
    }
    return;
  }
  if (loops == 0 && !planes) {
    const int64_t xStep = order.strides[0][0], yStep = order.strides[1][0];
    parallelFor(inner, grainOfBytes / 2 / static_cast<int64_t>(sizeof(T)), [=](int64_t begin, int64_t end) {
      copyRow(x + begin * xStep, xStep, y + begin * yStep, yStep, end - begin);
    });
    return;
  }
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 2 / static_cast<int64_t>(sizeof(T)) / std::max<int64_t>(1, inner));
  parallelFor(outer, grain, [=, &order](int64_t begin, int64_t end) {
    int64_t index[maximalRank] = {};
    int64_t xOffset = 0, yOffset = 0, rest = begin;
    for (int d = loops - 1; d >= 0; d--) {
      index[d] = rest % order.shape[d];
      rest /= order.shape[d];
      xOffset += index[d] * order.strides[0][d];
      yOffset += index[d] * order.strides[1][d];
    }
    for (int64_t item = begin; item < end; item++) {
      if (planes) {
        transposePlane(x + xOffset, order.strides[0][last], y + yOffset, order.strides[1][last - 1],
                       order.shape[last - 1], order.shape[last]);
      } else {
        copyRow(x + xOffset, order.strides[0][last], y + yOffset, order.strides[1][last], order.shape[last]);
      }
      for (int d = loops - 1; d >= 0; d--) {
        xOffset += order.strides[0][d];
        yOffset += order.strides[1][d];
        if (++index[d] < order.shape[d]) break;
        xOffset -= index[d] * order.strides[0][d];
        yOffset -= index[d] * order.strides[1][d];
        index[d] = 0;
      }
    }
  });
}

static void copy(int elementSize, const void *x, void *y, const Nest &nest) {
  if (elementSize == 1) return copyLoop(static_cast<const uint8_t *>(x), static_cast<uint8_t *>(y), nest);
  copyLoop(static_cast<const uint32_t *>(x), static_cast<uint32_t *>(y), nest);
}

static void fill(uint32_t pattern, uint32_t *y, int64_t count) {
  parallelFor(count, grainOfBytes / 4, [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = pattern;
  });
}

static void gather(const uint32_t *x, const int32_t *indices, uint32_t *y, int64_t outer, int64_t rows, int64_t picked,
                   int64_t inner) {
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 8 / inner);
  parallelFor(outer * picked, grain, [=](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const uint32_t *from = x + (item / picked * rows + indices[item % picked]) * inner;
      copyRow(from, 1, y + item * inner, 1, inner);
    }
  });
}

static void segmentSum(const float *x, const int32_t *segments, float *y, int64_t rows, int64_t segmentCount,
                       int64_t inner) {
  __builtin_memset(y, 0, sizeof(float) * segmentCount * inner);
  for (int64_t row = 0; row < rows; row++) {
    if (segments[row] < 0 || segments[row] >= segmentCount) continue;
    const float *__restrict from = x + row * inner;
    float *__restrict to = y + segments[row] * inner;
    for (int64_t i = 0; i < inner; i++) to[i] += from[i];
  }
}

// --- pooling -------------------------------------------------------------------------------------------------------

// Calls visit(row, column) for the cells of one window that lie inside the image.
template <typename Visit>
static inline void eachCell(const Window &w, int64_t outRow, int64_t outColumn, const Visit &visit) {
  for (int64_t i = 0; i < w.height; i++) {
    const int64_t row = outRow * w.strideHeight - w.top + i * w.dilationHeight;
    if (row < 0 || row >= w.inHeight) continue;
    for (int64_t j = 0; j < w.width; j++) {
      const int64_t column = outColumn * w.strideWidth - w.left + j * w.dilationWidth;
      if (column < 0 || column >= w.inWidth) continue;
      visit(row, column);
    }
  }
}

static inline int64_t poolGrain(const Window &w) {
  return std::max<int64_t>(1, grainOfBytes / 8 / std::max<int64_t>(1, w.outWidth * w.channels * w.height * w.width));
}

static void maxPool(const float *x, float *y, const Window &w) {
  parallelFor(w.batch * w.outHeight, poolGrain(w), [=, &w](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const float *image = x + line / w.outHeight * w.inHeight * w.inWidth * w.channels;
      for (int64_t column = 0; column < w.outWidth; column++) {
        float *__restrict best = y + (line * w.outWidth + column) * w.channels;
        for (int64_t c = 0; c < w.channels; c++) best[c] = -INFINITY;
        eachCell(w, line % w.outHeight, column, [&](int64_t i, int64_t j) {
          const float *__restrict cell = image + (i * w.inWidth + j) * w.channels;
          for (int64_t c = 0; c < w.channels; c++) best[c] = cell[c] > best[c] ? cell[c] : best[c];
        });
      }
    }
  });
}

// The first largest cell of each window receives the gradient.
static void maxPoolGrad(const float *x, const float *dy, float *dx, const Window &w) {
  constexpr int64_t width = 32; // channels at a time
  const int64_t groups = (w.channels + width - 1) / width;
  const int64_t pixels = w.inHeight * w.inWidth;
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 8 / std::max<int64_t>(1, pixels * width));
  parallelFor(w.batch * groups, grain, [=, &w](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const int64_t from = item % groups * width;
      const int64_t channels = std::min(width, w.channels - from);
      const float *image = x + item / groups * pixels * w.channels + from;
      float *gradient = dx + item / groups * pixels * w.channels + from;
      const float *upstream = dy + item / groups * w.outHeight * w.outWidth * w.channels + from;
      for (int64_t p = 0; p < pixels; p++) {
        for (int64_t c = 0; c < channels; c++) gradient[p * w.channels + c] = 0.f;
      }
      float best[width];
      int32_t place[width];
      for (int64_t row = 0; row < w.outHeight; row++) {
        for (int64_t column = 0; column < w.outWidth; column++) {
          for (int64_t c = 0; c < channels; c++) {
            best[c] = -INFINITY;
            place[c] = -1;
          }
          eachCell(w, row, column, [&](int64_t i, int64_t j) {
            const int32_t cell = static_cast<int32_t>(i * w.inWidth + j);
            const float *__restrict values = image + cell * w.channels;
            for (int64_t c = 0; c < channels; c++) {
              const bool larger = values[c] > best[c];
              best[c] = larger ? values[c] : best[c];
              place[c] = larger ? cell : place[c];
            }
          });
          const float *slope = upstream + (row * w.outWidth + column) * w.channels;
          for (int64_t c = 0; c < channels; c++) {
            if (place[c] >= 0) gradient[place[c] * w.channels + c] += slope[c];
          }
        }
      }
    }
  });
}

static void avgPool(const float *x, float *y, const Window &w) {
  parallelFor(w.batch * w.outHeight, poolGrain(w), [=, &w](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const float *image = x + line / w.outHeight * w.inHeight * w.inWidth * w.channels;
      for (int64_t column = 0; column < w.outWidth; column++) {
        float *__restrict total = y + (line * w.outWidth + column) * w.channels;
        for (int64_t c = 0; c < w.channels; c++) total[c] = 0.f;
        int64_t cells = 0;
        eachCell(w, line % w.outHeight, column, [&](int64_t i, int64_t j) {
          const float *__restrict cell = image + (i * w.inWidth + j) * w.channels;
          for (int64_t c = 0; c < w.channels; c++) total[c] += cell[c];
          cells++;
        });
        const float count = static_cast<float>(cells);
        for (int64_t c = 0; c < w.channels; c++) total[c] /= count;
      }
    }
  });
}

// As tfjs has it, every cell of a window receives dy / (height * width), at the border too.
static void avgPoolGrad(const float *dy, float *dx, const Window &w) {
  const float share = 1.f / static_cast<float>(w.height * w.width);
  parallelFor(w.batch * w.inHeight, poolGrain(w), [=, &w](int64_t begin, int64_t end) {
    for (int64_t line = begin; line < end; line++) {
      const int64_t row = line % w.inHeight;
      const float *upstream = dy + line / w.inHeight * w.outHeight * w.outWidth * w.channels;
      float *to = dx + line * w.inWidth * w.channels;
      __builtin_memset(to, 0, sizeof(float) * w.inWidth * w.channels);
      for (int64_t i = 0; i < w.height; i++) {
        const int64_t above = row + w.top - i * w.dilationHeight;
        if (above < 0 || above % w.strideHeight != 0 || above / w.strideHeight >= w.outHeight) continue;
        for (int64_t column = 0; column < w.inWidth; column++) {
          for (int64_t j = 0; j < w.width; j++) {
            const int64_t before = column + w.left - j * w.dilationWidth;
            if (before < 0 || before % w.strideWidth != 0 || before / w.strideWidth >= w.outWidth) continue;
            const float *__restrict from =
                upstream + (above / w.strideHeight * w.outWidth + before / w.strideWidth) * w.channels;
            float *__restrict cell = to + column * w.channels;
            for (int64_t c = 0; c < w.channels; c++) cell[c] += from[c] * share;
          }
        }
      }
    }
  });
}

// --- resizing ------------------------------------------------------------------------------------------------------

static inline double resizeRatio(int64_t from, int64_t to, bool alignCorners) {
  return alignCorners && to > 1 ? static_cast<double>(from - 1) / static_cast<double>(to - 1)
                                : static_cast<double>(from) / static_cast<double>(to);
}

struct Tap {
  int64_t low, high;
  float share; // of `high`
};

static std::vector<Tap> bilinearTaps(int64_t from, int64_t to, const Resize &r) {
  const double ratio = resizeRatio(from, to, r.alignCorners);
  std::vector<Tap> taps(to);
  for (int64_t i = 0; i < to; i++) {
    const double place = r.halfPixelCenters ? ratio * (static_cast<double>(i) + 0.5) - 0.5 : ratio * static_cast<double>(i);
    const int64_t low = std::max<int64_t>(0, static_cast<int64_t>(std::floor(place)));
    const int64_t high = std::min<int64_t>(from - 1, static_cast<int64_t>(std::ceil(place)));
    taps[i] = {low, high, static_cast<float>(place - static_cast<double>(low))};
  }
  return taps;
}

static std::vector<int64_t> nearestCells(int64_t from, int64_t to, const Resize &r) {
  const double ratio = resizeRatio(from, to, r.alignCorners);
  std::vector<int64_t> cells(to);
  for (int64_t i = 0; i < to; i++) {
    const double place = ratio * (static_cast<double>(i) + (r.halfPixelCenters ? 0.5 : 0.));
    const double cell = r.alignCorners ? std::floor(place + 0.5) : std::floor(place);
    cells[i] = std::max<int64_t>(0, std::min<int64_t>(from - 1, static_cast<int64_t>(cell)));
  }
  return cells;
}

static inline int64_t resizeGrain(const Resize &r) {
  return std::max<int64_t>(1, grainOfBytes / 16 / std::max<int64_t>(1, r.outWidth * r.channels));
}

static void resizeBilinear(const float *x, float *y, const Resize &r) {
  const std::vector<Tap> rows = bilinearTaps(r.inHeight, r.outHeight, r), columns = bilinearTaps(r.inWidth, r.outWidth, r);
  const int64_t line = r.inWidth * r.channels;
  parallelFor(r.batch * r.outHeight, resizeGrain(r), [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const float *image = x + item / r.outHeight * r.inHeight * line;
      const Tap row = rows[item % r.outHeight];
      for (int64_t j = 0; j < r.outWidth; j++) {
        const Tap column = columns[j];
        const float *__restrict topLeft = image + row.low * line + column.low * r.channels;
        const float *__restrict topRight = image + row.low * line + column.high * r.channels;
        const float *__restrict bottomLeft = image + row.high * line + column.low * r.channels;
        const float *__restrict bottomRight = image + row.high * line + column.high * r.channels;
        float *__restrict to = y + (item * r.outWidth + j) * r.channels;
        for (int64_t c = 0; c < r.channels; c++) {
          const float top = topLeft[c] + (topRight[c] - topLeft[c]) * column.share;
          const float bottom = bottomLeft[c] + (bottomRight[c] - bottomLeft[c]) * column.share;
          to[c] = top + (bottom - top) * row.share;
        }
      }
    }
  });
}

static void resizeBilinearGrad(const float *dy, float *dx, const Resize &r) {
  const std::vector<Tap> rows = bilinearTaps(r.inHeight, r.outHeight, r), columns = bilinearTaps(r.inWidth, r.outWidth, r);
  const int64_t line = r.inWidth * r.channels;
  __builtin_memset(dx, 0, sizeof(float) * r.batch * r.inHeight * line);
  parallelFor(r.batch, 1, [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin * r.outHeight; item < end * r.outHeight; item++) {
      float *image = dx + item / r.outHeight * r.inHeight * line;
      const Tap row = rows[item % r.outHeight];
      for (int64_t j = 0; j < r.outWidth; j++) {
        const Tap column = columns[j];
        const float *from = dy + (item * r.outWidth + j) * r.channels;
        float *topLeft = image + row.low * line + column.low * r.channels;
        float *topRight = image + row.low * line + column.high * r.channels;
        float *bottomLeft = image + row.high * line + column.low * r.channels;
        float *bottomRight = image + row.high * line + column.high * r.channels;
        for (int64_t c = 0; c < r.channels; c++) {
          const float upper = from[c] * (1.f - row.share), lower = from[c] * row.share;
          topLeft[c] += upper * (1.f - column.share);
          topRight[c] += upper * column.share;
          bottomLeft[c] += lower * (1.f - column.share);
          bottomRight[c] += lower * column.share;
        }
      }
    }
  });
}

static void resizeNearest(const float *x, float *y, const Resize &r) {
  const std::vector<int64_t> rows = nearestCells(r.inHeight, r.outHeight, r), columns = nearestCells(r.inWidth, r.outWidth, r);
  parallelFor(r.batch * r.outHeight, resizeGrain(r), [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin; item < end; item++) {
      const float *line = x + (item / r.outHeight * r.inHeight + rows[item % r.outHeight]) * r.inWidth * r.channels;
      float *to = y + item * r.outWidth * r.channels;
      for (int64_t j = 0; j < r.outWidth; j++) {
        copyRow(line + columns[j] * r.channels, 1, to + j * r.channels, 1, r.channels);
      }
    }
  });
}

static void resizeNearestGrad(const float *dy, float *dx, const Resize &r) {
  const std::vector<int64_t> rows = nearestCells(r.inHeight, r.outHeight, r), columns = nearestCells(r.inWidth, r.outWidth, r);
  __builtin_memset(dx, 0, sizeof(float) * r.batch * r.inHeight * r.inWidth * r.channels);
  parallelFor(r.batch, 1, [=, &r, &rows, &columns](int64_t begin, int64_t end) {
    for (int64_t item = begin * r.outHeight; item < end * r.outHeight; item++) {
      float *line = dx + (item / r.outHeight * r.inHeight + rows[item % r.outHeight]) * r.inWidth * r.channels;
      const float *from = dy + item * r.outWidth * r.channels;
      for (int64_t j = 0; j < r.outWidth; j++) {
        float *__restrict to = line + columns[j] * r.channels;
        const float *__restrict slope = from + j * r.channels;
        for (int64_t c = 0; c < r.channels; c++) to[c] += slope[c];
      }
    }
  });
}

// --- products with few rows ----------------------------------------------------------------------------------------

static void fewRows(const float *a, const float *b, float *y, int64_t m, int64_t n, int64_t k) {
  const int64_t parts = m * n * k > (1 << 17) ? std::max<int64_t>(1, std::min<int64_t>(threadCount(), k / 64)) : 1;
  std::vector<float> partial(parts > 1 ? parts * m * n : 0);
  parallelFor(parts, 1, [&](int64_t begin, int64_t end) {
    for (int64_t part = begin; part < end; part++) {
      float *target = parts > 1 ? partial.data() + part * m * n : y;
      __builtin_memset(target, 0, sizeof(float) * m * n);
      const int64_t last = k * (part + 1) / parts;
      int64_t row = k * part / parts;
      for (; row + 4 <= last; row += 4) {
        const float *__restrict b0 = b + row * n;
        const float *__restrict b1 = b0 + n;
        const float *__restrict b2 = b1 + n;
        const float *__restrict b3 = b2 + n;
        for (int64_t i = 0; i < m; i++) {
          const float *factor = a + i * k + row;
          const float f0 = factor[0], f1 = factor[1], f2 = factor[2], f3 = factor[3];
          float *__restrict to = target + i * n;
          for (int64_t j = 0; j < n; j++) to[j] += (f0 * b0[j] + f1 * b1[j]) + (f2 * b2[j] + f3 * b3[j]);
        }
      }
      for (; row < last; row++) {
        const float *__restrict values = b + row * n;
        for (int64_t i = 0; i < m; i++) {
          const float factor = a[i * k + row];
          float *__restrict to = target + i * n;
          for (int64_t j = 0; j < n; j++) to[j] += factor * values[j];
        }
      }
    }
  });
  if (parts > 1) joinRows<SumReduction>(partial.data(), y, 0, parts, m * n, m * n);
}

#include "group_normalize.h"
#include "kernel_tiles.h"
#include "patches.h"
#include "roi_align.h"
#include "sgd.h"

static const Kernels table = {
    TFJS_ONEDNN_SET,    unary,         binaryFloat,       binaryInt, select,      reduce,
    softmax,            sumOf,         roundToBf16,       cast,              copy,      fill,        gather,
    segmentSum,         maxPool,       maxPoolGrad,       avgPool,   avgPoolGrad, resizeBilinear,
    resizeBilinearGrad, resizeNearest, resizeNearestGrad, fewRows,   gatherPatches, sumPatches,
    packKernel,         unpackKernel,  groupNormalize,    groupNormalizeGrad, sgd, roiAlign,
    roiAlignGrad, sumOfSquares};

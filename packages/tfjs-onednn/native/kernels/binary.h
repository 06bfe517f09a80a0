// Functions of two numbers, with broadcasting, and the choice between two: a chapter of vector_kernels.h.

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
  const int64_t grain = std::max<int64_t>(1, grainOfBytes / 12 / std::max<int64_t>(1, inner));
  parallelFor(nest.rows(last), grain, [=, &nest](int64_t begin, int64_t end) {
    eachRow(nest, last, begin, end, [=](int64_t row, int64_t aOffset, int64_t bOffset) {
      binaryRow<Operation>(a + aOffset, aStep, b + bOffset, bStep, y + row * inner, inner);
    });
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

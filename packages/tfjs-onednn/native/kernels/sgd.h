// Stochastic gradient descent with momentum: a chapter of vector_kernels.h.

// v' = momentum * v + (scale * g + decay * p), p' = p - rate * v'.
static void sgd(const float *parameter, const float *velocity, const float *gradient, float *newParameter,
                float *newVelocity, int64_t count, const Descent &d) {
  parallelFor(count, grainOfBytes / 20, [=, &d](int64_t begin, int64_t end) {
    const float *__restrict p = parameter;
    const float *__restrict v = velocity;
    const float *__restrict g = gradient;
    float *__restrict toP = newParameter;
    float *__restrict toV = newVelocity;
    const float momentum = d.momentum, decay = d.decay, rate = d.rate, scale = d.gradientScale;
    for (int64_t i = begin; i < end; i++) {
      const float next = momentum * v[i] + (scale * g[i] + decay * p[i]);
      toV[i] = next;
      toP[i] = p[i] - rate * next;
    }
  });
}

/** Threads that add up together. */
export const ADDERS = 256;

/**
 * WGSL: `addUp(count)` leaves in `sums[0]` the sum of `term(at)`, 0 <= at < count, for all threads of a group. Every thread
 * takes every 256th number in runs of 32, then the threads go in pairs: float32 in one accumulator is 4e-5 off after a
 * million numbers. To be called by all threads.
 */
export const groupSum = `
  var<workgroup> sums: array<f32, ${ADDERS}>;
  fn addUp(count: i32) {
    var total = 0.0;
    for (var run = i32(localIndex); run < count; run += 32 * ${ADDERS}) {
      var sum = 0.0;
      for (var at = run; at < min(run + 32 * ${ADDERS}, count); at += ${ADDERS}) { sum += term(at); }
      total += sum;
    }
    workgroupBarrier(); // who still reads the sum before
    sums[localIndex] = total;
    workgroupBarrier();
    for (var half = ${ADDERS / 2}u; half > 0u; half >>= 1u) {
      if (localIndex < half) { sums[localIndex] += sums[localIndex + half]; }
      workgroupBarrier();
    }
  }`;

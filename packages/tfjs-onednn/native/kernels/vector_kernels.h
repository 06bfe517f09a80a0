// The memory-bound kernels, written as plain loops that compilers turn into vector code. Included once per instruction
// set, inside that set's namespace (see kernels_*.cc); it includes nothing but its own chapters.

static constexpr int64_t grainOfBytes = 1 << 19; // less than this is not worth a second thread

#include "kernels/nest_rows.h"
#include "kernels/unary.h"

#include "kernels/binary.h"
#include "kernels/casts.h"
#include "kernels/layout.h"
#include "kernels/reductions.h"

#include "kernels/few_rows.h"
#include "kernels/group_normalize.h"
#include "kernels/kernel_tiles.h"
#include "kernels/patches.h"
#include "kernels/pooling.h"
#include "kernels/resizing.h"
#include "kernels/roi_align.h"
#include "kernels/sgd.h"

// In the order of `Kernels`, one line per chapter.
static const Kernels table = {
    TFJS_ONEDNN_SET,
    unary,
    binaryFloat, binaryInt, select,
    reduce, softmax, sumOf,
    roundToBf16, cast,
    copy, fill, gather, segmentSum,
    maxPool, maxPoolGrad, avgPool, avgPoolGrad,
    resizeBilinear, resizeBilinearGrad, resizeNearest, resizeNearestGrad,
    fewRows,
    gatherPatches, sumPatches,
    packKernel, unpackKernel,
    groupNormalize, groupNormalizeGrad,
    sgd,
    roiAlign, roiAlignGrad,
    sumOfSquares,
};

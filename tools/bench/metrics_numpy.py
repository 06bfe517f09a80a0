"""AJI, AJI+, PQ and Dice in numpy the way HoVer-Net computes them: one full-size mask per object, each metric on its own.

Written for tools/bench/metrics.mjs, which gives the folder with prediction.bin and truth.bin (uint32) and their width,
and, if there is one, a clone of vqdang/hover_net whose own functions are then timed. Prints JSON: seconds and value per
metric.
"""

import json
import sys
import time
import types

import numpy as np
from scipy.optimize import linear_sum_assignment


def renumbered(labels):
    ids, inverse = np.unique(labels, return_inverse=True)
    assert ids[0] == 0
    return inverse.reshape(labels.shape).astype(np.int32)


def masks_of(labels):
    return [(labels == i).astype(np.uint8) for i in range(1, labels.max() + 1)]


def pair_tables(truth, prediction):
    true_masks, predicted_masks = masks_of(truth), masks_of(prediction)
    shared = np.zeros((len(true_masks), len(predicted_masks)))
    union = np.zeros_like(shared)
    for t, true_mask in enumerate(true_masks):
        for p in np.unique(prediction[true_mask > 0]):
            if p == 0:
                continue
            both = (true_mask * predicted_masks[p - 1]).sum()
            shared[t, p - 1] = both
            union[t, p - 1] = (true_mask + predicted_masks[p - 1]).sum() - both
    return true_masks, predicted_masks, shared, union


def aggregated(true_masks, predicted_masks, shared, union, rows, columns):
    intersection, total = shared[rows, columns].sum(), union[rows, columns].sum()
    total += sum(mask.sum() for t, mask in enumerate(true_masks) if t not in set(rows))
    total += sum(mask.sum() for p, mask in enumerate(predicted_masks) if p not in set(columns))
    return intersection / total


def aji(truth, prediction):
    true_masks, predicted_masks, shared, union = pair_tables(truth, prediction)
    iou = shared / (union + 1e-6)
    rows = np.nonzero(iou.max(axis=1) > 0)[0]
    return aggregated(true_masks, predicted_masks, shared, union, rows, iou.argmax(axis=1)[rows])


def aji_plus(truth, prediction):
    true_masks, predicted_masks, shared, union = pair_tables(truth, prediction)
    iou = shared / (union + 1e-6)
    rows, columns = linear_sum_assignment(-iou)
    kept = iou[rows, columns] > 0
    return aggregated(true_masks, predicted_masks, shared, union, rows[kept], columns[kept])


def pq(truth, prediction):
    true_masks, predicted_masks, shared, union = pair_tables(truth, prediction)
    iou = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    matched = iou[iou > 0.5]
    return 2 * matched.sum() / (len(true_masks) + len(predicted_masks))


def dice(truth, prediction):
    return 2 * ((truth > 0) & (prediction > 0)).sum() / ((truth > 0).sum() + (prediction > 0).sum())


def own_functions():
    return {"aji": aji, "ajiPlus": aji_plus, "pq": pq, "dice": dice}


def hover_net_functions(clone):
    for unused in ("cv2", "matplotlib", "matplotlib.pyplot"):  # imported there, needed by none of these
        sys.modules.setdefault(unused, types.ModuleType(unused))
    sys.path.insert(0, clone)
    from metrics import stats_utils as theirs

    def exact_pq(truth, prediction):
        (_, _, value), (matched, *_) = theirs.get_fast_pq(truth, prediction)
        return value * (1 + 1e-6 / max(1, len(matched)))  # their SQ divides by TP + 1e-6

    return {"aji": theirs.get_fast_aji, "ajiPlus": theirs.get_fast_aji_plus, "pq": exact_pq, "dice": theirs.get_dice_1}


def main():
    folder, width = sys.argv[1], int(sys.argv[2])
    truth, prediction = (
        renumbered(np.fromfile(f"{folder}/{name}.bin", dtype=np.uint32).reshape(-1, width))
        for name in ("truth", "prediction")
    )
    seconds, values = {}, {}
    metrics = hover_net_functions(sys.argv[3]) if len(sys.argv) > 3 else own_functions()
    for name, metric in metrics.items():
        start = time.perf_counter()
        values[name] = float(metric(truth, prediction))
        seconds[name] = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "values": values}))


main()

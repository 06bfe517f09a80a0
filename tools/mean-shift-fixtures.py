"""Writes packages/postprocess/test/mean-shift.json: modes and labels of sklearn.cluster.MeanShift.

Needs NumPy and scikit-learn (Debian: python3-sklearn).
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.cluster import MeanShift


def rounded(values):
    return np.asarray(values, np.float64).round(6).tolist()


rng = np.random.RandomState(5)
# Overlapping clouds: where a shift ends depends on where it begins.
cloud = np.concatenate([rng.normal(centre, 0.6, (30, 3)) for centre in (0.0, 1.2, 2.0)]).astype(np.float32)
shifts = []
for start in (0, 17, 40, 63, 89):
    mode = MeanShift(bandwidth=0.9, seeds=cloud[start : start + 1].astype(np.float64)).fit(cloud.astype(np.float64))
    shifts.append({"start": start, "mode": rounded(mode.cluster_centers_[0])})

# Clouds that lie apart: every order of seeds finds the same clusters.
centres = rng.uniform(-6, 6, (6, 4))
apart = np.concatenate([rng.normal(centre, 0.15, (20, 4)) for centre in centres]).astype(np.float32)
rng.shuffle(apart)
labels = MeanShift(bandwidth=1.0).fit(apart.astype(np.float64)).labels_

content = {
    "origin": f"MeanShift (flat kernel) of scikit-learn {sklearn.__version__}; tools/mean-shift-fixtures.py",
    "shifts": {"bandwidth": 0.9, "dimensions": 3, "points": [float(v) for v in cloud.ravel()], "modes": shifts},
    "clusters": {
        "bandwidth": 1.0,
        "dimensions": 4,
        "points": [float(v) for v in apart.ravel()],
        "labels": labels.tolist(),
    },
}
Path(__file__).parent.joinpath("../packages/postprocess/test/mean-shift.json").write_text(json.dumps(content) + "\n")
print(len(centres), len(set(labels.tolist())))

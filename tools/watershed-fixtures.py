#!/usr/bin/python3
"""Makes packages/postprocess/test/watershed.json: small surfaces, and what scikit-image and SciPy make of them.

Needs Debian's python3-skimage (apt-get install python3-skimage):
    /usr/bin/python3 tools/watershed-fixtures.py && npx prettier --write packages/postprocess/test/watershed.json
Surfaces to be flooded have no two pixels of one height: which of two equal markers begins is decided by scikit-image's
heap, which is no part of the algorithm. The others are full of plateaus.
"""
import json
import os

import numpy
import scipy
import skimage
from scipy import ndimage
from skimage.measure import label
from skimage.morphology import local_minima, reconstruction
from skimage.segmentation import watershed

HERE = os.path.dirname(os.path.abspath(__file__))
draw = numpy.random.default_rng(7)


def smooth(height, width):
    """A surface with hollows of several sizes, 0..1."""
    noise = draw.random((height, width))
    values = ndimage.gaussian_filter(noise, 1) + 2 * ndimage.gaussian_filter(noise, 2.5)
    return (values - values.min()) / (values.max() - values.min())


def distances(labels):
    """Chessboard distances of each object by itself; SciPy gives -1 where there is nothing outside."""
    result = numpy.zeros(labels.shape, int)
    for name in numpy.unique(labels[labels > 0]):
        result += ndimage.distance_transform_cdt(labels == name, metric='chessboard')
    return result


def flat(values):
    return [int(value) for value in numpy.ravel(values)]


reconstructions = []
for height, width, levels, h in [(9, 12, 6, 1), (24, 20, 12, 3), (17, 31, 200, 25), (1, 9, 5, 1), (8, 1, 5, 2)]:
    mask = numpy.round(smooth(height, width) * levels).astype(int)
    filled = reconstruction(mask + h, mask, method='erosion').astype(int)
    seed = mask + draw.integers(0, levels, mask.shape)
    sunk = reconstruction(seed, mask, method='erosion').astype(int)
    minima = label(local_minima(filled, connectivity=2), connectivity=2)
    reconstructions.append(dict(height=height, width=width, mask=flat(mask), depth=h, filled=flat(filled),
                                seed=flat(seed), sunk=flat(sunk), minima=flat(minima)))

floods = []
for height, width in [(12, 15), (28, 24), (1, 20)]:
    surface = smooth(height, width).ravel().argsort().argsort().reshape(height, width)
    mask = smooth(height, width) > 0.35
    markers = label(local_minima(surface, connectivity=2), connectivity=2)
    ids = watershed(surface, markers, mask=mask)
    floods.append(dict(height=height, width=width, surface=flat(surface), mask=flat(mask), markers=flat(markers),
                       ids=flat(ids)))

maps = []
for height, width, objects in [(13, 17, 6), (25, 22, 9)]:
    centres = [(draw.integers(height), draw.integers(width)) for _ in range(objects)]
    rows, columns = numpy.mgrid[:height, :width]
    nearness = numpy.array([numpy.hypot(rows - y, columns - x) - draw.uniform(2, 5) for y, x in centres])
    labels = numpy.where(nearness.min(0) < 0, nearness.argmin(0) + 1, 0)
    maps.append(dict(height=height, width=width, labels=flat(labels), distances=flat(distances(labels))))

origin = (f'reconstruction (erosion), local_minima and label (connectivity 2), watershed of scikit-image '
          f'{skimage.__version__}; distance_transform_cdt (chessboard) of SciPy {scipy.__version__}; '
          f'tools/watershed-fixtures.py')
with open(os.path.join(HERE, '../packages/postprocess/test/watershed.json'), 'w') as file:
    json.dump(dict(origin=origin, reconstructions=reconstructions, floods=floods, maps=maps), file)

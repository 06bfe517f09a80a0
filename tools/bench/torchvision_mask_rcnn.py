"""The peer: torchvision's Mask R-CNN with group norm, on the same work as ours. Called by peers.mjs; on its own:

    python3 torchvision_mask_rcnn.py step  --network r101 --size 256 --rois 512 --image cells.png --labels labels.png
    python3 torchvision_mask_rcnn.py train --network r18-light --data tnbc --split split.csv --column part --fold test \
        --steps 1500 --out runs/torchvision

`step` prints JSON: seconds of processor time of every training step and of every inference on one image. `train` learns from the
images that are not in the fold, then writes one 16-bit label map per image of the fold into OUT/predictions-0.5 and
OUT/predictions-0.7, by the least score of an object, which `pffnet evaluate` scores, and OUT/run.json. Needs PyTorch and torchvision (Debian: python3-torch python3-torchvision).
"""

import argparse
import csv
import json
import os
import random
import struct
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision.models import resnet
from torchvision.models.detection import MaskRCNN, backbone_utils
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.rpn import AnchorGenerator, RPNHead
from torchvision.ops import MultiScaleRoIAlign
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool

# depth, channels of the pyramid and the mask head, units of the box head
NETWORKS = {"r18-light": (18, 64, 512), "r50": (50, 256, 1024), "r101": (101, 256, 1024)}


def group_norm(channels):
    return nn.GroupNorm(32, channels)


def mask_rcnn(network, size, rois, detections=1000):
    depth, channels, hidden = NETWORKS[network]
    body = getattr(resnet, f"resnet{depth}")(norm_layer=group_norm)
    widths = [64, 128, 256, 512] if depth == 18 else [256, 512, 1024, 2048]
    levels = {f"layer{level}": str(level - 1) for level in range(1, 5)}
    backbone = backbone_utils.BackboneWithFPN(body, levels, widths, channels, LastLevelMaxPool(), group_norm)
    anchors = AnchorGenerator(((8,), (16,), (32,), (64,), (128,)), ((0.5, 1.0, 2.0),) * 5)
    pooled = ["0", "1", "2", "3"]
    return MaskRCNN(
        backbone,
        min_size=size,
        max_size=4 * size,
        rpn_anchor_generator=anchors,
        rpn_head=RPNHead(channels, 3),
        box_roi_pool=MultiScaleRoIAlign(pooled, 7, 2),
        box_head=TwoMLPHead(channels * 49, hidden),
        box_predictor=FastRCNNPredictor(hidden, 2),
        mask_roi_pool=MultiScaleRoIAlign(pooled, 14, 2),
        mask_head=MaskRCNNHeads(channels, (channels,) * 4, 1, group_norm),
        mask_predictor=MaskRCNNPredictor(channels, channels, 2),
        box_batch_size_per_image=rois,
        box_detections_per_img=detections,
    )


def imagenet_kernels(body, path):
    """Takes the kernels of a safetensors file in torchvision's names; group norm learns its scales anew."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    dtypes = {"F16": np.float16, "F32": np.float32}
    taken = 0
    with torch.no_grad():
        for name, parameter in body.named_parameters():
            entry = header.get(name)
            if entry is None or parameter.dim() != 4:
                continue
            start, end = entry["data_offsets"]
            values = np.frombuffer(data[start:end], dtypes[entry["dtype"]]).reshape(entry["shape"])
            parameter.copy_(torch.from_numpy(values.astype(np.float32)))
            taken += 1
    if taken == 0:
        raise SystemExit(f"{path} has no kernel of this network; expected torchvision's names, such as layer1.0.conv1.weight")
    return taken


def target_of(labels):
    ids = [i for i in np.unique(labels) if i != 0]
    masks = np.stack([labels == i for i in ids]) if ids else np.zeros((0, *labels.shape), bool)
    boxes = np.zeros((len(ids), 4), np.float32)
    for box, mask in zip(boxes, masks):
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box[:] = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    return {
        "boxes": torch.from_numpy(boxes),
        "labels": torch.ones(len(ids), dtype=torch.int64),
        "masks": torch.from_numpy(masks.astype(np.uint8)),
    }


def read_sample(image, labels):
    return np.asarray(Image.open(image).convert("RGB")), np.asarray(Image.open(labels)).astype(np.int32)


def tensor_of(image):
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))).float() / 255


def optimizer_of(model, rate):
    return torch.optim.SGD(model.parameters(), rate, momentum=0.9, weight_decay=1e-4)


def train_step(model, optimizer, image, target):
    optimizer.zero_grad(set_to_none=True)
    loss = sum(model([image], [target]).values())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 10)
    optimizer.step()
    return loss.item()


def blas_file():
    """The library of matrix products that was loaded; PyTorch has its own only where this line is empty."""
    with open("/proc/self/maps") as maps:
        return next((line.split()[-1] for line in maps if "/libblas.so" in line or "openblas" in line), "")


def measure_step(options):
    torch.manual_seed(0)
    model = mask_rcnn(options.network, options.size, options.rois, detections=100)
    optimizer = optimizer_of(model, 1e-5)
    image, labels = read_sample(options.image, options.labels)
    image, target = tensor_of(image), target_of(labels)
    steps, inferences = [], []
    model.train()
    for _ in range(options.steps + 1):
        start = time.process_time()
        train_step(model, optimizer, image, target)
        steps.append(time.process_time() - start)
    model.eval()
    with torch.no_grad():
        for _ in range(options.steps + 1):
            start = time.process_time()
            model([image])
            inferences.append(time.process_time() - start)
    facts = {"torch": torch.__version__, "threads": torch.get_num_threads(), "blas": blas_file()}
    facts |= {"steps": steps[1:], "inferences": inferences[1:]}
    print(json.dumps(facts))


def augmented_crop(image, labels, size, draw):
    """A random crop with flips and quarter turns, as our patch source draws it, without its blur and noise."""
    height, width = labels.shape
    top, left = draw.randint(0, max(0, height - size)), draw.randint(0, max(0, width - size))
    window = np.s_[top : top + size, left : left + size]
    image, labels = image[window], labels[window]
    turns, flip = draw.randint(0, 3), draw.random() < 0.5
    image, labels = np.rot90(image, turns), np.rot90(labels, turns)
    if flip:
        image, labels = image[:, ::-1], labels[:, ::-1]
    return image, labels


def read_split(options):
    with open(options.split, newline="") as file:
        rows = list(csv.DictReader(file))
    test = [row["name"] for row in rows if row[options.column] == options.fold]
    return [row["name"] for row in rows if row[options.column] != options.fold], test


def rate_at(step, options):
    """Ours: linear warm-up from a third over 100 steps, a tenth after three quarters."""
    warm = min(1, 1 / 3 + 2 / 3 * step / 100)
    return options.rate * warm * (0.1 if step >= 0.75 * options.steps else 1)


def label_map(detections, shape, min_score):
    """Objects above the score, the surest first; a pixel belongs to the first that claims it."""
    labels = np.zeros(shape, np.uint16)
    number = 0
    for score, mask in zip(detections["scores"], detections["masks"]):
        if score < min_score:
            break
        free = (mask[0].numpy() > 0.5) & (labels == 0)
        if free.any():
            number += 1
            labels[free] = number
    return labels


def train(options):
    torch.manual_seed(options.seed)
    draw = random.Random(options.seed)
    names, test = read_split(options)

    def load(name):
        return read_sample(*(os.path.join(options.data, folder, f"{name}.png") for folder in ("images", "labels")))

    samples = [load(name) for name in names]
    model = mask_rcnn(options.network, options.size, options.rois)
    if options.init:
        print(f"{imagenet_kernels(model.backbone.body, options.init)} kernels from {options.init}", file=sys.stderr)
    optimizer = optimizer_of(model, options.rate)
    folders = {score: os.path.join(options.out, f"predictions-{score}") for score in options.min_score}
    for folder in folders.values():
        os.makedirs(folder, exist_ok=True)
    model.train()
    seconds = []
    for step in range(options.steps):
        image, labels = augmented_crop(*draw.choice(samples), options.size, draw)
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, options)
        start = time.perf_counter()
        loss = train_step(model, optimizer, tensor_of(image), target_of(labels))
        seconds.append(time.perf_counter() - start)
        if (step + 1) % 50 == 0:
            print(f"step {step + 1}: loss {loss:.3f}, {np.median(seconds[-50:]):.2f} s per step", file=sys.stderr)
    model.eval()
    predicting = []
    with torch.no_grad():
        for name in test:
            image, labels = load(name)
            model.transform.min_size, model.transform.max_size = (min(labels.shape),), max(labels.shape)
            start = time.perf_counter()
            (detections,) = model([tensor_of(image)])
            predicting.append(time.perf_counter() - start)
            for score, folder in folders.items():
                prediction = Image.fromarray(label_map(detections, labels.shape, score))
                prediction.save(os.path.join(folder, f"{name}.png"))
    facts = {
        **vars(options),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "medianSecondsPerStep": float(np.median(seconds)),
        "secondsOfSteps": float(np.sum(seconds)),
        "medianSecondsPerImage": float(np.median(predicting)),
        "test": test,
    }
    facts.pop("run")
    with open(os.path.join(options.out, "run.json"), "w") as file:
        json.dump(facts, file, indent=2)
    print(json.dumps(facts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for name, run in (("step", measure_step), ("train", train)):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("--network", choices=NETWORKS, default="r18-light")
        command.add_argument("--size", type=int, default=256, help="side of the training patch in pixels")
        command.add_argument("--rois", type=int, default=128, help="RoIs sampled per image")
        command.add_argument("--steps", type=int, default=5 if name == "step" else 1500)
        command.add_argument("--threads", type=int, default=os.cpu_count())
    step, learn = commands.choices["step"], commands.choices["train"]
    step.add_argument("--image", required=True)
    step.add_argument("--labels", required=True)
    learn.add_argument("--data", required=True)
    learn.add_argument("--split", required=True)
    learn.add_argument("--column", default="fold")
    learn.add_argument("--fold", required=True)
    learn.add_argument("--init", help="safetensors file of ImageNet kernels")
    learn.add_argument("--rate", type=float, default=0.003)
    learn.add_argument("--min-score", type=float, nargs="+", default=[0.5, 0.7])
    learn.add_argument("--seed", type=int, default=0)
    learn.add_argument("--out", required=True)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.run(options)


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""Makes packages/datasets/test/tiff-combinations.gz and .json: TIFF files of every combination that docs/data.md lists,
and the numbers that are stored in them. The first is a gzip of one line of JSON, [name, length] of every file, and of
the files one after the other: packed together they take a tenth of the room.

Needs Debian's python3-tifffile and libtiff-tools (apt-get install python3-tifffile libtiff-tools):
    /usr/bin/python3 tools/tiff-fixtures.py && npx prettier --write packages/datasets/test/tiff-combinations.json
tifffile writes each base file and says which numbers are stored; libtiff's tiffcp writes the other packings of it, which
keep every number. What tifffile reads itself is compared with that again. The values reach the ends of each number type.
"""
import gzip
import io
import json
import os
import subprocess
import sys
import tempfile

import numpy
import tifffile

HEIGHT, WIDTH = 5, 7
OUT = os.path.join(os.path.dirname(__file__), '..', 'packages', 'datasets', 'test', 'tiff-combinations')
DTYPES = ['bool', 'uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64', 'float16', 'float32', 'float64']
# name: samples, photometric, planar configuration, extra samples
LAYOUTS = {
    'grey': (1, 'minisblack', None, None),
    'min-is-white': (1, 'miniswhite', None, None),
    'grey-alpha': (2, 'minisblack', 'contig', ['unassalpha']),
    'channels': (4, 'minisblack', 'contig', ['unspecified'] * 3),
    'channels-separate': (4, 'minisblack', 'separate', ['unspecified'] * 3),
    'rgb': (3, 'rgb', 'contig', None),
    'rgb-separate': (3, 'rgb', 'separate', None),
    'rgb-alpha': (4, 'rgb', 'contig', ['unassalpha']),
}
PACKINGS = {'none': [1], 'lzw': [1, 2, 3], 'zip': [1, 2, 3], 'packbits': [1], 'zstd': [1, 2, 3]}


def values(dtype, samples):
    """Whole numbers from 0 to 120 or so, no two neighbours alike, the type's greatest and least among them."""
    count = HEIGHT * WIDTH * samples
    numbers = (numpy.arange(count) * 37 + 5) % 120
    if dtype == 'bool':
        return (numbers % 3 == 0).reshape(HEIGHT, WIDTH, samples)
    if dtype.startswith('float'):
        array = (numbers / 2 - 8).astype(dtype)
        array[0], array[1] = 60000, -0.5
    else:
        info = numpy.iinfo(dtype)
        array = numbers.astype(dtype)
        array[0], array[1] = min(info.max, 2**53 - 1), max(info.min, -(2**53) + 1)
    return array.reshape(HEIGHT, WIDTH, samples)


def base(folder, dtype, layout):
    samples, photometric, planar, extra = LAYOUTS[layout]
    array = values(dtype, samples)
    stored = array if planar != 'separate' else numpy.moveaxis(array, 2, 0)
    path = os.path.join(folder, 'base.tif')
    tifffile.imwrite(path, stored if samples > 1 else array[..., 0], photometric=photometric, planarconfig=planar,
                     extrasamples=extra, metadata=None, rowsperstrip=None if dtype == 'bool' else 2)
    with tifffile.TiffFile(path) as tiff:
        read = tiff.pages[0].asarray()
    if planar == 'separate':
        read = numpy.moveaxis(read, 0, 2)
    assert numpy.array_equal(read.reshape(array.shape), array), (dtype, layout)
    return path, array


def repacked(path, folder, packing, predictor, order, tiled, planar, *more):
    out = os.path.join(folder, 'packed.tif')
    if os.path.exists(out):
        os.remove(out)
    code = packing if predictor == 1 or packing == 'none' else f'{packing}:{predictor}'
    # A strip of two rows, so that the last has fewer; planes stay as they are.
    blocks = ['-t', '-w', '16', '-l', '16'] if tiled else ['-s', '-r', '2']
    planes = ['-p', planar] if planar else []
    command = ['tiffcp', '-c', code, '-B' if order == 'big' else '-L', *blocks, *planes, *more, path, out]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0 or not os.path.exists(out):
        return None
    with open(out, 'rb') as file:
        return file.read()


def tiled_planes(array, photometric, packing, predictor, order, extra):
    if packing not in ('none', 'zip') or predictor == 3 or (predictor == 2 and array.itemsize == 8):
        return None
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, numpy.moveaxis(array, 2, 0), photometric=photometric, planarconfig='separate', tile=(16, 16),
                     byteorder='>' if order == 'big' else '<', compression='zlib' if packing == 'zip' else None,
                     predictor=predictor == 2, extrasamples=extra, metadata=None)
    return buffer.getvalue()


def read_again(data, array, planar):
    """Where tifffile has the decoder, it must read the same numbers."""
    try:
        with tifffile.TiffFile(io.BytesIO(data)) as tiff:
            read = tiff.pages[0].asarray()
    except Exception:
        return 'unread'
    if planar == 'separate':
        read = numpy.moveaxis(read, 0, 2)
    return 'right' if numpy.array_equal(read.reshape(array.shape), array) else 'wrong'


def plain(array):
    return [float(v) if array.dtype.kind == 'f' else int(v) for v in array.ravel()]


def main():
    files, cases, confirmed, unwritten = {}, [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for dtype in DTYPES:
            for layout, (samples, photometric, planar, extra) in LAYOUTS.items():
                if dtype == 'bool' and samples > 1:
                    continue  # tifffile writes such bits in another way than it reads them
                path, array = base(folder, dtype, layout)
                for packing, predictors in PACKINGS.items():
                    for predictor in predictors:
                        if dtype == 'bool' and predictor > 1 or (predictor == 3) != (dtype[0] == 'f' and predictor > 1):
                            continue
                        if layout.endswith('alpha') and packing != 'none':
                            continue  # the same bytes as with colours or channels
                        # libtiff itself does not read back what it writes of big-endian numbers with predictor 3
                        for order in ['little'] if predictor == 3 else ['little', 'big']:
                            for tiled in [False, True]:
                                name = f'{dtype}.{layout}.{packing}.{predictor}.{order}.{"tiles" if tiled else "strips"}.tif'
                                if planar == 'separate' and tiled and array.itemsize > 1:
                                    # tiffcp mixes up planes of tiles whose values have several bytes
                                    data = tiled_planes(array, photometric, packing, predictor, order, extra)
                                else:
                                    data = repacked(path, folder, packing, predictor, order, tiled, planar)
                                if data is None:
                                    unwritten += 1
                                    continue
                                verdict = read_again(data, array, planar)
                                if verdict == 'wrong':
                                    print('tifffile reads other numbers than tiffcp was given:', name, file=sys.stderr)
                                    continue
                                confirmed += verdict == 'right'
                                files[name] = data
                                cases.append(name)
        extra_cases = others(folder, files)
    names = sorted(files)
    index = json.dumps([[name, len(files[name])] for name in names]).encode() + b'\n'
    with open(f'{OUT}.gz', 'wb') as file:
        file.write(gzip.compress(index + b''.join(files[name] for name in names), 9, mtime=0))
    stored = {
        'tifffile': tifffile.__version__, 'height': HEIGHT, 'width': WIDTH,
        'samples': {layout: samples for layout, (samples, *_) in LAYOUTS.items()},
        'values': {dtype: {str(samples): plain(values(dtype, samples)) for samples in (1, 2, 3, 4)} for dtype in DTYPES},
        'combinations': len(cases), 'others': extra_cases,
    }
    with open(f'{OUT}.json', 'w') as file:
        json.dump(stored, file)
        file.write('\n')
    print(len(cases), 'combinations,', confirmed, 'of them read by tifffile itself;', unwritten, 'that are not written here;', len(extra_cases), 'others')


def others(folder, files):
    """Kinds that are no combination of the above; each with the numbers that are stored, or none where it is refused."""
    cases = {}

    def add(name, data, stored=None):
        files[name] = data
        cases[name] = None if stored is None else plain(numpy.asarray(stored))

    def written(array, **options):
        buffer = io.BytesIO()
        tifffile.imwrite(buffer, array, **{'metadata': None, **options})
        return buffer.getvalue()

    grey = values('uint8', 1)[..., 0]
    wide = values('uint16', 1)[..., 0]
    table = numpy.stack([numpy.arange(256) * 257, numpy.arange(255, -1, -1) * 257, numpy.full(256, 0x8000)]).astype('uint16')
    add('palette.tif', written(grey % 120, photometric='palette', colormap=table), grey % 120)
    add('bigtiff.tif', written(wide, bigtiff=True), wide)
    add('orientation-6.tif', written(wide, extratags=[(274, 'H', 1, 6, True)]), wide)
    stack = numpy.stack([wide, wide + 1, wide + 2])
    add('stack.tif', written(stack, photometric='minisblack'))
    channels = {'axes': 'CYX', 'Channel': {'Name': ['DAPI', 'GFP', 'Cy5']}}
    interleaved = numpy.moveaxis(stack, 0, 2)
    add('channels-ome.tif', written(stack, ome=True, metadata=channels, photometric='minisblack'), interleaved)
    add('channels-imagej.tif', written(stack, imagej=True, metadata={'axes': 'CYX'}), interleaved)
    add('channels-tifffile.tif', written(stack, metadata={'axes': 'CYX'}, photometric='minisblack'), interleaved)
    add('slices-imagej.tif', written(stack, imagej=True, metadata={'axes': 'ZYX'}))
    buffer = io.BytesIO()
    big = numpy.arange(64 * 48, dtype='uint16').reshape(64, 48)
    with tifffile.TiffWriter(buffer) as tiff:
        tiff.write(big, subifds=2, tile=(16, 16), metadata=None)
        tiff.write(big[::2, ::2], subfiletype=1, tile=(16, 16), metadata=None)
        tiff.write(big[::4, ::4], subfiletype=1, tile=(16, 16), metadata=None)
    add('levels-subifds.tif', buffer.getvalue(), big)
    buffer = io.BytesIO()
    with tifffile.TiffWriter(buffer) as tiff:
        tiff.write(big, tile=(16, 16), metadata=None)
        tiff.write(big[::2, ::2], subfiletype=1, tile=(16, 16), metadata=None)
        tiff.write(big[::4, ::4], subfiletype=1, tile=(16, 16), metadata=None)
    add('levels-pages.tif', buffer.getvalue(), big)
    for bits in (2, 4, 12, 24):
        for order in ('<', '>'):
            array = values('uint16', 1)[..., 0].astype('uint32') % 2**bits
            array[0, 0] = 2**bits - 1
            add(f'bits-{bits}-{"little" if order == "<" else "big"}.tif', bare(array, bits, order), array)
    base_path = os.path.join(folder, 'rgb.tif')
    rgb = numpy.tile(values('uint8', 3), (4, 4, 1))
    tifffile.imwrite(base_path, rgb, photometric='rgb', metadata=None)
    for packing in ('jpeg', 'webp', 'lerc', 'lzma'):
        data = repacked(base_path, folder, packing, 1, 'little', True, None)
        add(f'rgb-{packing}.tif', data)
    bits_path = os.path.join(folder, 'bits.tif')
    mask = values('bool', 1)[..., 0]
    tifffile.imwrite(bits_path, mask, metadata=None)
    for packing in ('g4', 'g3', 'g3:2d', 'none'):
        for fill in ('msb2lsb', 'lsb2msb'):
            data = repacked(bits_path, folder, packing, 1, 'little', False, None, '-f', fill)
            add(f'bits-1-{packing.replace(":", "-")}-{fill}.tif', data, mask)
    wide32 = values('uint32', 1)[..., 0]
    path = os.path.join(folder, 'wide.tif')
    tifffile.imwrite(path, wide32, metadata=None)
    add('uint32-lzma.tif', repacked(path, folder, 'lzma', 1, 'little', False, None))
    return cases


def bare(array, bits, order):
    """A TIFF of one uncompressed strip, written here because tifffile packs no such bits without further libraries."""
    height, width = array.shape
    rows = b''
    for row in array:
        if bits % 8 == 0:
            rows += b''.join(int(v).to_bytes(bits // 8, 'little' if order == '<' else 'big') for v in row)
        else:
            text = ''.join(format(int(v), f'0{bits}b') for v in row)
            text += '0' * (-len(text) % 8)
            rows += int(text, 2).to_bytes(len(text) // 8, 'big')
    little = order == '<'
    number = lambda value, length: int(value).to_bytes(length, 'little' if little else 'big')
    tags = [(256, width), (257, height), (258, bits), (259, 1), (262, 1), (273, 8), (277, 1), (278, height), (279, len(rows))]
    rows += b'\0' * (len(rows) % 2)
    table = number(len(tags), 2) + b''.join(number(t, 2) + number(4, 2) + number(1, 4) + number(v, 4) for t, v in tags)
    return (b'II' if little else b'MM') + number(42, 2) + number(8 + len(rows), 4) + rows + table + number(0, 4)


main()

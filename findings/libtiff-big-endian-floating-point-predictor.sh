#!/usr/bin/env bash
# libtiff 4.5.0 (Debian 12, libtiff-tools 4.5.0-6+deb12u4): big-endian floating-point TIFF with predictor 3 comes back as
# other numbers.
#
# Behaviour: tiffcp -B -c zip:3 writes a file whose numbers libtiff itself reads differently. No error, no warning. The
# bytes are put in the file's order before they are sorted by weight, and are not put back after. Little-endian files and
# other predictors are right.
# Output seen:
#   little-endian, predictor 3: 1.0 2.5 -3.0 4.0
#   big-endian, predictor 1: 1.0 2.5 -3.0 4.0
#   big-endian, predictor 3: 4.6006e-41 1.15691e-41 2.32279e-41 4.60074e-41
# Expected: the same four numbers each time.
# Why it matters here: tables of TIFF kinds that a reader must get right are made with this tool; such files would teach it wrong numbers.
set -euo pipefail
test "$(dpkg-query -W -f '${Version}' libtiff-tools)" = 4.5.0-6+deb12u4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >bare.py <<'SCRIPT'
import struct, sys
def write(path, values):
    strip = struct.pack('<4f', *values)
    tags = [(256, 4), (257, 1), (258, 32), (259, 1), (262, 1), (273, 8), (277, 1), (278, 1), (279, len(strip)), (339, 3)]
    table = struct.pack('<H', len(tags)) + b''.join(struct.pack('<HHII', tag, 4, 1, value) for tag, value in tags)
    with open(path, 'wb') as file:
        file.write(b'II*\0' + struct.pack('<I', 8 + len(strip)) + strip + table + b'\0\0\0\0')
def read(path):
    data = open(path, 'rb').read()
    at, = struct.unpack_from('<I', data, 4)
    count, = struct.unpack_from('<H', data, at)
    tags = dict((tag, value) for tag, _, _, value in (struct.unpack_from('<HHII', data, at + 2 + 12 * i) for i in range(count)))
    return struct.unpack_from('<4f', data, tags[273])
if sys.argv[1] == 'write':
    write(sys.argv[2], [1.0, 2.5, -3.0, 4.0])
else:
    print(' '.join(f'{value:.6}' for value in read(sys.argv[2])))
SCRIPT
python3 bare.py write in.tif
trip() { # title, options
  tiffcp "${@:2}" in.tif packed.tif
  tiffcp -L -c none packed.tif back.tif
  echo "$1: $(python3 bare.py read back.tif)"
}
trip 'little-endian, predictor 3' -L -c zip:3 | tee seen
trip 'big-endian, predictor 1' -B -c zip:1 | tee -a seen
trip 'big-endian, predictor 3' -B -c zip:3 | tee -a seen
test "$(grep -c '1.0 2.5 -3.0 4.0' seen)" = 2

import struct

import segno

from web.notices.qr import qr_bars, qr_png, qr_size

URL = "https://banshi.example.gov.cn/n/7KQM-3XPA-VN8R"


def test_the_bars_are_the_code():
    size = qr_size(URL)
    drawn = [bytearray(size) for _ in range(size)]
    for row, column, length in qr_bars(URL):
        assert not any(drawn[row][column : column + length])
        drawn[row][column : column + length] = b"\1" * length
    assert drawn == list(segno.make_qr(URL, error="m").matrix)


def test_the_picture_has_white_around_it_and_is_always_the_same():
    png = qr_png(URL)
    width, height = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG")
    assert width == height == (qr_size(URL) + 8) * 8
    assert png == qr_png(URL)

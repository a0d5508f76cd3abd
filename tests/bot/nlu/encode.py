"""Runs in the rasa environment: how far the vectors of training texts are from those of the same texts one by one."""

from __future__ import annotations

import numpy as np

from bot.nlu.vectors import encoder, vectors_of

TEXTS = [
    "身份证丢了怎么补",
    "",
    "passport 过期了，2026 年还能用吗？",
    "😀",
    "我爸走了，派出所那边要去弄啥",
    "身份证丢了怎么补",
    *(f"第{number}次来问，户口本上的名字写错了，{'窗口的人说要回老家开证明，' * number}怎么办" for number in range(40)),
]


def main() -> None:
    together = vectors_of(TEXTS)
    alone = np.concatenate([encoder().vectors([text]) for text in TEXTS])
    print(np.abs(together - alone).max(), *together.shape, vectors_of([]).shape[1])


if __name__ == "__main__":
    main()

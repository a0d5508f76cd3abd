"""Runs in the rasa environment: trains a small model of the project's own pipeline and parses what stdin holds.

Reads a JSON list of messages; writes one JSON object {"train": seconds, "model": bytes, "parsed": [..]}.
"""

import asyncio
import json
import sys
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

import yaml  # noqa: E402
from rasa.api import train  # noqa: E402
from rasa.core.agent import load_agent  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
SENTENCES = {
    "ask_materials": "要带什么材料 需要哪些材料 身份证丢了要带什么 要准备什么 补办要交什么材料 材料清单有吗 带什么证件",
    "ask_fee": "要多少钱 收费吗 多少钱一本 补办身份证多少钱 费用多少 贵不贵要多少钱 办护照收多少费用",
    "inform": "1 2 3 第二个 第一个 在天宁区 已满16周岁",
    "greet": "你好 您好 在吗 你好呀 早上好 您好啊 你好你好",
}


def main(folder: Path) -> None:
    nlu = [{"intent": name, "examples": "".join(f"- {w}\n" for w in text.split())} for name, text in SENTENCES.items()]
    text = yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True)
    (folder / "nlu.yml").write_text(text, "utf-8")
    start = time.monotonic()
    result = train(
        domain=str(ROOT / "domain.yml"),
        config=str(ROOT / "config.yml"),
        training_files=[str(folder / "nlu.yml"), str(ROOT / "data" / "stories")],
        output=str(folder),
        force_training=True,
    )
    seconds = time.monotonic() - start
    parsed = asyncio.run(parse(result.model, json.load(sys.stdin)))
    print(json.dumps({"train": seconds, "model": Path(result.model).stat().st_size, "parsed": parsed}))


async def parse(model, messages):
    agent = await load_agent(model_path=model)
    return [await agent.parse_message(message) for message in messages]


if __name__ == "__main__":
    main(Path(sys.argv[1]))

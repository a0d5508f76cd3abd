"""Large stores that nobody has written: services and offices by the thousand, the same ones for the same seed.

A generated service is a shipped one under another name, so that bodies have real sizes and shapes; its names are put
together from what offices deal with, what is done about it, and in which trade.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import product

from knowledge.place import Office
from knowledge.service import Service

SEED = 7
GENERATED = "bench-"  # how the ids of what is made here begin
TRADES = (
    "餐饮 烘焙 茶饮 便利店 药店 诊所 口腔 美容 美发 洗浴 健身 游泳馆 网吧 影院 剧场 歌舞厅 旅馆 民宿 养老院 托育园 幼儿园 "
    "培训学校 驾校 书店 印刷 广告 快递 货运 客运 出租车 网约车 汽车维修 洗车 加油站 充电站 停车场 物业 家政 保安 开锁 "
    "典当 拍卖 再生资源 二手车 农药 种子 兽药 饲料 养殖 屠宰 渔业 林木 花卉 茶叶 酒类 烟草 盐业 燃气 供水 供电 热力 "
    "建材 装修 园林 测绘 勘察 监理 检测 环评 安评 消防 电梯 锅炉 压力容器 起重机械 医疗器械 化妆品 食品生产 饮用水 "
    "危险化学品 烟花爆竹 民用爆炸物 矿产 砂石 港口 船舶 航道 无线电 广播电视"
)
PAPERS = (
    "经营许可证 卫生许可证 营业执照 从业资格证 安全生产许可证 排污许可证 取水许可证 采伐许可证 建设工程规划许可证 施工许可证 "
    "用地批准书 不动产权证 特种行业许可证 特种设备使用登记证 道路运输证 危险废物处置许可证 计量认证证书 资质证书 备案证明 "
    "合格证 竣工验收备案表 占道许可 户外广告设置许可 夜间施工许可 消防验收意见书 节水评估 水土保持方案 环境影响评价批复 "
    "职业病危害申报 失业保险返还 稳岗补贴 社保登记证 用工备案 集体合同 工伤保险登记 公积金账户 价格备案 信用修复证明"
)
DEEDS = {
    "首次申请": "新办", "变更登记": "改信息", "延续": "到期续办", "注销": "不要了", "补领": "丢了补办", "换领": "换证",
    "年度审验": "年审", "转让": "过户", "查询": "查一下", "撤销": "撤回", "暂停与恢复": "停业", "异地办理": "在外地办",
    "代办委托": "找人代办", "信息更正": "写错了", "核验": "看真假", "抵押登记": "抵押", "解除抵押": "解押",
    "缴费": "交钱", "退费": "退钱", "预约": "约时间", "进度查询": "办好没", "结果领取": "领证", "邮寄申请": "寄到家",
    "加急办理": "加急", "上门办理": "上门", "容缺受理": "材料不齐", "告知承诺": "写承诺", "异议申诉": "不服",
    "复核": "再审一次", "备案": "报备", "档案调阅": "调档", "证明开具": "开证明", "政策咨询": "问政策", "补贴申领": "领补贴",
    "资格认定": "认定", "考试报名": "报名",
}  # fmt: skip
EAST, NORTH = (100, 122), (22, 42)  # degrees: the part of the country where most people live
CITIES = 300  # around which offices stand, each within a few kilometres
SPREAD = 0.1  # degrees
HOURS = ("1-5 09:00-12:00,13:30-17:30", "1-5 09:00-17:00; 6 09:00-12:00", "1-7 08:30-20:00")


def make_services(count: int, models: Sequence[Service], seed: int = SEED) -> Iterator[Service]:
    """`count` services with names of their own, each with the body of one of `models`; at most 100,000 or so."""
    dice = random.Random(seed)
    names = list(product(TRADES.split(), PAPERS.split(), DEEDS))
    if count > len(names):
        raise ValueError(f"only {len(names)} services can be named, not {count}")
    for number, (trade, paper, deed) in enumerate(dice.sample(names, count)):
        said = DEEDS[deed]
        yield dice.choice(models).model_copy(
            update={
                "id": f"{GENERATED}{number:06d}",
                "name": f"{trade}{paper}{deed}",
                "code": f"{dice.randrange(10**12):012d}",
                "aliases": (
                    f"{said}{trade}{paper}", f"{trade}{paper}{said}", f"{trade}{paper}怎么{said}",
                    f"{paper}{said}（{trade}）", f"{deed}{trade}{paper}",
                ),
                "bundle": None,
            }
        )  # fmt: skip


def make_offices(
    count: int, regions: Sequence[str], matters: Sequence[str], seed: int = SEED, *, cities: int = CITIES
) -> Iterator[Office]:
    """`count` offices around the cities of an invented country, each in one of `regions` and for three of `matters`.

    One of a hundred is open day and night.
    """
    dice = random.Random(seed)
    centres = [(dice.uniform(*NORTH), dice.uniform(*EAST)) for _ in range(cities)]
    for number in range(count):
        north, east = dice.choice(centres)
        all_day = number % 100 == 0
        yield Office(
            id=f"{GENERATED}{number:06d}",
            name=f"第{number}便民服务中心",
            kind="便民服务中心",
            region=dice.choice(regions),
            address=f"测试路{number}号",
            latitude=round(dice.gauss(north, SPREAD), 5),
            longitude=round(dice.gauss(east, SPREAD), 5),
            hours="" if all_day else dice.choice(HOURS),
            all_day=all_day,
            matters=tuple(dice.sample(list(matters), 3)),
            basis="demo",
            confidence="high",
        )

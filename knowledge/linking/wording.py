"""How people say what the item names say: words that mean the same, initials, and the words that carry no item.

Data, not rules: each line is one thing, the written form first. `services.py` reads text and names through these
tables, so that both sides speak the same words.
"""

from __future__ import annotations

# Said on the right, written on the left. A longer wording wins over a shorter one.
SAME = {
    "户口本": "户口簿 户口薄 户籍本 户籍簿 hkb hkbb",
    "身份证": "身分证 二代证 sfz id卡 idcard 身份证件",
    "驾驶证": "驾照 驾驶本 车本 本本儿 驾驶执照 jsz jz",
    "行驶证": "行车证 行车本 行驶本 xsz",
    "登记证书": "绿本 大绿本 大本",
    "居住证": "jzz 居住卡",
    "暂住证": "zzz",
    "户口": "户籍",
    "护照": "passport hz 出国本",
    "签证": "visa",
    "港澳通行证": "港奥通行证 港澳证 港澳台通行证 gatxz 去香港的通行证 香港通行证 澳门通行证",
    "往来": "来往",
    "公积金": "gjj 住房公积金",
    "社保": "社会保险 社会保障 五险 shebao",
    "社保卡": "社会保障卡 sbk",
    "医保": "医疗保险 yibao 基本医疗",
    "医保卡": "ybk",
    "养老保险": "基本养老 养老金保险",
    "房产证": "房本 房照 房证 不动产证 不动产权证 不动产权证书 产权证 bdcz",
    "房子": "房屋 房产 住房 二手房",
    "营业执照": "yyzz 工商执照",
    "结婚证": "jhz 红本本",
    "离婚证": "lhz",
    "结婚": "领证 扯证 登记结婚 婚姻登记",
    "出生证": "出生医学证明 出生证明 csz",
    "准生证": "生育证 生育服务证",
    "无犯罪记录": "无犯罪 无案底 无犯罪纪录 没有犯罪 wfzjl",
    "孩子": "小孩 娃 娃儿 娃娃 宝宝 儿子 女儿 小朋友 闺女 崽 儿童 婴儿 小孩子 子女 细娃 小娃",
    "新生儿": "刚出生 刚生 出生的 生了",
    "未成年": "未满16 未满十六 未满16周岁 不满16",
    "老人": "老年人 父母 爸妈 我妈 我爸 奶奶 爷爷 姥姥 姥爷 老妈 老爸 母亲 父亲 老头 老太太",
    "夫妻": "老公 老婆 配偶 丈夫 妻子 媳妇 爱人 对象 两口子",
    "电动车": "电瓶车 电驴 电动自行车 小电驴 小电动 电单车",
    "汽车": "机动车 车辆 小车 车子 轿车 私家车",
    "摩托车": "摩托",
    "违章": "交通违法 违法停车 闯红灯 超速",
    "记分": "扣分 分数 扣几分 多少分",
    "学籍": "xueji",
    "低保": "最低生活保障",
    "残疾证": "残疾人证",
    "失业证": "就业失业登记证 就业创业证",
    "人才": "人才新政 人才引进 高层次人才 学历",
    "派出所": "公安局 警察局",
    "外国人": "老外 外籍 境外人员",
    "外地": "异地 外省 跨省 外市 外乡 不在本地 人在外 人在外地 非本地 不回老家 跨市",
    "国外": "海外 境外 出国",
    "公司": "企业 单位",
    "个体户": "个体工商户 个体工商 摆摊",
    "店": "饭店 餐馆 小店 馆子 奶茶店 门店 铺子 店铺 小吃店 餐饮店",
    "租房": "房租 租的房 租房子 出租屋",
    "买房": "购房 买了房 买的房 买新房 买房子",
    "狗": "犬 狗狗 宠物狗",
    "电子": "电子版 手机上的",
}

# What happened to the thing, or what is to be done with it. The written form is a mark that both sides share,
# wherever it stands in the sentence.
DEEDS = {
    "do": "办 办理 怎么办 咋办 办个 办一个 办张 搞个 弄个",
    "lost": "丢失 丢了 弄丢 掉了 搞丢 遗失 不见了 找不到 找不着 被偷 被盗 失窃 丢 弄没了 没找到 整丢 落车上 搞掉",
    "again": "补领 补办 补发 补换 重办 重新办 再办 补一张 补一个 补一本 补 挂失补",
    "report_loss": "挂失 报失 冒用",
    "expired": "到期 过期 快到期 失效 期满 满期 有效期 要到期 超期 逾期",
    "renew": "换领 换发 换证 换新 续签 续期 延期 换一张 更换 更新 换本 换 年审 年检 签注",
    "damaged": "损坏 损毁 坏了 破了 消磁 断了 磨损 看不清 刷不出来 读不出 折断 弄坏 泡了 模糊",
    "change": "变更 更正 更改 改 修改 写错 错了 信息错误 改成 变了 录错",
    "first": "首次 第一次 初次 新办 首办 头一回 初领 从来没办过",
    "cancel": "注销 销户 注消 取消 不要了 报废",
    "move": "迁移 迁入 迁出 迁 转移 转入 转出 转到 转回 迁往 迁回 回迁 签到 签回",
    "settle": "落户 入户 上户口 上户 报户口 安家落户 上户籍 随迁",
    "transfer": "过户 转让 赠与 赠予 买卖 卖给",
    "inherit": "继承 遗产 继成",
    "release": "解押 解除抵押 解抵押 还清",
    "collect": "领取 代领 领证 取证 拿证 取 领",
    "urgent": "加急 快点 急用 急办 最快",
    "register": "登记 上牌 挂牌 上牌照 备案 报备 注册",
    "query": "查询 查 查看 查一下 查验 真伪 记录",
    "prove": "证明 开具 开证明",
    "withdraw": "提取 取出 提出来 取出来 提 取公积金 套取",
    "loan": "贷款 代款 贷 组合贷",
    "activate": "激活 启用 几活",
    "book": "预约 约考 网约",
    "online": "网上 网办 线上 手机上 app 小程序 在线 网站",
    "pay": "缴费 缴纳 交钱 缴 交费 交罚款 缴款 参保 投保",
    "makeup_pay": "补缴 补交 断缴 漏缴",
    "reimburse": "报销 报医保 手工报销",
    "benefit": "补贴 补助 津贴 奖励 救助 优待 待遇 福利",
    "complain": "投诉 举报 反映 维权 拖欠",
    "apply": "申请 申领 申办",
    "exam": "考 考试 报名 考取 报考",
    "dead": "死亡 去世 过世 死了 走了 没了 不在了 亡故 身故",
    "split": "分户 立户 分开",
    "adopt": "收养 领养 抱养 弃婴 捡到孩子",
    "divorce": "离婚 离异",
    "retire": "退休 办退",
    "birth": "出生 生娃 生孩子 生小孩 生二胎 生三胎 二胎",
    "home_service": "上门 卧床 瘫痪 行动不便 走不动",
}

# Words that name no item: what is asked about it, politeness, and what stands in half of all questions.
EMPTY = (
    "怎么办理 怎么办 怎么弄 怎么 怎样 如何 咋办 咋整 咋弄 咋 啥 什么 哪些 哪里 哪儿 哪 多少钱 多少 多久 几天 几个 需要 需不需要 "
    "要 材料 资料 手续 流程 程序 证件 条件 办理 办 可以 可不可以 能不能 能否 是否 能 吗 呢 么 吧 啊 呀 了 的 我们 我 你们 你 您 他 她 "
    "请问 想 请 咨询 问题 现在 目前 领导 书记 谢谢 您好 你好 本人 自己 知道 一下 "
    "时候 时间 地方 情况 这个 那个 应该 必须 相关 有关 关于 事宜 政策 规定 为什么 以及"
)

# Short words whose mistyped form sounds the same; longer ones are taken from the names themselves.
SOUNDS = (
    "护照 户籍 户口 社保 医保 驾照 公证 低保 签注 落户 迁移 婚姻 结婚 离婚 补办 办理 挂失 过期 到期 注销 居住 临时 "
    "驾驶 行驶 公章 契税 发票 执照 退休 工伤 仲裁 档案 过户 房产 租房 贷款 津贴 补贴 身份 认证 报销 转学 上牌"
)

# Short names of places that are everyday words, or stand inside them: they count only where the sentence says so.
EVERYDAY_PLACES = (
    "白云 海门 和平 新城 城关 朝阳 南山 向阳 通州 宝山 西湖 长安 河东 河西 江北 江南 城区 郊区 高新 开发 新华 桥西 桥东 铁西 "
    "铁东 中山 东方 大同 文山 鼓楼 长乐 永安 安康 平安 太平 吉安 保安 宝安 昌平 清河 天河 黄河 新建 新民 五河 兴化 同心 兴业 "
    "建设 团结 光明 金华 定海 普陀 武进 金坛 中原 海南 三明 开远 万宁 资阳 资源 平原 前进 友谊 友好 东安 三台 阿里 和田 东区 "
    "西区 通城 龙城 花城 西关 盐场 "
)

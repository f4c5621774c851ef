"""What the whole city has beyond the small demo 全市: further units and people, all from plants and solar terms."""

from dataclasses import dataclass
from itertools import islice
from random import Random

from webapp.services.demo import cast

# Beside the ten units of the small demo: party departments, courts, bureaus, counties, institutions, enterprises.
UNITS = (
    ("xcb", "星屿市委宣传部（示例）", "部"),
    ("zfw", "星屿市委政法委员会（示例）", "部"),
    ("rdjg", "星屿市人大常委会机关（示例）", "机关"),
    ("zxjg", "星屿市政协机关（示例）", "机关"),
    ("fy", "星屿市中级人民法院（示例）", "法院"),
    ("jcy", "星屿市人民检察院（示例）", "检察院"),
    ("kjj", "星屿市科学技术局（示例）", "局"),
    ("gxj", "星屿市工业和信息化局（示例）", "局"),
    ("mzj", "星屿市民政局（示例）", "局"),
    ("sfj", "星屿市司法局（示例）", "局"),
    ("czj", "星屿市财政局（示例）", "局"),
    ("rsj", "星屿市人力资源和社会保障局（示例）", "局"),
    ("zrj", "星屿市自然资源局（示例）", "局"),
    ("hbj", "星屿市生态环境局（示例）", "局"),
    ("zjj", "星屿市住房和城乡建设局（示例）", "局"),
    ("swuj", "星屿市商务局（示例）", "局"),
    ("wjj", "星屿市卫生健康局（示例）", "局"),
    ("yjj", "星屿市应急管理局（示例）", "局"),
    ("wzx", "苇泽县（示例）", "县"),
    ("lqq", "岚桥区（示例）", "区"),
    ("zyxy", "星屿职业学院（示例）", "院校"),
    ("zwy", "星屿市植物园（示例）", "事业"),
    ("gwjt", "星屿港务集团（示例）", "企业"),
    ("stjt", "星屿水务投资集团（示例）", "企业"),
)

CHIEFS, DEPUTIES, RANK_ONLY = 70, 190, 40
WOMEN, NON_PARTY = 66, 18
YOUNGEST, MEDIAN, OLDEST = 36, 49, 59
SURNAMES = (
    "钟苏顾沈温江陆叶方傅罗夏程白梁谢邱余孟贺秦魏柳唐崔丁薛范韩卢蓝翁娄柏莫芮符管戚殷桂蒲凌辛祁乔麦宁裘柯"
)
GIVEN = (
    "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至", "小暑", "立秋", "处暑", "白露", "秋分",
    "寒露", "霜降", "立冬", "小雪", "冬至", "大寒", "半夏", "忍冬", "连翘", "青黛", "紫苏", "白芷", "南星", "佩兰",
    "茯苓", "石斛", "玉竹", "沉香", "桑葚", "杜若", "辛夷", "木槿", "芙蕖", "菖蒲", "蒹葭", "甘棠", "木樨", "山茶",
    "海棠", "凌霄", "扶芳", "苍耳", "当归", "景天", "泽漆", "云实",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A cadre of the city beyond the small demo; ``place`` chief, second, deputy or rank."""

    name: str
    unit: str
    kind: str
    place: str
    age: int
    sex: str
    party: str


def figures(seed: int) -> list[Figure]:
    """Everybody beyond the thirty of the small demo, so that the whole city has about three hundred."""
    random = Random(seed)
    places = _places()
    names = islice(_names(random), len(places))
    ages = [_age(random) for _ in places]
    women = set(random.sample(range(len(places)), WOMEN - len(cast.CADRES)))
    others = set(random.sample(range(len(places)), NON_PARTY - 1))
    return [
        Figure(
            name, code, kind, place, max(age, _least(place)), "女" if index in women else "男",
            "无党派人士" if index in others and place == "deputy" else "中共党员",
        )
        for index, (name, (code, kind, place), age) in enumerate(zip(names, places, ages, strict=True))
    ]  # fmt: skip


def _least(place: str) -> int:
    return YOUNGEST if place == "deputy" else YOUNGEST + 5


def _age(random: Random) -> int:
    """As many below the median as above it."""
    low, high = random.choice(((YOUNGEST, MEDIAN), (MEDIAN, OLDEST)))
    return random.randint(low, high)


def _places() -> list[tuple[str, str, str]]:
    """(unit, kind, place) for everybody to come: the small demo's chief and two deputies of ten units are there."""
    units = (*cast.UNITS, *UNITS)
    known = len(cast.UNITS)
    found: list[tuple[str, str, str]] = []
    for index, (code, _, kind) in enumerate(units):
        chiefs = 2 + (index < CHIEFS - 2 * len(units)) - (index < known)
        deputies = DEPUTIES // len(units) + (index < DEPUTIES % len(units)) - 2 * (index < known)
        ranked = RANK_ONLY // len(units) + (index < RANK_ONLY % len(units))
        places = ["chief"] * (index >= known) + ["second"] * (chiefs - (index >= known))
        places += ["deputy"] * deputies + ["rank"] * ranked
        found += [(code, kind, place) for place in places]
    return found


def _names(random: Random) -> list[str]:
    """Every surname with every given name in a mixed order, without those the small demo has."""
    taken = {name for trio in cast.CADRES for name in trio} | set(cast.COMMITTEE_MEMBERS)
    taken |= {one.name for one in cast.OFFICIALS}
    every = [surname + given for surname in SURNAMES for given in GIVEN if surname + given not in taken]
    random.shuffle(every)
    return every

"""The invented people and places of the demo: names from solar terms and plants, no real place, no real person."""

from dataclasses import dataclass

SINCE = (2021, 3, 1)

PROVINCE_COMMITTEE = "云汀省委（示例）"
PROVINCE_ORG_DEPT = "云汀省委组织部（示例）"
COMMITTEE = "中共星屿市委员会（示例）"
ORG_DEPT = "星屿市委组织部（示例）"
DISCIPLINE = "星屿市纪委监委（示例）"
OFFICE = "星屿市委办公室（示例）"
UNITED_FRONT = "星屿市委统战部（示例）"
SYSTEM = "再上系统管理中心（示例）"

UNITS = (
    ("fgj", "星屿市发展和改革局（示例）", "局"),
    ("jyj", "星屿市教育局（示例）", "局"),
    ("jtj", "星屿市交通运输局（示例）", "局"),
    ("nyj", "星屿市农业农村局（示例）", "局"),
    ("swj", "星屿市水务局（示例）", "局"),
    ("wlj", "星屿市文化和旅游局（示例）", "局"),
    ("scj", "星屿市市场监督管理局（示例）", "局"),
    ("tjj", "星屿市统计局（示例）", "局"),
    ("lyx", "澜屿县（示例）", "县"),
    ("qtq", "栖汀区（示例）", "区"),
)

# Three cadres a unit: the chief, two deputies. Names are plainly made up.
CADRES = (
    ("钟谷雨", "苏白露", "顾半夏"), ("沈惊蛰", "温霜降", "江木槿"), ("陆芒种", "叶小满", "方青黛"),
    ("傅清明", "罗寒露", "夏紫苏"), ("程立秋", "白南星", "梁杜若"), ("谢春分", "邱佩兰", "余连翘"),
    ("孟冬至", "贺茯苓", "秦石斛"), ("魏立夏", "柳白芷", "唐忍冬"), ("崔雨水", "丁玉竹", "薛半枝"),
    ("范大雪", "韩沉香", "卢桑葚"),
)  # fmt: skip

# Cadres with a log-in of their own 干部本人.
SUBJECTS = {"benren": ("苏白露", "fgj"), "benren2": ("温霜降", "jyj")}

COMMITTEE_MEMBERS = (
    "云望舒", "闻夏至", "纪扶桑", "言景行", "庄若木", "岑秋分", "穆远志", "安知秋", "阮合欢", "康小寒", "池菖蒲",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Official:
    """A person with a log-in: ``roles`` are (role, place), place by the code of an organisation."""

    login: str
    name: str
    post: str
    does: str
    roles: tuple[tuple[str, str], ...]


def _at(place: str, *roles: str) -> tuple[tuple[str, str], ...]:
    return tuple((role, place) for role in roles)


OFFICIALS = (
    Official(
        "ganbu1",
        "吴山奈",
        "组织部干部一科科长",
        "登记、研判、拟写调整建议、办理手续",
        _at("zzb", "cadre_section"),
    ),
    Official(
        "ganbu2",
        "何小雪",
        "组织部干部一科副科长",
        "与科长分工办理卷宗",
        _at("zzb", "cadre_section", "verification_team"),
    ),
    Official(
        "jiandu1",
        "蒋处暑",
        "组织部干部监督科科长",
        "日常监督、督办、核查公示反映",
        _at("zzb", "cadre_supervision"),
    ),
    Official(
        "jiandu2",
        "萧白薇",
        "组织部干部监督科干部",
        "核实、回访",
        _at("zzb", "cadre_supervision", "verification_team", "visitor"),
    ),
    Official(
        "heshi1",
        "段立春",
        "组织部核实组成员",
        "参加核实、考察、回访",
        _at("zzb", "verification_team", "examination_team", "visitor"),
    ),
    Official(
        "heshi2",
        "史大寒",
        "组织部核实组成员",
        "参加核实、考察、回访",
        _at("zzb", "verification_team", "examination_team", "visitor"),
    ),
    Official(
        "fubuzhang1",
        "常紫菀",
        "组织部分管副部长",
        "提出启动意见、核实认定、审批方案",
        _at("zzb", "org_dept_deputy_head", "dept_meeting_member"),
    ),
    Official(
        "fubuzhang2",
        "易决明",
        "组织部副部长",
        "上会前审核、任职谈话",
        _at("zzb", "org_dept_deputy_head", "dept_meeting_member"),
    ),
    Official("fubuzhang3", "尹木香", "组织部副部长", "部务会成员", _at("zzb", "dept_meeting_member")),
    Official("buwei1", "黎辛夷", "组织部部务委员", "部务会成员", _at("zzb", "dept_meeting_member")),
    Official("buwei2", "聂川芎", "组织部部务委员", "部务会成员", _at("zzb", "dept_meeting_member")),
    Official("buwei3", "祝苍术", "组织部部务委员", "部务会成员", _at("zzb", "dept_meeting_member")),
    Official(
        "jilu", "童远山", "组织部办公室主任", "召集会议、记录到会和表决", _at("zzb", "meeting_recorder")
    ),
    Official("gwyk", "左泽兰", "组织部公务员科科长", "职级、职数与编制", _at("zzb", "civil_servant_section")),
    Official("dangan", "毕秋葵", "组织部信息档案科科长", "档案审核、归档", _at("zzb", "archive_section")),
    Official("peiyang", "项莲房", "组织部干部教育培养科科长", "培养措施", _at("zzb", "assistance_section")),
    Official(
        "shensu", "古灯心", "公务员申诉公正委员会委员", "受理复核、申诉", _at("zzb", "appeal_committee")
    ),
    Official("jiwei", "骆知母", "市纪委监委分管负责人", "出具廉政意见", _at("jw", "discipline_organ")),
    Official(
        "chengban",
        "田黄芪",
        "市纪委监委监督检查室主任",
        "登记处分决定、回访受处分人员",
        _at("jw", "handling_dept", "visitor"),
    ),
    Official("shenli", "马槐序", "市纪委监委案件审理室主任", "处分执行、回访", _at("jw", "trial_dept")),
    Official("xinfang", "金丁香", "市纪委监委信访室主任", "信访举报核查", _at("jw", "petition_dept")),
    Official("anguan", "石菖阳", "市纪委监委案管室主任", "线索与处分台账", _at("jw", "case_mgmt")),
    Official(
        "shiweiban", "鲁梅雨", "市委办公室副主任", "常委会议题、会议记录", _at("sw", "committee_office")
    ),
    Official("fenguan", "闻夏至", "市委副书记", "分管意见", _at("sw", "in_charge_leader")),
    Official("tongzhan", "褚蒹葭", "市委统战部干部科科长", "党外干部意见", _at("sw", "united_front")),
    Official("renda", "单舟行", "市人大人事代表工委主任", "依法任免程序", _at("sw", "legal_formalities")),
    Official("shengzu", "郝星河", "省委组织部干部处处长", "上级审批与答复", _at("szzb", "superior_org_dept")),
    Official("liucheng", "屈画桥", "流程设计员", "设计和部署流程", _at("sys", "process_designer")),
    Official("liucheng2", "卓临摹", "流程设计员", "复核流程发布", _at("sys", "process_designer")),
    Official("shenji", "全明鉴", "审计员", "查阅办理记录、校验完整性", _at("sys", "auditor")),
    Official("xitong", "甘运行", "系统管理员", "系统运行、流程异常", _at("sys", "system_admin")),
    Official("duijie", "路接引", "外部任务程序", "领取和办结外部任务", _at("sys", "external_worker")),
    Official("anquan", "车守白", "安全保密管理员", "授权", _at("sys", "security_admin")),
    Official("anshen", "应持衡", "安全审计员", "审计管理", _at("sys", "audit_admin")),
    Official("anquan2", "闵慎行", "安全保密管理员", "复核授权", _at("sys", "security_admin")),
)

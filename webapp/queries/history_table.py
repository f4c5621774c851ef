"""The records found 办理记录 as lines of a table that leaves the house."""

from datetime import date, datetime

from webapp.domain.access import Actor, require_role
from webapp.domain.errors import Invalid
from webapp.domain.event import sentence_of
from webapp.domain.roles import AUDITING
from webapp.domain.workdays import BUSINESS_ZONE
from webapp.persistence.unit_of_work import Reads
from webapp.queries import history, records

HEADINGS = (
    "发生时间", "种类", "内容", "结果", "说明", "谁办的", "代录人", "卷宗编号", "记录卷", "序号", "校验码",
)  # fmt: skip


def rows(
    reads: Reads, actor: Actor, asked: history.Asked, *, day: date, most: int
) -> list[tuple[object, ...]]:
    """Every record of a search that the auditor may see, newest first; Invalid beyond ``most`` lines."""
    require_role(actor, *sorted(AUDITING), day=day)
    sought, problems = history.sought_of(reads, actor, asked, day)
    if problems:
        raise Invalid({one.field: one.sentence for one in problems})
    found = reads.fetch_all(sought.rows().limit(most + 1))
    if len(found) > most:
        raise Invalid({"rows": f"符合条件的记录超过{most}条，请按日期或卷宗缩小范围后分次导出。"})
    return [
        (
            _local(line.at),
            sentence_of(line.kind).removesuffix("。"),
            line.title,
            line.outcome,
            "；".join(line.lines),
            line.who,
            line.entered_by,
            line.case_no,
            row["stream"],
            line.seq,
            line.hash,
        )
        for row, line in zip(found, records.lines_of(reads, found), strict=True)
    ]


def _local(at: datetime) -> str:
    return at.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M:%S")

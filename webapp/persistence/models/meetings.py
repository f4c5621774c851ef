"""Meetings 会议, agenda items 议题, attendance, recusal 回避 and ballots 表决 (choice apart from participation)."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, false

from webapp.persistence.database import Instant, metadata, uuid_type

meeting = Table(
    "meeting",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("body", String(20), nullable=False),
    Column("committee_id", uuid_type(), ForeignKey("organisation.id"), nullable=False, index=True),
    Column("number", String(60), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("place", String(80)),
    Column("is_secret", Boolean, nullable=False, default=False),
    Column("status", String(20), nullable=False),
    Column("created_by", uuid_type(), nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
)

meeting_member = Table(
    "meeting_member",
    metadata,
    Column("meeting_id", uuid_type(), ForeignKey("meeting.id"), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("is_chair", Boolean, nullable=False, default=False),
    Column("presence", String(20), nullable=False),
    Column("position", Integer, nullable=False, default=0),
)

agenda_item = Table(
    "agenda_item",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("body", String(20), nullable=False),
    Column("committee_id", uuid_type(), ForeignKey("organisation.id"), nullable=False),
    Column("meeting_id", uuid_type(), ForeignKey("meeting.id"), index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), nullable=False, index=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False),
    Column("person_id", uuid_type(), ForeignKey("person.id"), nullable=False),
    Column("matter", String(60), nullable=False),
    Column("position", Integer),
    Column("status", String(20), nullable=False),
    Column("result", String(20)),
    Column("entitled", Integer),
    Column("present", Integer),
    Column("recused", Integer),
    Column("agree", Integer),
    Column("disagree", Integer),
    Column("defer", Integer),
    Column("abstain", Integer),
    Column("on_paper", Boolean, nullable=False, default=False),
    Column("filed_at", Instant, nullable=False),
    Column("decided_at", Instant),
    # 无记名: counts only, nobody's choice is kept beside a name.
    Column("is_secret", Boolean, nullable=False, default=False, server_default=false()),
    # The item this one takes up again: after 暂缓表决, or by 复议 with so many members in favour.
    Column("earlier_id", uuid_type()),
    Column("in_favour", Integer),
    Index("ix_agenda_item_waiting", "committee_id", "body", "status"),
)

item_recusal = Table(
    "item_recusal",
    metadata,
    Column("item_id", uuid_type(), ForeignKey("agenda_item.id"), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("reason", String(40), nullable=False),
    Column("entered_by", uuid_type(), nullable=False),
)

item_participation = Table(
    "item_participation",
    metadata,
    Column("item_id", uuid_type(), ForeignKey("agenda_item.id"), primary_key=True),
    Column("person_id", uuid_type(), ForeignKey("person.id"), primary_key=True),
    Column("voted_at", Instant, nullable=False),
    Column("entered_by", uuid_type(), nullable=False),
)

# In a secret ballot person_id stays empty: who took part is known, who chose what is not.
item_choice = Table(
    "item_choice",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("item_id", uuid_type(), ForeignKey("agenda_item.id"), nullable=False, index=True),
    Column("person_id", uuid_type(), ForeignKey("person.id")),
    Column("choice", String(20), nullable=False),
    Column("count", Integer, nullable=False, default=1),
)

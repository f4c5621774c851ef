"""Running instances 流程实例, tasks 任务, timers, messages and incidents 异常."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from webapp.persistence.database import Instant, Json, metadata, uuid_type

process_instance = Table(
    "process_instance",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("definition_id", uuid_type(), ForeignKey("definition.id"), nullable=False),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), index=True),
    # The chain its events go to: its case's, or its own where no case stands behind it.
    Column("stream", String(120), ForeignKey("stream.name"), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("state_digest", String(64), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("started_by", String(40), nullable=False),
    Column("ended_at", Instant),
    # 暂停办理 since; the clocks of the instance stand still until it goes on.
    Column("suspended_at", Instant),
)

# An instance begun by a call activity of another one 调用, which waits for it; the call is the engine's id.
process_call = Table(
    "process_call",
    metadata,
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), primary_key=True),
    Column("caller_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("call_id", uuid_type(), nullable=False, index=True),
    Column("element_id", String(120), nullable=False),
)

work_item = Table(
    "work_item",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), index=True),
    Column("process_key", String(80), nullable=False),
    Column("element_id", String(120), nullable=False),
    Column("name", String(120), nullable=False),
    Column("stage", String(40)),
    Column("form_key", String(120)),
    Column("status", String(20), nullable=False),
    Column("assignee_id", uuid_type()),
    Column("priority", Integer, nullable=False, default=50),
    Column("due_at", Instant),
    Column("follow_up_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("completed_by", uuid_type()),
    # The account for whom a substitute has claimed or done it 代理.
    Column("on_behalf_id", uuid_type()),
    Column("on_paper", Boolean, nullable=False, default=False),
    Column("locals", Json, nullable=False),
    # Held back until the talk is recorded: nothing reaches the cadre, the mentor or the unit before.
    Column("withheld", Boolean, nullable=False, default=False),
    # What the due day was counted from: 2026-08-31+P6M.
    Column("due_basis", String(40)),
    Index("ix_work_item_mine", "assignee_id", "due_at", "id", sqlite_where=text("status='open'"),
          postgresql_where=text("status='open'")),
    Index("ix_work_item_done", "completed_by", "closed_at", "id"),
)  # fmt: skip

# Only open tasks have rows here: the inbox index stays as small as the work that is there to do.
work_candidate = Table(
    "work_candidate",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("work_item_id", uuid_type(), ForeignKey("work_item.id"), nullable=False, index=True),
    Column("role", String(40)),
    Column("organisation_id", uuid_type()),
    Column("person_id", uuid_type()),
    Column("due_at", Instant),
    Index("ix_work_candidate_group", "organisation_id", "role", "due_at", "work_item_id"),
    Index("ix_work_candidate_person", "person_id", "due_at", "work_item_id"),
)

draft_value = Table(
    "draft_value",
    metadata,
    Column("work_item_id", uuid_type(), ForeignKey("work_item.id"), primary_key=True),
    Column("user_id", uuid_type(), primary_key=True),
    Column("field", String(200), primary_key=True),
    Column("ciphertext", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("key_id", String(40), nullable=False),
    Column("saved_at", Instant, nullable=False),
)

# Timers are rows of kind "timer" whose id is the engine's timer id.
job = Table(
    "job",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id")),
    Column("element_id", String(120)),
    Column("payload", Json, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("lease_owner", String(80)),
    Column("lease_until", Instant),
    Column("last_error", String(200)),
    Column("created_at", Instant, nullable=False),
    Index(
        "ix_job_leased",
        "lease_until",
        sqlite_where=text("status='leased'"),
        postgresql_where=text("status='leased'"),
    ),
    Index(
        "ix_job_due", "due_at", "id", sqlite_where=text("status='due'"), postgresql_where=text("status='due'")
    ),
)

# Work for programs outside 外部任务; its id is the engine's id of the call. A lock is a lease: real time, by expiry.
external_task = Table(
    "external_task",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id")),
    Column("process_key", String(80), nullable=False),
    Column("element_id", String(120), nullable=False),
    Column("topic", String(80), nullable=False),
    Column("status", String(20), nullable=False),
    Column("inputs", Json, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    # Who holds it: the program's own name, and the log-in it came with.
    Column("worker", String(80)),
    Column("held_by", uuid_type()),
    # While somebody holds it, until when; after a failure, from when on it may be fetched again.
    Column("locked_until", Instant),
    # None before the first failure; at 0 nobody gets it until a person has settled the incident.
    Column("retries", Integer),
    Column("error", String(400)),
    Index("ix_external_task_open", "topic", "opened_at", "id", sqlite_where=text("status='open'"),
          postgresql_where=text("status='open'")),
)  # fmt: skip

message_subscription = Table(
    "message_subscription",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), nullable=False, index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id")),
    Column("element_id", String(120), nullable=False),
    Column("message", String(80), nullable=False),
    Column("correlation", String(120)),
    Column("opened_at", Instant, nullable=False),
    Index("ix_message_subscription_key", "message", "correlation"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id")),
    Column("seq", Integer, nullable=False),
    Column("element_id", String(120), nullable=False),
    Column("case_id", uuid_type(), ForeignKey("case_file.id"), index=True),
    Column("message", String(80), nullable=False),
    Column("correlation", String(120)),
    Column("variables", Json, nullable=False),
    Column("effective_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("delivered_at", Instant),
    Column("delivered_to", uuid_type()),
    UniqueConstraint("instance_id", "seq", "element_id"),
    Index("ix_outbox_waiting", "effective_at", sqlite_where=text("status='waiting'"),
          postgresql_where=text("status='waiting'")),
)  # fmt: skip

incident = Table(
    "incident",
    metadata,
    Column("id", uuid_type(), primary_key=True),
    Column("instance_id", uuid_type(), ForeignKey("process_instance.id"), index=True),
    Column("case_id", uuid_type(), ForeignKey("case_file.id")),
    Column("job_id", uuid_type()),
    Column("element_id", String(120)),
    Column("code", String(60), nullable=False),
    Column("sentence", String(400), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", uuid_type()),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("actor_id", String(40), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("reply", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
)
